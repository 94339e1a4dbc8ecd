#include "role/line/dispatch.h"

#include "support.h"

#include "cipher/classic.h"

#define SELF 7u
#define FRIEND 8u // who has a connection
#define STRANGER 9u
#define NOW 5

// What the dispatcher did, and what the role answers. The friend's packets are sealed by the suite
// `classic` with one key for both ends.
struct role {
    struct line_rule rules[PACKET_TYPES];
    struct role_port port;
    struct line_end end;
    struct connection connection;
    union cipher_key peer_key;
    bool answers;
    unsigned opened;
    unsigned unsealed;
    unsigned heard;
    unsigned unknown;
    unsigned sent;
    unsigned dropped;
    enum packet_fault fault;   // of the last one dropped
    enum packet_fault verdict; // of the handlers
    struct bytes element;      // the first one, as a handler saw it
};

static uint8_t seal_room[ROLE_SEAL_ROOM];
static uint8_t unseal_room[ROLE_UNSEAL_ROOM];

static enum packet_fault on_open(void *context, struct packet *packet, uint64_t now) {
    struct role *role = context;
    assert_int_equal(now, NOW);
    role->opened++;
    role->element = packet->element[0];
    return role->verdict;
}

static enum packet_fault on_sealed(void *context, struct connection *connection,
                                   struct packet *packet, uint64_t now) {
    struct role *role = context;
    assert_int_equal(now, NOW);
    assert_ptr_equal(connection, &role->connection);
    role->unsealed++;
    role->element = packet->element[0];
    return role->verdict;
}

static struct connection *find(void *context, uint32_t address) {
    struct role *role = context;
    return address == FRIEND ? &role->connection : NULL;
}

static void on_heard(void *context, struct connection *connection, uint64_t now) {
    struct role *role = context;
    assert_ptr_equal(connection, &role->connection);
    assert_int_equal(now, NOW);
    assert_int_equal(role->unsealed, 0); // before its handler
    role->heard++;
}

static void on_unknown(void *context, struct connection *connection) {
    struct role *role = context;
    assert_ptr_equal(connection, &role->connection);
    role->unknown++;
}

static bool answers(void *context, uint32_t address) {
    const struct role *role = context;
    assert_int_equal(address, STRANGER);
    return role->answers;
}

static bool on_send(void *context, const struct packet *packet) {
    struct role *role = context;
    assert_int_equal(packet->receiver, STRANGER);
    assert_int_equal(packet->type, PACKET_DISC);
    role->sent++;
    return true;
}

static void on_tell(void *context, const struct role_event *event) {
    struct role *role = context;
    assert_int_equal(event->kind, EVENT_DROPPED);
    assert_int_equal(event->self, SELF);
    role->dropped++;
    role->fault = event->fault;
}

// `publ` is sealed and needs two elements, `join` is open and needs one; the others are unexpected.
static void begin(struct role *role, struct memory *memory) {
    memory_init(memory);
    *role = (struct role){.answers = true};
    role->rules[PACKET_JOIN] = (struct line_rule){.open = on_open, .elements = 1};
    role->rules[PACKET_PUBL] = (struct line_rule){.sealed = on_sealed, .elements = 2};
    role->rules[PACKET_DISC] = (struct line_rule){.sealed = on_sealed};
    role->port = (struct role_port){.send = on_send,
                                    .tell = on_tell,
                                    .context = role,
                                    .memory = memory,
                                    .seal_room = seal_room,
                                    .unseal_room = unseal_room};
    role->end = (struct line_end){.rules = role->rules,
                                  .role = role,
                                  .port = &role->port,
                                  .self = SELF,
                                  .find = find,
                                  .heard = on_heard,
                                  .is_unknown = on_unknown,
                                  .answers = answers};
    const struct cipher_secret secret = {{3}};
    uint8_t room[CIPHER_PUBLIC_KEY_MAX];
    struct bytes text = bytes_make(room, cipher_classic.public_key(&secret, room));
    assert_true(cipher_classic.agree(&role->connection.key, memory, CIPHER_BROKER, &secret, text));
    assert_true(cipher_classic.agree(&role->peer_key, memory, CIPHER_CLIENT, &secret, text));
    role->connection.address = FRIEND;
    role->connection.suite = &cipher_classic;
}

static struct packet open_packet(enum packet_type type, unsigned elements) {
    struct packet packet = {.sender = FRIEND, .receiver = SELF, .type = type};
    for (unsigned i = 0; i < elements; i++) {
        packet_add(&packet, BYTES_LITERAL("x"));
    }
    packet.signature = packet_signature(&packet);
    return packet;
}

static struct packet sealed_packet(struct role *role, enum packet_type type, unsigned elements) {
    struct packet packet = open_packet(type, elements);
    assert_true(cipher_classic.seal(&role->peer_key, &packet, seal_room, ROLE_SEAL_ROOM));
    return packet;
}

static void dispatch(struct role *role, struct packet packet) {
    line_dispatch(&role->end, &packet, NOW);
}

static void assert_dropped(const struct role *role, enum packet_fault fault) {
    assert_int_equal(role->dropped, 1);
    assert_int_equal(role->fault, fault);
    assert_int_equal(role->opened + role->unsealed, 0);
}

// ---- tests ------------------------------------------------------------------------------------

static void packets_for_others_and_own_ones_are_ignored(void **state) {
    (void)state;
    for (unsigned type = 0; type < PACKET_TYPES; type++) {
        struct role role;
        struct memory memory;
        begin(&role, &memory);
        struct packet packet = open_packet((enum packet_type)type, 2);
        packet.receiver = FRIEND;
        dispatch(&role, packet);
        packet.receiver = PACKET_EVERYONE;
        packet.sender = SELF;
        dispatch(&role, packet);
        assert_int_equal(role.dropped + role.opened + role.unsealed + role.heard, 0);
    }
}

// Whatever a role's table has no row for: a type that is added leads to no NULL.
static void types_without_a_rule_are_unexpected(void **state) {
    (void)state;
    for (unsigned type = 0; type < PACKET_TYPES; type++) {
        struct role role;
        struct memory memory;
        begin(&role, &memory);
        memset(role.rules, 0, sizeof role.rules);
        dispatch(&role, open_packet((enum packet_type)type, 2));
        assert_dropped(&role, PACKET_FAULT_UNEXPECTED);
    }
}

static void open_packets_need_signature_and_elements(void **state) {
    (void)state;
    struct role role;
    struct memory memory;
    begin(&role, &memory);
    struct packet packet = open_packet(PACKET_JOIN, 1);
    packet.signature ^= 1;
    dispatch(&role, packet);
    assert_dropped(&role, PACKET_FAULT_SIGNATURE);
    begin(&role, &memory);
    dispatch(&role, open_packet(PACKET_JOIN, 0));
    assert_dropped(&role, PACKET_FAULT_MISSING);
    begin(&role, &memory);
    packet = open_packet(PACKET_JOIN, 1);
    packet.receiver = PACKET_EVERYONE;
    packet.sender = STRANGER;
    dispatch(&role, packet);
    assert_int_equal(role.opened, 1);
    assert_int_equal(role.dropped, 0);
}

static void sealed_packets_are_unsealed_and_heard(void **state) {
    (void)state;
    struct role role;
    struct memory memory;
    begin(&role, &memory);
    dispatch(&role, sealed_packet(&role, PACKET_PUBL, 2));
    assert_int_equal(role.unsealed, 1);
    assert_int_equal(role.heard, 1);
    assert_bytes_equal(role.element, BYTES_LITERAL("x"));
    begin(&role, &memory);
    dispatch(&role, sealed_packet(&role, PACKET_PUBL, 1)); // it is heard all the same
    assert_dropped(&role, PACKET_FAULT_MISSING);
    assert_int_equal(role.heard, 1);
    begin(&role, &memory);
    struct packet packet = sealed_packet(&role, PACKET_PUBL, 2);
    packet.signature ^= 1;
    dispatch(&role, packet);
    assert_int_equal(role.dropped, 1);
    assert_int_equal(role.heard + role.unsealed, 0);
}

static void a_sealed_packet_for_everyone_is_unexpected(void **state) {
    (void)state;
    struct role role;
    struct memory memory;
    begin(&role, &memory);
    struct packet packet = sealed_packet(&role, PACKET_PUBL, 2);
    packet.receiver = PACKET_EVERYONE;
    dispatch(&role, packet);
    assert_dropped(&role, PACKET_FAULT_UNEXPECTED);
}

static void what_a_handler_finds_is_told(void **state) {
    (void)state;
    struct role role;
    struct memory memory;
    begin(&role, &memory);
    role.verdict = PACKET_FAULT_CONTENT;
    dispatch(&role, sealed_packet(&role, PACKET_PUBL, 2));
    assert_int_equal(role.dropped, 1);
    assert_int_equal(role.fault, PACKET_FAULT_CONTENT);
}

static void strangers_are_told_that_there_is_no_connection(void **state) {
    (void)state;
    for (unsigned does_answer = 0; does_answer < 2; does_answer++) {
        struct role role;
        struct memory memory;
        begin(&role, &memory);
        role.answers = does_answer != 0;
        struct packet packet = sealed_packet(&role, PACKET_PUBL, 2);
        packet.sender = STRANGER;
        dispatch(&role, packet);
        assert_dropped(&role, PACKET_FAULT_NOT_CONNECTED);
        assert_int_equal(role.sent, does_answer);
    }
    struct role role;
    struct memory memory;
    begin(&role, &memory);
    struct packet packet = sealed_packet(&role, PACKET_DISC, 0);
    packet.sender = STRANGER;
    dispatch(&role, packet); // what it wants is so already
    assert_int_equal(role.dropped + role.sent + role.unsealed, 0);
}

static void a_peer_that_knows_of_no_connection_ends_it(void **state) {
    (void)state;
    struct role role;
    struct memory memory;
    begin(&role, &memory);
    struct packet packet = {.sender = FRIEND, .receiver = SELF, .type = PACKET_DISC};
    packet_add(&packet, BYTES_LITERAL("401"));
    packet.signature = packet_signature(&packet);
    assert_true(connection_is_unknown_to_peer(&packet));
    dispatch(&role, packet);
    assert_int_equal(role.unknown, 1);
    assert_int_equal(role.dropped + role.heard + role.unsealed, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_for_others_and_own_ones_are_ignored),
        cmocka_unit_test(types_without_a_rule_are_unexpected),
        cmocka_unit_test(open_packets_need_signature_and_elements),
        cmocka_unit_test(sealed_packets_are_unsealed_and_heard),
        cmocka_unit_test(a_sealed_packet_for_everyone_is_unexpected),
        cmocka_unit_test(what_a_handler_finds_is_told),
        cmocka_unit_test(strangers_are_told_that_there_is_no_connection),
        cmocka_unit_test(a_peer_that_knows_of_no_connection_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
