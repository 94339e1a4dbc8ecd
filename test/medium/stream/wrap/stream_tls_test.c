// Streams over TLS: versions, certificates of both sides, reload, those that are no TLS.

#include "medium/stream/stream_pki.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct pki *pki;

static int make_pki(void **state) {
    (void)state;
    pki = pki_create("server 1");
    return 0;
}

static int remove_pki(void **state) {
    (void)state;
    pki_destroy(pki);
    return 0;
}

static struct stream_listener tls_listener(void) {
    return (struct stream_listener){.kind = STREAM_TLS,
                                    .host = "127.0.0.1",
                                    .certificate = pki->server,
                                    .key = pki->server_key,
                                    .handshake_ms = 60000};
}

static struct peer *connect_tls(const struct host *host, bool shows_certificate, int version) {
    SSL_CTX *context = pki_client(pki, shows_certificate, version);
    struct peer *peer = pki_connect(context, host->ports[0]);
    SSL_CTX_free(context);
    return peer;
}

static void echoes_over_tls(void **state) {
    (void)state;
    struct stream_listener listener = tls_listener();
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
    struct host *host = host_run(&listener, 1);
    for (unsigned i = 0; i < 2; i++) {
        struct peer *peer = connect_tls(host, false, versions[i]);
        assert_non_null(peer);
        assert_int_equal(SSL_version(peer->ssl), versions[i]);
        for (size_t size = 1; size <= 65536; size *= 4) {
            peer_echo(peer, size);
        }
        assert_string_equal(host->last_name, "");
        assert_int_equal(SSL_shutdown(peer->ssl), 0);
        peer_await_end(peer, true);
        host_await_closed(host, i + 1);
        pki_close(peer);
    }
    host_destroy(host);
}

static void echoes_on_several_threads(void **state) {
    (void)state;
    enum { PEERS = 6 };
    struct stream_listener listener = tls_listener();
    struct host *host = host_run(&listener, 3);
    struct peer *peers[PEERS];
    for (unsigned i = 0; i < PEERS; i++) {
        peers[i] = connect_tls(host, false, 0);
        assert_non_null(peers[i]);
    }
    for (unsigned round = 0; round < 10; round++) {
        for (unsigned i = 0; i < PEERS; i++) {
            peer_echo(peers[i], 5000);
        }
    }
    for (unsigned i = 0; i < PEERS; i += 2) {
        pki_close(peers[i]);
    }
    host_await_closed(host, PEERS / 2);
    host_destroy(host);
    for (unsigned i = 1; i < PEERS; i += 2) {
        pki_close(peers[i]);
    }
}

static void sends_all_to_a_slow_reader(void **state) {
    (void)state;
    enum { FLOOD = 32 << 20 };
    struct stream_listener listener = tls_listener();
    struct host *host = host_create(&listener, 1);
    host->mode = HOST_FLOOD;
    host->flood = FLOOD;
    host_start(host, false);
    struct peer *slow = connect_tls(host, false, 0);
    struct peer *other = connect_tls(host, false, 0);
    uint8_t *bytes = malloc(FLOOD);
    uint8_t *again = malloc(FLOOD);
    peer_write(slow, "x", 1);
    peer_write(other, "x", 1);
    peer_read(other, again, FLOOD);
    peer_await_end(other, true);
    // The slow one's backlog is what one turn gave, and what the kernel holds.
    pthread_mutex_lock(&host->lock);
    assert_true(host->sent < FLOOD + FLOOD / 2);
    pthread_mutex_unlock(&host->lock);
    peer_read(slow, bytes, FLOOD);
    peer_await_end(slow, true);
    assert_memory_equal(bytes, again, FLOOD);
    free(bytes);
    free(again);
    pki_close(slow);
    pki_close(other);
    host_destroy(host);
}

static void asks_for_certificates(void **state) {
    (void)state;
    struct stream_listener listener = tls_listener();
    listener.authority = pki->authority;
    struct host *host = host_run(&listener, 1);
    struct peer *known = connect_tls(host, true, 0);
    assert_non_null(known);
    peer_echo(known, 10);
    assert_string_equal(host->last_name, "device 7");
    assert_null(connect_tls(host, false, TLS1_2_VERSION));
    // With TLS 1.3 the client's handshake is done before the server has looked at it.
    struct peer *unknown = connect_tls(host, false, TLS1_3_VERSION);
    if (unknown != NULL) {
        peer_await_end(unknown, false);
        pki_close(unknown);
    }
    assert_int_equal(host->opened, 1);
    pki_close(known);
    host_destroy(host);
}

static void old_versions_are_refused(void **state) {
    (void)state;
    struct stream_listener listener = tls_listener();
    struct host *host = host_run(&listener, 1);
    assert_null(connect_tls(host, false, TLS1_1_VERSION));
    host_destroy(host);
    listener.tls_1_3_only = true;
    host = host_run(&listener, 1);
    assert_null(connect_tls(host, false, TLS1_2_VERSION));
    struct peer *peer = connect_tls(host, false, TLS1_3_VERSION);
    peer_echo(peer, 10);
    pki_close(peer);
    host_destroy(host);
}

static void handshakes_have_to_end(void **state) {
    (void)state;
    struct stream_listener listener = tls_listener();
    listener.handshake_ms = 100;
    struct host *host = host_run(&listener, 1);
    struct peer silent = {.fd = connect_port(host->ports[0])};
    struct peer half = {.fd = connect_port(host->ports[0])};
    struct peer *good = connect_tls(host, false, 0);
    assert_non_null(good);
    peer_write(&half, "\x16\x03\x01", 3);
    peer_await_end(&silent, false);
    peer_await_end(&half, false);
    peer_echo(good, 10); // its deadline is over
    assert_int_equal(host->opened, 1);
    peer_close(&silent);
    peer_close(&half);
    pki_close(good);
    host_destroy(host);
}

static void what_is_no_tls_is_closed(void **state) {
    (void)state;
    struct stream_listener listener = tls_listener();
    struct host *host = host_run(&listener, 1);
    struct peer peer = {.fd = connect_port(host->ports[0])};
    peer_write(&peer, "GET / HTTP/1.1\r\n\r\n", 18);
    char byte;
    while (read(peer.fd, &byte, 1) == 1) { // an alert may come first
    }
    assert_int_equal(host->opened, 0);
    peer_close(&peer);
    host_destroy(host);
}

static void reloads_certificates(void **state) {
    (void)state;
    char name[64];
    struct stream_listener listener = tls_listener();
    struct host *host = host_run(&listener, 3);
    struct peer *before = connect_tls(host, false, 0);
    pki_renew_server(pki, "server 2");
    host_do(host, HOST_RELOAD);
    assert_true(host->is_reloaded);
    struct peer *after = connect_tls(host, false, 0);
    pki_server_name(before, name);
    assert_string_equal(name, "server 1");
    pki_server_name(after, name);
    assert_string_equal(name, "server 2");
    peer_echo(before, 1000);
    peer_echo(after, 1000);
    support_write_file(pki->server_key, BYTES_LITERAL("no key"));
    host_do(host, HOST_RELOAD);
    assert_false(host->is_reloaded);
    assert_non_null(strstr(host->error.text, pki->server_key));
    struct peer *later = connect_tls(host, false, 0);
    pki_server_name(later, name);
    assert_string_equal(name, "server 2");
    pki_close(before);
    pki_close(after);
    pki_close(later);
    host_destroy(host);
    pki_renew_server(pki, "server 1");
}

static void says_what_is_wrong_with_files(void **state) {
    (void)state;
    struct stream_listener listener = tls_listener();
    listener.certificate = "/no/such/file";
    host_expect_error(&listener, "/no/such/file: the certificate cannot be read");
    listener.certificate = pki->server_key;
    host_expect_error(&listener, "no certificate in PEM");
    listener = tls_listener();
    listener.key = pki->client_key;
    host_expect_error(&listener, "that belongs to the certificate");
    listener.key = NULL;
    host_expect_error(&listener, "TLS needs the private key");
    listener = tls_listener();
    listener.authority = pki->server_key;
    host_expect_error(&listener, "no certificate in PEM");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(echoes_over_tls),
        cmocka_unit_test(echoes_on_several_threads),
        cmocka_unit_test(sends_all_to_a_slow_reader),
        cmocka_unit_test(asks_for_certificates),
        cmocka_unit_test(old_versions_are_refused),
        cmocka_unit_test(handshakes_have_to_end),
        cmocka_unit_test(what_is_no_tls_is_closed),
        cmocka_unit_test(reloads_certificates),
        cmocka_unit_test(says_what_is_wrong_with_files),
    };
    return cmocka_run_group_tests(tests, make_pki, remove_pki);
}
