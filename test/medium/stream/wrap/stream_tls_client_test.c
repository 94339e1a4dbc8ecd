// The client's end of TLS in memory, with a server of OpenSSL's: keys that both sides know, and the
// protocol that is asked for.
#include "support.h"

#include "medium/stream/wrap/stream_tls.h"

#include <openssl/err.h>

static struct memory memory;
static const uint8_t key[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
static char identity_seen[64];
static char protocol_seen[64];

static unsigned know_key(SSL *ssl, const char *identity, unsigned char *out, unsigned room) {
    (void)ssl;
    assert_true(room >= sizeof key);
    (void)snprintf(identity_seen, sizeof identity_seen, "%s", identity);
    memcpy(out, key, sizeof key);
    return sizeof key;
}

static int choose(SSL *ssl, const unsigned char **out, unsigned char *size,
                  const unsigned char *offered, unsigned offered_size, void *context) {
    (void)ssl;
    (void)context;
    assert_true(offered_size == 1u + offered[0]);
    (void)snprintf(protocol_seen, sizeof protocol_seen, "%.*s", (int)offered[0],
                   (const char *)offered + 1);
    *out = offered + 1;
    *size = offered[0];
    return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *serve(int version) {
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_psk_server_callback(context, know_key);
    SSL_CTX_set_alpn_select_cb(context, choose, NULL);
    assert_int_equal(SSL_CTX_set_min_proto_version(context, version), 1);
    assert_int_equal(SSL_CTX_set_max_proto_version(context, version), 1);
    assert_int_equal(SSL_CTX_set_cipher_list(context, "PSK"), 1);
    return context;
}

// Hands bytes to and fro until the client is open or has failed.
static enum stream_tls_state shake(const struct stream_tls_trust *trust, int version) {
    struct stream_server_error error;
    struct buffer plain;
    struct buffer out;
    SSL_CTX *served = serve(version);
    SSL *server = SSL_new(served);
    SSL_set_bio(server, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(server);
    SSL_CTX *context = stream_tls_open_trust(trust, &error);
    assert_non_null(context);
    memory_init(&memory);
    buffer_init(&plain, &memory);
    buffer_init(&out, &memory);
    struct stream_tls *tls = stream_tls_connect(context, "localhost", &memory);
    enum stream_tls_state state = stream_tls_take(tls, bytes_make(NULL, 0), &plain, &out);
    for (int turn = 0; turn < 8 && state == STREAM_TLS_HANDSHAKE; turn++) {
        uint8_t bytes[16384];
        (void)BIO_write(SSL_get_rbio(server), out.data, (int)out.size);
        out.size = 0;
        (void)SSL_do_handshake(server);
        int size = BIO_read(SSL_get_wbio(server), bytes, sizeof bytes);
        if (size > 0) {
            state = stream_tls_take(tls, bytes_make(bytes, (size_t)size), &plain, &out);
        }
    }
    stream_tls_destroy(tls, &memory);
    buffer_deinit(&plain);
    buffer_deinit(&out);
    assert_int_equal(memory.blocks_in_use, 0);
    SSL_CTX_free(context);
    SSL_free(server);
    SSL_CTX_free(served);
    ERR_clear_error();
    return state;
}

static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

static void a_known_key_takes_the_place_of_certificates(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        identity_seen[0] = '\0';
        const struct stream_tls_trust trust = {.psk_identity = "ada",
                                               .psk = bytes_make(key, sizeof key)};
        assert_int_equal(shake(&trust, versions[i]), STREAM_TLS_OPEN);
        assert_string_equal(identity_seen, "ada");
    }
}

static void another_key_or_none_opens_nothing(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        const struct stream_tls_trust wrong = {.psk_identity = "ada",
                                               .psk = bytes_make(key, sizeof key - 1)};
        const struct stream_tls_trust none = {0};
        assert_int_not_equal(shake(&wrong, versions[i]), STREAM_TLS_OPEN);
        assert_int_not_equal(shake(&none, versions[i]), STREAM_TLS_OPEN);
    }
}

static void the_protocol_is_asked_for(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        protocol_seen[0] = '\0';
        const struct stream_tls_trust trust = {
            .psk_identity = "ada", .psk = bytes_make(key, sizeof key), .alpn = "x-amzn-mqtt-ca"};
        assert_int_equal(shake(&trust, versions[i]), STREAM_TLS_OPEN);
        assert_string_equal(protocol_seen, "x-amzn-mqtt-ca");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_key_takes_the_place_of_certificates),
        cmocka_unit_test(another_key_or_none_opens_nothing),
        cmocka_unit_test(the_protocol_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
