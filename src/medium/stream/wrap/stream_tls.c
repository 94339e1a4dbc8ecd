#include "medium/stream/wrap/stream_tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "medium/stream/stream_error.h"

#define READ_BYTES 16384u // of one record

struct stream_tls {
    SSL *ssl;
    BIO_METHOD *method;
    struct bytes in; // of the present call, as `out` is
    struct buffer *out;
    enum stream_tls_state state;
};

// ---- files ----------------------------------------------------------------------------------

static bool fail(struct stream_server_error *error, const char *path, const char *what) {
    const char *reason = ERR_reason_error_string(ERR_peek_error());
    (void)stream_error_set(error, "%s: %s%s%s", path, what, reason == NULL ? "" : ": ",
                           reason == NULL ? "" : reason);
    ERR_clear_error();
    return false;
}

static bool is_readable(const char *path, const char *what, struct stream_server_error *error) {
    if (path == NULL) {
        return stream_error_set(error, "TLS needs %s: name its file", what);
    }
    return access(path, R_OK) == 0 ||
           stream_error_set(error, "%s: %s cannot be read: %s; name a PEM file that it may read",
                            path, what, strerror(errno));
}

// Nobody is there to type one.
static int no_passphrase(char *room, int size, int writing, void *context) {
    (void)room;
    (void)size;
    (void)writing;
    (void)context;
    return 0;
}

static bool load_own(SSL_CTX *context, const struct stream_listener *how,
                     struct stream_server_error *error) {
    if (!is_readable(how->certificate, "the certificate", error) ||
        !is_readable(how->key, "the private key", error)) {
        return false;
    }
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context, how->certificate) != 1) {
        return fail(error, how->certificate, "no certificate in PEM");
    }
    SSL_CTX_set_default_passwd_cb(context, no_passphrase);
    if (SSL_CTX_use_PrivateKey_file(context, how->key, SSL_FILETYPE_PEM) != 1) {
        return fail(error, how->key,
                    "no private key in PEM without a passphrase that belongs to the certificate");
    }
    return true;
}

static bool load_authority(SSL_CTX *context, const struct stream_listener *how,
                           struct stream_server_error *error) {
    if (how->authority == NULL) {
        return true;
    }
    if (!is_readable(how->authority, "the authority's certificate", error)) {
        return false;
    }
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(how->authority);
    if (names == NULL || SSL_CTX_load_verify_file(context, how->authority) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        return fail(error, how->authority, "no certificate in PEM");
    }
    SSL_CTX_set_client_CA_list(context, names);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return true;
}

// A client whose authority has no list there, or one that is out of date, is not let in.
static bool load_revoked(SSL_CTX *context, const struct stream_listener *how,
                         struct stream_server_error *error) {
    if (how->revoked == NULL) {
        return true;
    }
    if (!is_readable(how->revoked, "the list of revoked certificates", error)) {
        return false;
    }
    X509_STORE *store = SSL_CTX_get_cert_store(context);
    X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
    if (lookup == NULL || X509_load_crl_file(lookup, how->revoked, X509_FILETYPE_PEM) < 1) {
        return fail(error, how->revoked, "no list of revoked certificates (CRL) in PEM");
    }
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
    return true;
}

SSL_CTX *stream_tls_open_context(const struct stream_listener *how,
                                 struct stream_server_error *error) {
    static const unsigned char session_context[] = "mqtt";
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    ASSERT(context != NULL);
    SSL_CTX_set_min_proto_version(context, how->tls_1_3_only ? TLS1_3_VERSION : TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_id_context(context, session_context, sizeof session_context - 1);
    if (load_own(context, how, error) && load_authority(context, how, error) &&
        load_revoked(context, how, error)) {
        return context;
    }
    SSL_CTX_free(context);
    return NULL;
}

// ---- files of a client ------------------------------------------------------------------------

static bool trust(SSL_CTX *context, const struct stream_tls_trust *how,
                  struct stream_server_error *error) {
    ERR_clear_error();
    if (how->authority == NULL) {
        (void)SSL_CTX_set_default_verify_paths(context);
    } else if (!is_readable(how->authority, "the authority's certificate", error)) {
        return false;
    } else if (SSL_CTX_load_verify_file(context, how->authority) != 1) {
        return fail(error, how->authority, "no certificate in PEM");
    }
    SSL_CTX_set_verify(context, how->is_insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
    return true;
}

static unsigned give_psk(SSL *ssl, const char *hint, char *identity, unsigned identity_room,
                         unsigned char *key, unsigned key_room) {
    (void)hint;
    const struct stream_tls_trust *how = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    size_t size = strlen(how->psk_identity);
    if (size >= identity_room || how->psk.size > key_room) {
        return 0;
    }
    memcpy(identity, how->psk_identity, size + 1);
    memcpy(key, how->psk.data, how->psk.size);
    return (unsigned)how->psk.size;
}

// A server that answers with a certificate all the same has to be trusted by it.
static void use_psk(SSL_CTX *context, const struct stream_tls_trust *how) {
    if (how->psk_identity != NULL) {
        (void)SSL_CTX_set_app_data(context, (void *)how);
        SSL_CTX_set_psk_client_callback(context, give_psk);
        (void)SSL_CTX_set_cipher_list(context, "PSK");
    }
}

static void ask_for_protocol(SSL_CTX *context, const char *name) {
    char text[1 + UINT8_MAX + 1]; // its length, and a name
    size_t size = name == NULL ? 0 : strlen(name);
    ASSERT(size <= UINT8_MAX);
    if (size > 0) {
        (void)snprintf(text, sizeof text, "%c%s", (int)size, name);
        (void)SSL_CTX_set_alpn_protos(context, (const uint8_t *)text, (unsigned)size + 1);
    }
}

SSL_CTX *stream_tls_open_trust(const struct stream_tls_trust *how,
                               struct stream_server_error *error) {
    const struct stream_listener own = {.certificate = how->certificate, .key = how->key};
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    ASSERT(context != NULL);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    use_psk(context, how);
    ask_for_protocol(context, how->alpn);
    bool has_own = how->certificate != NULL || how->key != NULL;
    if (trust(context, how, error) && (!has_own || load_own(context, &own, error))) {
        return context;
    }
    SSL_CTX_free(context);
    return NULL;
}

// ---- what OpenSSL reads and writes -----------------------------------------------------------

static int read_cipher(BIO *bio, char *bytes, int size) {
    struct stream_tls *tls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (tls->in.size == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t take = tls->in.size < (size_t)size ? tls->in.size : (size_t)size;
    memcpy(bytes, tls->in.data, take);
    tls->in = bytes_make(tls->in.data + take, tls->in.size - take);
    return (int)take;
}

static int write_cipher(BIO *bio, const char *bytes, int size) {
    struct stream_tls *tls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    buffer_append(tls->out, bytes_make(bytes, (size_t)size));
    return size;
}

static long control(BIO *bio, int command, long number, void *pointer) {
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static BIO_METHOD *make_method(void) {
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "stream");
    ASSERT(method != NULL);
    BIO_meth_set_read(method, read_cipher);
    BIO_meth_set_write(method, write_cipher);
    BIO_meth_set_ctrl(method, control);
    return method;
}

// ---- its life -------------------------------------------------------------------------------

struct stream_tls *stream_tls_create(SSL_CTX *context, struct memory *memory) {
    struct stream_tls *tls = memory_allocate(memory, sizeof *tls);
    tls->ssl = SSL_new(context);
    tls->method = make_method();
    BIO *bio = BIO_new(tls->method);
    ASSERT(tls->ssl != NULL && bio != NULL);
    BIO_set_data(bio, tls);
    BIO_set_init(bio, 1);
    SSL_set_bio(tls->ssl, bio, bio);
    SSL_set_accept_state(tls->ssl);
    return tls;
}

// A name is told to the server, which may serve several; an address is not (RFC 6066, section 3).
struct stream_tls *stream_tls_connect(SSL_CTX *context, const char *host, struct memory *memory) {
    struct stream_tls *tls = stream_tls_create(context, memory);
    SSL_set_connect_state(tls->ssl);
    X509_VERIFY_PARAM *parameters = SSL_get0_param(tls->ssl);
    if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host) != 1) {
        (void)SSL_set1_host(tls->ssl, host);
        (void)SSL_set_tlsext_host_name(tls->ssl, host);
    }
    ERR_clear_error();
    return tls;
}

const char *stream_tls_distrust(const struct stream_tls *tls) {
    long result = SSL_get_verify_result(tls->ssl);
    return result == X509_V_OK ? NULL : X509_verify_cert_error_string(result);
}

void stream_tls_destroy(struct stream_tls *tls, struct memory *memory) {
    SSL_free(tls->ssl);
    BIO_meth_free(tls->method);
    memory_free(memory, tls, sizeof *tls);
}

static enum stream_tls_state note_result(struct stream_tls *tls, int result) {
    switch (SSL_get_error(tls->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        break;
    case SSL_ERROR_ZERO_RETURN:
        tls->state = STREAM_TLS_ENDED;
        break;
    default:
        tls->state = STREAM_TLS_FAILED;
    }
    return tls->state;
}

static enum stream_tls_state shake_hands(struct stream_tls *tls) {
    int result = SSL_do_handshake(tls->ssl);
    if (result != 1) {
        return note_result(tls, result);
    }
    tls->state = STREAM_TLS_OPEN;
    return tls->state;
}

static enum stream_tls_state read_plain(struct stream_tls *tls, struct buffer *plain) {
    for (;;) {
        uint8_t *room = buffer_reserve(plain, READ_BYTES);
        int result = SSL_read(tls->ssl, room, READ_BYTES);
        if (result <= 0) {
            return note_result(tls, result);
        }
        plain->size += (size_t)result;
    }
}

enum stream_tls_state stream_tls_take(struct stream_tls *tls, struct bytes cipher,
                                      struct buffer *plain, struct buffer *out) {
    tls->in = cipher;
    tls->out = out;
    ERR_clear_error();
    if (tls->state == STREAM_TLS_HANDSHAKE) {
        shake_hands(tls);
    }
    if (tls->state == STREAM_TLS_OPEN) {
        read_plain(tls, plain);
    }
    ERR_clear_error();
    return tls->state;
}

bool stream_tls_put(struct stream_tls *tls, struct bytes plain, struct buffer *out) {
    size_t written = 0;
    tls->in = bytes_make(NULL, 0);
    tls->out = out;
    ERR_clear_error();
    return plain.size == 0 || SSL_write_ex(tls->ssl, plain.data, plain.size, &written) == 1;
}

void stream_tls_end(struct stream_tls *tls, struct buffer *out) {
    tls->in = bytes_make(NULL, 0);
    tls->out = out;
    ERR_clear_error();
    if (tls->state == STREAM_TLS_OPEN || tls->state == STREAM_TLS_ENDED) {
        (void)SSL_shutdown(tls->ssl);
    }
    ERR_clear_error();
}

X509 *stream_tls_certificate(const struct stream_tls *tls) {
    return SSL_get0_peer_certificate(tls->ssl);
}

bool stream_tls_common_name(const X509 *certificate, struct buffer *name) {
    const X509_NAME *subject = X509_get_subject_name(certificate);
    int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    uint8_t *text = NULL;
    int size = at < 0 ? -1
                      : ASN1_STRING_to_UTF8(
                            &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    bool is_good = size > 0 && size <= STREAM_TLS_NAME_MAX;
    if (is_good) {
        buffer_append(name, bytes_make(text, (size_t)size));
    }
    OPENSSL_free(text);
    return is_good;
}

bool stream_tls_subject(const X509 *certificate, struct buffer *name) {
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    ASSERT(bio != NULL);
    (void)X509_NAME_print_ex(bio, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
    long size = BIO_get_mem_data(bio, &text);
    bool is_good = size > 0 && size <= STREAM_TLS_NAME_MAX;
    if (is_good) {
        buffer_append(name, bytes_make(text, (size_t)size));
    }
    BIO_free(bio);
    return is_good;
}

static bool lists(X509_CRL *list, const X509 *certificate) {
    X509_REVOKED *revoked = NULL;
    return X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_issuer_name(certificate)) == 0 &&
           X509_CRL_get0_by_serial(list, &revoked, X509_get0_serialNumber(certificate)) == 1;
}

bool stream_tls_revokes(SSL_CTX *context, const X509 *certificate) {
    const STACK_OF(X509_OBJECT) *all = X509_STORE_get0_objects(SSL_CTX_get_cert_store(context));
    bool is_listed = false;
    for (int i = 0; i < sk_X509_OBJECT_num(all) && !is_listed; i++) {
        X509_CRL *list = X509_OBJECT_get0_X509_CRL(sk_X509_OBJECT_value(all, i));
        is_listed = list != NULL && lists(list, certificate);
    }
    return is_listed;
}
