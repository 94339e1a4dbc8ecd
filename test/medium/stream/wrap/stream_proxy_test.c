#include "support.h"

#include <arpa/inet.h>

#include "medium/stream/wrap/stream_proxy.h"

#define BLOCK "\r\n\r\n\0\r\nQUIT\n" // what version 2 begins with
#define TCP_4 "\x21\x11\x00\x0c\xc0\x00\x02\x01\xc0\x00\x02\x02\xcf\xdb\x07\x5b"

// However a header is cut on its way, it is taken, and what follows it is left.
static struct stream_proxy take_all(struct bytes text, size_t piece, size_t *left) {
    struct stream_proxy proxy = {0};
    *left = 0;
    for (size_t at = 0; at < text.size && proxy.state == STREAM_PROXY_HEADER; at += piece) {
        size_t size = text.size - at < piece ? text.size - at : piece;
        struct bytes bytes = bytes_make(text.data + at, size);
        (void)stream_proxy_take(&proxy, &bytes);
        *left = text.size - at - size + bytes.size;
    }
    return proxy;
}

static struct stream_proxy take(struct bytes text, size_t *left) {
    struct stream_proxy whole = take_all(text, text.size + 1, left);
    for (size_t piece = 1; piece < 40; piece++) {
        size_t own_left;
        struct stream_proxy proxy = take_all(text, piece, &own_left);
        assert_int_equal(proxy.state, whole.state);
        assert_ptr_equal(proxy.fault, whole.fault);
        assert_memory_equal(&proxy.address, &whole.address, sizeof proxy.address);
        assert_true(own_left == *left || whole.state != STREAM_PROXY_DONE);
    }
    return whole;
}

static void assert_names(struct bytes text, size_t behind, const char *address, unsigned port) {
    char found[INET6_ADDRSTRLEN] = "none";
    unsigned found_port = 0;
    size_t left;
    struct stream_proxy proxy = take(text, &left);
    assert_int_equal(proxy.state, STREAM_PROXY_DONE);
    assert_null(proxy.fault);
    assert_int_equal(left, behind);
    const struct sockaddr_in *four = (const struct sockaddr_in *)&proxy.address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&proxy.address;
    if (proxy.names_address && proxy.address.ss_family == AF_INET) {
        inet_ntop(AF_INET, &four->sin_addr, found, sizeof found);
        found_port = ntohs(four->sin_port);
    } else if (proxy.names_address) {
        inet_ntop(AF_INET6, &six->sin6_addr, found, sizeof found);
        found_port = ntohs(six->sin6_port);
    }
    assert_string_equal(found, address);
    assert_int_equal(found_port, port);
}

static void assert_fails(struct bytes text, const char *why) {
    size_t left;
    struct stream_proxy proxy = take(text, &left);
    assert_int_equal(proxy.state, STREAM_PROXY_FAILED);
    assert_string_equal(proxy.fault, why);
    assert_false(proxy.names_address);
}

static void a_line_names_an_address(void **state) {
    (void)state;
    assert_names(BYTES_LITERAL("PROXY TCP4 192.0.2.1 192.0.2.2 53211 1883\r\nrest"), 4, "192.0.2.1",
                 53211);
    assert_names(BYTES_LITERAL("PROXY TCP6 2001:db8::1 ::1 0 65535\r\n"), 0, "2001:db8::1", 0);
    assert_names(BYTES_LITERAL("PROXY UNKNOWN\r\n\x10"), 1, "none", 0);
    assert_names(BYTES_LITERAL("PROXY UNKNOWN ffff::1 anything at all\r\n"), 0, "none", 0);
}

static void a_wrong_line_is_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "PROXY \r\n",
        "PROXY TCP4\r\n",
        "PROXY TCP5 192.0.2.1 192.0.2.2 53211 1883\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 53211\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 53211 1883 \r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 53211 65536\r\n",
        "PROXY TCP4  192.0.2.1 192.0.2.2 53211 1883\r\n",
        "PROXY TCP4 2001:db8::1 ::1 1 2\r\n",
        "PROXY TCP6 192.0.2.1 192.0.2.2 53211 1883\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 53211 1883\n",
        "PROXY TCP4 192.0.2.256 192.0.2.2 53211 1883\r\n",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_fails(bytes_of_text(wrong[i]), "its PROXY header of version 1 is malformed");
    }
    char line[STREAM_PROXY_LINE_MAX + 2] = "PROXY UNKNOWN ";
    memset(line + 14, 'x', STREAM_PROXY_LINE_MAX - 14);
    assert_fails(bytes_make(line, STREAM_PROXY_LINE_MAX),
                 "its PROXY header of version 1 is longer than 107 bytes");
    line[STREAM_PROXY_LINE_MAX - 2] = '\r';
    line[STREAM_PROXY_LINE_MAX - 1] = '\n';
    assert_names(bytes_make(line, STREAM_PROXY_LINE_MAX), 0, "none", 0);
}

static void a_block_names_an_address(void **state) {
    (void)state;
    assert_names(BYTES_LITERAL(BLOCK TCP_4 "rest"), 4, "192.0.2.1", 53211);
    assert_names(BYTES_LITERAL(BLOCK "\x21\x21\x00\x24"
                                     " \x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"
                                     "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"
                                     "\x00\x50\x07\x5b"),
                 0, "2001:db8::1", 80);
    // TLVs behind the address are skipped.
    assert_names(BYTES_LITERAL(BLOCK "\x21\x11\x00\x12\xc0\x00\x02\x01\xc0\x00\x02\x02\xcf\xdb\x07"
                                     "\x5b\x04\x00\x03\x01\x02\x03\x10"),
                 1, "192.0.2.1", 53211);
    // A question after our health; no address; datagrams; Unix sockets.
    assert_names(BYTES_LITERAL(BLOCK "\x20\x00\x00\x00"), 0, "none", 0);
    assert_names(BYTES_LITERAL(BLOCK "\x20\x99\x00\x02??"), 0, "none", 0);
    // Proxies ask by themselves, and name an address all the same: it is no client's.
    assert_names(BYTES_LITERAL(BLOCK "\x20\x11\x00\x0c\xc0\x00\x02\x01\xc0\x00\x02\x02"
                                     "\xcf\xdb\x07\x5b"),
                 0, "none", 0);
    assert_names(BYTES_LITERAL(BLOCK "\x20\x21\x00\x24"
                                     " \x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"
                                     "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"
                                     "\x00\x50\x07\x5b"),
                 0, "none", 0);
    assert_names(BYTES_LITERAL(BLOCK "\x21\x00\x00\x03???"), 0, "none", 0);
    assert_names(BYTES_LITERAL(BLOCK "\x21\x12\x00\x0c............"), 0, "none", 0);
    uint8_t of_unix[16 + 216] = BLOCK "\x21\x31\x00\xd8";
    assert_names(bytes_make(of_unix, sizeof of_unix), 0, "none", 0);
}

static void a_wrong_block_is_refused(void **state) {
    (void)state;
    static const char unknown[] = "its PROXY header is of an unknown version or command";
    assert_fails(BYTES_LITERAL(BLOCK "\x11\x11\x00\x0c"), unknown);
    assert_fails(BYTES_LITERAL(BLOCK "\x22\x11\x00\x0c"), unknown);
    assert_fails(BYTES_LITERAL(BLOCK "\x21\x41\x00\x0c"),
                 "its PROXY header names an unknown family of addresses");
    assert_fails(BYTES_LITERAL(BLOCK "\x21\x11\x00\x0b"),
                 "its PROXY header is too short for its addresses");
    assert_fails(BYTES_LITERAL(BLOCK "\x21\x11\x0f\xf1"),
                 "its PROXY header is longer than 4096 bytes");
    assert_fails(BYTES_LITERAL("\r\n\r\n\0\r\nQUIT "), "it begins with no PROXY header");
    assert_fails(BYTES_LITERAL("\x10\x0c\x00\x04MQTT"), "it begins with no PROXY header");
    assert_fails(BYTES_LITERAL("PROXI TCP4"), "it begins with no PROXY header");
}

static bool is_trusted(const char *sources, int family, const char *address) {
    struct stream_proxy_sources read;
    struct sockaddr_storage from = {.ss_family = (sa_family_t)family};
    assert_true(stream_proxy_sources_read(sources, &read));
    assert_true(stream_proxy_is_wanted(&read));
    if (family == AF_INET) {
        assert_int_equal(inet_pton(family, address, &((struct sockaddr_in *)&from)->sin_addr), 1);
    } else if (family == AF_INET6) {
        assert_int_equal(inet_pton(family, address, &((struct sockaddr_in6 *)&from)->sin6_addr), 1);
    }
    return stream_proxy_sources_have(&read, &from);
}

static void sources_are_addresses_and_networks(void **state) {
    (void)state;
    assert_true(is_trusted("127.0.0.1", AF_INET, "127.0.0.1"));
    assert_false(is_trusted("127.0.0.1", AF_INET, "127.0.0.2"));
    assert_true(is_trusted("127.0.0.1", AF_INET6, "::ffff:127.0.0.1")); // at a socket of both
    assert_true(is_trusted("::1+10.0.0.0/8", AF_INET, "10.255.0.1"));
    assert_false(is_trusted("::1+10.0.0.0/8", AF_INET, "11.0.0.1"));
    assert_true(is_trusted("192.168.4.0/22", AF_INET, "192.168.7.255"));
    assert_false(is_trusted("192.168.4.0/22", AF_INET, "192.168.8.0"));
    assert_true(is_trusted("0.0.0.0/0", AF_INET, "203.0.113.9"));
    assert_false(is_trusted("0.0.0.0/0", AF_INET6, "2001:db8::1"));
    assert_true(is_trusted("fd00::/9", AF_INET6, "fd7f::1"));
    assert_false(is_trusted("fd00::/9", AF_INET6, "fd80::1"));
    assert_true(is_trusted("unix", AF_UNIX, NULL));
    assert_false(is_trusted("::/0", AF_UNIX, NULL));
    static const char *const wrong[] = {
        "",          "+",           "::1+",
        "localhost", "10.0.0.0/",   "10.0.0.0/33",
        "::/129",    "10.0.0.0/-1", "1::2::3",
        "Unix",      "1+1",         "0::0000000000000000000000000000000000000000000000000000000"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct stream_proxy_sources read;
        assert_false(stream_proxy_sources_read(wrong[i], &read));
    }
    char many[4 * STREAM_PROXY_SOURCES_MAX + 4] = "::1";
    for (int i = 0; i < STREAM_PROXY_SOURCES_MAX; i++) {
        memcpy(many + 3 + 4 * (size_t)i, "+::1", sizeof "+::1");
    }
    struct stream_proxy_sources read;
    assert_false(stream_proxy_sources_read(many, &read));
    assert_true(stream_proxy_sources_read(many + 4, &read));
}

// Behind the addresses: ALPN, the checksum, and a TLV without a value.
#define SUMMED "\x21\x11\x00\x1d\xc0\x00\x02\x07\xc0\x00\x02\x01\x10\x92\x07\x5b"
#define BEFORE_SUM "\x01\x00\x04mqtt\x03\x00\x04"

static void a_checksum_has_to_be_right(void **state) {
    (void)state;
    static const char wrong[] = "the checksum of its PROXY header is wrong";
    assert_names(BYTES_LITERAL(BLOCK SUMMED BEFORE_SUM "\xf1\x0c\xd4\xe8\x04\x00\x00"), 0,
                 "192.0.2.7", 4242);
    assert_fails(BYTES_LITERAL(BLOCK SUMMED BEFORE_SUM "\xf1\x0c\xd4\xe9\x04\x00\x00"), wrong);
    // An address that was altered on the way.
    assert_fails(BYTES_LITERAL(BLOCK "\x21\x11\x00\x1d\xc0\x00\x02\x08\xc0\x00\x02\x01\x10\x92"
                                     "\x07\x5b" BEFORE_SUM "\xf1\x0c\xd4\xe8\x04\x00\x00"),
                 wrong);
    assert_names(BYTES_LITERAL(BLOCK "\x20\x00\x00\x07\x03\x00\x04\xa9\xb8\x7e\x8f"
                                     "rest"),
                 4, "none", 0);
    // One of two bytes, one that is cut off, and one twice are none.
    assert_fails(BYTES_LITERAL(BLOCK "\x20\x00\x00\x05\x03\x00\x02\xa9\xb8"), wrong);
    assert_fails(BYTES_LITERAL(BLOCK "\x20\x00\x00\x05\x03\x00\x04\xa9\xb8"), wrong);
    assert_fails(BYTES_LITERAL(BLOCK "\x20\x00\x00\x0e\x03\x00\x04\xa9\xb8\x7e\x8f\x03\x00\x04"
                                     "\xa9\xb8\x7e\x8f"),
                 wrong);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_names_an_address),
        cmocka_unit_test(a_wrong_line_is_refused),
        cmocka_unit_test(a_block_names_an_address),
        cmocka_unit_test(a_wrong_block_is_refused),
        cmocka_unit_test(sources_are_addresses_and_networks),
        cmocka_unit_test(a_checksum_has_to_be_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
