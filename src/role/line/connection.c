#include "role/line/connection.h"

#include "base/assert.h"

struct cipher_secret connection_secret(const struct cipher_secret *seed, uint64_t number,
                                       const struct cipher_suite *suite) {
    // The toy suite gives its secret away, so it never shares one with the real one.
    return cipher_derive_secret(seed, 2 * number + (suite->pre_key ? 0 : 1));
}

struct cipher_secret connection_secret_for(const struct cipher_secret *seed, uint64_t number,
                                           struct suite_key public_key) {
    const struct cipher_suite *suite = public_key.suite;
    struct cipher_secret secret = connection_secret(seed, number, suite);
    return suite->choose == NULL ? secret : suite->choose(&secret, public_key.text);
}

bool connection_agree(struct connection *connection, struct suite_key public_key,
                      enum cipher_side side, const struct cipher_secret *seed,
                      struct memory *memory) {
    ASSERT(connection->suite == NULL);
    const struct cipher_suite *suite = public_key.suite;
    uint64_t number = connection->secret_number;
    struct cipher_secret secret = side == CIPHER_BROKER
                                      ? connection_secret_for(seed, number, public_key)
                                      : connection_secret(seed, number, suite);
    union cipher_key key = {0};
    if (!suite->agree(&key, memory, side, &secret, public_key.text)) {
        return false;
    }
    connection->key = key;
    connection->suite = suite;
    return true;
}

void connection_forget_key(struct connection *connection, struct memory *memory) {
    if (connection->suite != NULL) {
        connection->suite->forget(&connection->key, memory);
        connection->suite = NULL;
    }
}

bool connection_send(struct connection *connection, const struct role_port *port,
                     struct packet *packet) {
    return connection->suite->seal(&connection->key, packet, port->seal_room, ROLE_SEAL_ROOM) &&
           port->send(port->context, packet);
}

enum packet_fault connection_check_unsealed(const struct packet *packet) {
    return packet->signature == packet_signature(packet) ? PACKET_OK : PACKET_FAULT_SIGNATURE;
}

void connection_answer_stranger(const struct role_port *port, uint32_t self, uint32_t stranger) {
    char text[STATUS_TEXT_SIZE];
    struct packet packet = {.sender = self, .receiver = stranger, .type = PACKET_DISC};
    packet_add(&packet, status_write(STATUS_UNAUTHORIZED, text));
    packet.signature = packet_signature(&packet);
    (void)port->send(port->context, &packet); // far shorter than a line
}

bool connection_is_unknown_to_peer(const struct packet *packet) {
    return packet->type == PACKET_DISC && packet->element_count > 0 &&
           status_read(packet->element[0]) == STATUS_UNAUTHORIZED &&
           connection_check_unsealed(packet) == PACKET_OK;
}

unsigned connection_disc_status(const struct packet *packet) {
    return packet->element_count > 0 ? status_read(packet->element[0]) : STATUS_NONE;
}

void connection_send_disc(struct connection *connection, const struct role_port *port,
                          uint32_t self, enum status_code status) {
    char text[STATUS_TEXT_SIZE];
    struct packet packet = {.sender = self, .receiver = connection->address, .type = PACKET_DISC};
    if (status != STATUS_NONE) {
        packet_add(&packet, status_write(status, text));
    }
    (void)connection_send(connection, port, &packet); // far shorter than a line
}
