#include "role/line/dispatch.h"

#include "base/assert.h"

static enum packet_fault receive_open(const struct line_end *end, struct packet *packet,
                                      uint64_t now) {
    const struct line_rule *rule = &end->rules[packet->type];
    enum packet_fault fault = connection_check_unsealed(packet);
    if (fault == PACKET_OK && packet->element_count < rule->elements) {
        fault = PACKET_FAULT_MISSING;
    }
    return fault != PACKET_OK ? fault : rule->open(end->role, packet, now);
}

static enum packet_fault receive_from_stranger(const struct line_end *end,
                                               const struct packet *packet) {
    if (packet->type == PACKET_DISC) {
        return PACKET_OK; // what it wants is so already
    }
    if (end->answers(end->role, packet->sender)) {
        connection_answer_stranger(end->port, end->self, packet->sender);
    }
    return PACKET_FAULT_NOT_CONNECTED;
}

static enum packet_fault receive_sealed(const struct line_end *end, struct packet *packet,
                                        uint64_t now) {
    struct connection *connection = end->find(end->role, packet->sender);
    if (connection == NULL) {
        return receive_from_stranger(end, packet);
    }
    ASSERT(connection->suite != NULL); // an open one has agreed on a key
    if (connection_is_unknown_to_peer(packet)) {
        end->is_unknown(end->role, connection);
        return PACKET_OK;
    }
    enum packet_fault fault =
        connection->suite->unseal(&connection->key, packet, end->port->unseal_room);
    if (fault != PACKET_OK) {
        return fault;
    }
    end->heard(end->role, connection, now);
    const struct line_rule *rule = &end->rules[packet->type];
    return packet->element_count < rule->elements
               ? PACKET_FAULT_MISSING
               : rule->sealed(end->role, connection, packet, now);
}

void line_dispatch(const struct line_end *end, struct packet *packet, uint64_t now) {
    ASSERT(packet->type < PACKET_TYPES); // the codec knows no others
    bool for_all = packet->receiver == PACKET_EVERYONE;
    if (packet->sender == end->self || (packet->receiver != end->self && !for_all)) {
        return;
    }
    const struct line_rule *rule = &end->rules[packet->type];
    enum packet_fault fault = PACKET_FAULT_UNEXPECTED;
    if (rule->open != NULL) {
        fault = receive_open(end, packet, now);
    } else if (rule->sealed != NULL && !for_all) {
        fault = receive_sealed(end, packet, now);
    }
    if (fault != PACKET_OK) {
        role_tell_drop(end->port, end->self, packet, fault);
    }
}
