#include "support.h"

#include <stdlib.h>

#include "packet/packet.h"

static uint8_t scratch[PACKET_LINE_MAX];
static uint8_t line[PACKET_LINE_MAX + 16];

static enum packet_fault parse_text(struct packet *packet, const char *text) {
    return packet_parse(packet, bytes_of_text(text), scratch);
}

static struct packet make(enum packet_type type, unsigned count, const struct bytes *elements) {
    struct packet packet = {.time_stamp = 1795435622, .sender = 83, .receiver = 580, .type = type};
    for (unsigned i = 0; i < count; i++) {
        packet_add(&packet, elements[i]);
    }
    packet.signature = packet_signature(&packet);
    return packet;
}

// The lines of docs/protocol.md, which the programs of 2020 wrote.
static void parses_and_formats_the_lines_of_the_first_programs(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint32_t sender, receiver;
        enum packet_type type;
        const char *element[2];
        uint16_t signature;
    } golden[] = {
        {"1795435622\t83\t0\tjoin\t-broker-\t816\t", 83, 0, PACKET_JOIN, {"broker"}, 816},
        {"1795435625\t580\t83\tcreq\t-6210-\t400\t", 580, 83, PACKET_CREQ, {"6210"}, 400},
        {"1795435625\t83\t580\tcres\t-200-1954-\t600\t",
         83,
         580,
         PACKET_CRES,
         {"200", "1954"},
         600},
        {"1795435627\t580\t83\tsreq\t-cT\\_-\t928\t", 580, 83, PACKET_SREQ, {"cT\\_"}, 928},
        {"1795435630\t580\t83\tping\t-\t1\t", 580, 83, PACKET_PING, {NULL}, 1},
    };
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        struct packet packet;
        assert_int_equal(parse_text(&packet, golden[i].text), PACKET_OK);
        assert_int_equal(packet.sender, golden[i].sender);
        assert_int_equal(packet.receiver, golden[i].receiver);
        assert_int_equal(packet.type, golden[i].type);
        assert_int_equal(packet.signature, golden[i].signature);
        unsigned count = 0;
        for (; count < 2 && golden[i].element[count] != NULL; count++) {
            assert_bytes_equal(packet.element[count], bytes_of_text(golden[i].element[count]));
        }
        assert_int_equal(packet.element_count, count);
        size_t size = packet_format(&packet, line, sizeof line);
        assert_int_equal(line[size - 1], '\n');
        assert_bytes_equal(bytes_make(line, size - 1), bytes_of_text(golden[i].text));
    }
}

// Of any size, one byte after the other.
static void signatures_of_all_sizes_equal_a_product(void **state) {
    (void)state;
    uint64_t seed = 9;
    uint8_t bytes[64];
    for (size_t size = 0; size < sizeof bytes; size++) {
        uint32_t product = 1;
        for (size_t i = 0; i < size; i++) {
            bytes[i] = (uint8_t)(support_random(&seed) % 127 * 2 + 1); // odd: seldom 0 in the end
            product = product * bytes[i] % 1000;
        }
        struct packet packet = {0};
        packet_add(&packet, bytes_make(bytes, size));
        assert_int_equal(packet_signature(&packet), product);
    }
}

static void signature_is_the_product_of_all_bytes_modulo_1000(void **state) {
    (void)state;
    static const struct {
        const char *element[2];
        uint16_t signature;
    } golden[] = {
        {{"broker"}, 816}, {{"client"}, 600},
        {{"6210"}, 400},   {{"200", "1954"}, 600},
        {{"temp"}, 928},   {{"temp", "21.500000"}, 400},
        {{NULL}, 1},
    };
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        struct packet packet = {0};
        for (unsigned k = 0; k < 2 && golden[i].element[k] != NULL; k++) {
            packet_add(&packet, bytes_of_text(golden[i].element[k]));
        }
        assert_int_equal(packet_signature(&packet), golden[i].signature);
    }
}

static void the_escaped_form_carries_any_byte(void **state) {
    (void)state;
    struct bytes elements[] = {BYTES_LITERAL("a-b"), BYTES_LITERAL("\t\n\0 %\x7f"),
                               BYTES_LITERAL("gr\xc3\xbc\xc3\x9f"), BYTES_LITERAL("")};
    struct packet packet = make(PACKET_PUBL, 4, elements);
    size_t size = packet_format(&packet, line, sizeof line);
    const char *payload = "%-a%2Db-%09%0A%00%20%25%7F-gr%C3%BC%C3%9F--";
    assert_non_null(memmem(line, size, payload, strlen(payload)));
    struct packet again;
    assert_int_equal(packet_parse(&again, bytes_make(line, size - 1), scratch), PACKET_OK);
    assert_int_equal(again.element_count, 4);
    for (unsigned i = 0; i < 4; i++) {
        assert_bytes_equal(again.element[i], elements[i]);
    }
}

static void a_percent_or_delete_alone_keeps_the_plain_form(void **state) {
    (void)state;
    struct bytes elements[] = {BYTES_LITERAL("100%"), BYTES_LITERAL("\x7f")};
    struct packet packet = make(PACKET_PUBL, 2, elements);
    size_t size = packet_format(&packet, line, sizeof line);
    assert_non_null(memmem(line, size, "\t-100%-\x7f-\t", 10));
    struct packet again;
    assert_int_equal(packet_parse(&again, bytes_make(line, size - 1), scratch), PACKET_OK);
    assert_bytes_equal(again.element[0], elements[0]);
}

static void empty_lists_and_empty_elements_differ(void **state) {
    (void)state;
    struct packet packet;
    assert_int_equal(parse_text(&packet, "1\t2\t3\tping\t-\t1\t"), PACKET_OK);
    assert_int_equal(packet.element_count, 0);
    assert_int_equal(parse_text(&packet, "1\t2\t3\tping\t--\t1\t"), PACKET_OK);
    assert_int_equal(packet.element_count, 1);
    assert_int_equal(packet.element[0].size, 0);
    assert_int_equal(parse_text(&packet, "1\t2\t3\tping\t%-\t1\t"), PACKET_OK);
    assert_int_equal(packet.element_count, 0);
    assert_int_equal(parse_text(&packet, "1\t2\t3\tping\t%--%20-\t1\t"), PACKET_OK);
    assert_int_equal(packet.element_count, 2);
}

static void every_malformed_line_has_its_reason(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum packet_fault fault;
    } cases[] = {
        {"", PACKET_FAULT_FIELDS},
        {"garbage", PACKET_FAULT_TIME_STAMP},
        {"1", PACKET_FAULT_FIELDS},
        {"1\t2\t3\tping\t-", PACKET_FAULT_FIELDS},
        {"1\t2\t3\tping\t-\t1", PACKET_FAULT_FIELDS},
        {"1\t2\t3\tping\t-\t1\t\t", PACKET_FAULT_FIELDS},
        {"1\t2\t3\tping\t-\t1\tx", PACKET_FAULT_FIELDS},
        {"1\t2\t3\tping", PACKET_FAULT_FIELDS},
        {"x\t2\t3\tping\t-\t1\t", PACKET_FAULT_TIME_STAMP},
        {"\t2\t3\tping\t-\t1\t", PACKET_FAULT_TIME_STAMP},
        {"-1\t2\t3\tping\t-\t1\t", PACKET_FAULT_TIME_STAMP},
        {"99999999999999999999\t2\t3\tping\t-\t1\t", PACKET_FAULT_TIME_STAMP},
        {"1\t0\t3\tping\t-\t1\t", PACKET_FAULT_SENDER},
        {"1\t4294967000\t3\tping\t-\t1\t", PACKET_FAULT_SENDER},
        {"1\t2 \t3\tping\t-\t1\t", PACKET_FAULT_SENDER},
        {"1\t2\t4294967296\tping\t-\t1\t", PACKET_FAULT_RECEIVER},
        {"1\t2\t3\tpong\t-\t1\t", PACKET_FAULT_TYPE},
        {"1\t2\t3\tpingg\t-\t1\t", PACKET_FAULT_TYPE},
        {"1\t2\t3\tPING\t-\t1\t", PACKET_FAULT_TYPE},
        {"1\t2\t3\tpubl\t\t1\t", PACKET_FAULT_PAYLOAD},
        {"1\t2\t3\tpubl\ta-b-\t1\t", PACKET_FAULT_PAYLOAD},
        {"1\t2\t3\tpubl\t-a-b\t1\t", PACKET_FAULT_PAYLOAD},
        {"1\t2\t3\tpubl\t%a-\t1\t", PACKET_FAULT_PAYLOAD},
        {"1\t2\t3\tpubl\t%\t1\t", PACKET_FAULT_PAYLOAD},
        {"1\t2\t3\tpubl\t-a\x1f-\t1\t", PACKET_FAULT_BYTE},
        {"1\t2\t3\tpubl\t-\xc3\xbc-\t1\t", PACKET_FAULT_BYTE},
        {"1\t2\t3\tpubl\t%-a b-\t1\t", PACKET_FAULT_BYTE},
        {"1\t2\t3\tpubl\t%-\x7f-\t1\t", PACKET_FAULT_BYTE},
        {"1\t2\t3\tpubl\t%-%4-\t1\t", PACKET_FAULT_ESCAPE},
        {"1\t2\t3\tpubl\t%-%GG-\t1\t", PACKET_FAULT_ESCAPE},
        {"1\t2\t3\tpubl\t%-%-\t1\t", PACKET_FAULT_ESCAPE},
        {"1\t2\t3\tpubl\t-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16-17-\t1\t", PACKET_FAULT_ELEMENTS},
        {"1\t2\t3\tping\t-\t1000\t", PACKET_FAULT_SIGNATURE_FIELD},
        {"1\t2\t3\tping\t-\t\t", PACKET_FAULT_SIGNATURE_FIELD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct packet packet;
        enum packet_fault fault = parse_text(&packet, cases[i].text);
        if (fault != cases[i].fault) {
            print_error("\"%s\" is %s, should be %s\n", cases[i].text, packet_fault_name(fault),
                        packet_fault_name(cases[i].fault));
        }
        assert_int_equal(fault, cases[i].fault);
    }
}

static void every_fault_has_a_name_and_a_text(void **state) {
    (void)state;
    for (int i = 0; i < PACKET_FAULTS; i++) {
        assert_non_null(packet_fault_name((enum packet_fault)i));
        assert_non_null(packet_fault_text((enum packet_fault)i));
    }
}

static void a_line_of_exactly_64_kib_passes_and_one_more_byte_does_not(void **state) {
    (void)state;
    uint8_t *value = malloc(PACKET_LINE_MAX);
    memset(value, 'v', PACKET_LINE_MAX);
    struct packet packet = make(PACKET_PUBL, 0, NULL);
    size_t rest = packet_format(&packet, line, sizeof line) + 1; // the '-' behind the element
    packet_add(&packet, bytes_make(value, PACKET_LINE_MAX - rest));
    packet.signature = 1;
    assert_int_equal(packet_format(&packet, line, sizeof line), PACKET_LINE_MAX);
    struct packet again;
    assert_int_equal(packet_parse(&again, bytes_make(line, PACKET_LINE_MAX - 1), scratch),
                     PACKET_OK);
    packet.element[0].size++;
    assert_int_equal(packet_format(&packet, line, sizeof line), 0);
    assert_int_equal(packet_parse(&again, bytes_make(line, PACKET_LINE_MAX), scratch),
                     PACKET_FAULT_TOO_LONG);
    packet.element[0].size = 10;
    assert_int_equal(packet_format(&packet, line, 20), 0);
    free(value);
}

static void addresses_join_gate_and_local_part(void **state) {
    (void)state;
    assert_int_equal(packet_address_global(7, 83), 7083);
    assert_int_equal(packet_address_gate(7083), 7);
    assert_int_equal(packet_address_local(7083), 83);
    assert_int_equal(packet_address_global(PACKET_GATE_MAX, PACKET_LOCAL_MAX), PACKET_ADDRESS_MAX);
    assert_int_equal(packet_address_gate(999), 0);
}

// Payloads are looked at eight bytes at a time: each byte has to be seen at each place.
static void every_byte_is_judged_at_every_place_of_a_payload(void **state) {
    (void)state;
    char text[] = "1\t2\t3\tpubl\t-aaaaaaaaaaaaaaaaaaaaaaa-\t1\t";
    char *first = strchr(text, 'a');
    for (size_t place = 0; place < 23; place++) {
        for (unsigned byte = 1; byte < 256; byte++) {
            first[place] = (char)byte;
            bool legal = byte >= ' ' && byte <= 127; // a blank is read, and written escaped
            struct packet packet;
            enum packet_fault fault = parse_text(&packet, text);
            assert_int_equal(legal, fault == PACKET_OK);
            assert_true(!legal || packet.element_count == (byte == '-' ? 2 : 1));

            packet = make(PACKET_PUBL, 1, &(struct bytes){(uint8_t *)first, 23});
            size_t size = packet_format(&packet, line, sizeof line);
            bool is_plain = memmem(line, size, "\t%-", 3) == NULL;
            assert_int_equal(is_plain, legal && byte != '-' && byte != ' ');
        }
        first[place] = 'a';
    }
}

// Whatever its size, and wherever the byte stands.
static void one_dash_makes_an_element_escaped(void **state) {
    (void)state;
    char text[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    for (size_t size = 0; size < sizeof text; size++) {
        struct packet packet =
            make(PACKET_PUBL, 1, &(struct bytes){.data = (uint8_t *)text, .size = size});
        size_t plain = packet_line_size(&packet);
        for (size_t place = 0; place < size; place++) {
            text[place] = '-';
            assert_int_equal(packet_line_size(&packet), plain + 3); // %, and 2D for -
            text[place] = 'a';
        }
    }
}

// Four small letters, by which its lines are parsed.
static void every_type_has_a_name_of_its_own(void **state) {
    (void)state;
    for (unsigned type = 0; type < PACKET_TYPES; type++) {
        struct bytes name = bytes_of_text(packet_type_name((enum packet_type)type));
        assert_int_equal(name.size, 4);
        for (size_t i = 0; i < name.size; i++) {
            assert_in_range(name.data[i], 'a', 'z');
        }
        for (unsigned other = 0; other < type; other++) {
            assert_false(
                bytes_equal(name, bytes_of_text(packet_type_name((enum packet_type)other))));
        }
    }
}

// Any packet that can be formatted is parsed to the same packet.
static void parse_undoes_format_for_random_packets(void **state) {
    (void)state;
    uint64_t seed = 1;
    uint8_t bytes[PACKET_ELEMENTS_MAX][40];
    for (int round = 0; round < 20000; round++) {
        uint64_t start = seed;
        struct packet packet = {.time_stamp = support_random(&seed),
                                .sender = 1 + (uint32_t)(support_random(&seed) % 1000000),
                                .receiver = (uint32_t)(support_random(&seed) % 1000000),
                                .type = (enum packet_type)(support_random(&seed) % PACKET_TYPES),
                                .signature = (uint16_t)(support_random(&seed) % 1000)};
        unsigned count = (unsigned)(support_random(&seed) % (PACKET_ELEMENTS_MAX + 1));
        bool tame = support_random(&seed) % 2 == 0;
        for (unsigned i = 0; i < count; i++) {
            size_t size = support_random(&seed) % sizeof bytes[i];
            for (size_t k = 0; k < size; k++) {
                uint8_t byte = (uint8_t)support_random(&seed);
                bytes[i][k] = tame ? (uint8_t)(33 + byte % 95) : byte;
            }
            packet_add(&packet, bytes_make(bytes[i], size));
        }
        size_t size = packet_format(&packet, line, sizeof line);
        assert_int_equal(packet_line_size(&packet), size);
        struct packet again;
        enum packet_fault fault = packet_parse(&again, bytes_make(line, size - 1), scratch);
        bool same = fault == PACKET_OK && again.time_stamp == packet.time_stamp &&
                    again.sender == packet.sender && again.receiver == packet.receiver &&
                    again.type == packet.type && again.signature == packet.signature &&
                    again.element_count == packet.element_count;
        for (unsigned i = 0; same && i < count; i++) {
            same = bytes_equal(again.element[i], packet.element[i]);
        }
        if (!same) {
            print_error("seed %llu: %.*s", (unsigned long long)start, (int)size, line);
        }
        assert_true(same);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_and_formats_the_lines_of_the_first_programs),
        cmocka_unit_test(signature_is_the_product_of_all_bytes_modulo_1000),
        cmocka_unit_test(signatures_of_all_sizes_equal_a_product),
        cmocka_unit_test(the_escaped_form_carries_any_byte),
        cmocka_unit_test(a_percent_or_delete_alone_keeps_the_plain_form),
        cmocka_unit_test(empty_lists_and_empty_elements_differ),
        cmocka_unit_test(every_malformed_line_has_its_reason),
        cmocka_unit_test(every_fault_has_a_name_and_a_text),
        cmocka_unit_test(a_line_of_exactly_64_kib_passes_and_one_more_byte_does_not),
        cmocka_unit_test(addresses_join_gate_and_local_part),
        cmocka_unit_test(every_byte_is_judged_at_every_place_of_a_payload),
        cmocka_unit_test(one_dash_makes_an_element_escaped),
        cmocka_unit_test(every_type_has_a_name_of_its_own),
        cmocka_unit_test(parse_undoes_format_for_random_packets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
