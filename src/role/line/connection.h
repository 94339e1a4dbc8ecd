// What both ends of a connection share: its record, its key, and packets sealed with it.
#ifndef ROLE_LINE_CONNECTION_H
#define ROLE_LINE_CONNECTION_H

#include "cipher/cipher.h"
#include "role/port.h"
#include "role/line/status.h"

// Which suites a device agrees to.
enum suite_policy {
    SUITE_CLASSIC,
    SUITE_SODIUM,
    SUITE_ANY,
};

// Between a client and a broker, at either end. It begins with a request, with a secret of ours;
// once both sides have agreed on a suite there is a key in its place. It ends by a status that
// is not STATUS_OK, and may be asked for again.
struct connection {
    uint32_t address;                 // of the other device
    uint16_t status_code;             // STATUS_NONE until answered, STATUS_OK while it is open
    uint8_t attempt;                  // the client's: creqs sent
    const struct cipher_suite *suite; // NULL until agreed on
    union {
        uint64_t secret_number; // while there is no suite: from which our secrets are derived
        union cipher_key key;   // when there is one
    };
    uint64_t time_stamp; // when the status was set
    uint64_t last_heard;
    uint64_t last_ping; // when the last one was received; 0: none was
};

// Our secret for a connection and suite. `number` is never used twice with a seed.
struct cipher_secret connection_secret(const struct cipher_secret *seed, uint64_t number,
                                       const struct cipher_suite *suite);

// A public key of the other side.
struct suite_key {
    const struct cipher_suite *suite;
    struct bytes text;
};

// The broker's secret, which is picked when it knows the client's public key.
struct cipher_secret connection_secret_for(const struct cipher_secret *seed, uint64_t number,
                                           struct suite_key public_key);

// Agrees on the key from the other side's public key, with the secret of the connection, which has
// no suite yet. False: that is no public key, and the connection is as it was.
bool connection_agree(struct connection *connection, struct suite_key public_key,
                      enum cipher_side side, const struct cipher_secret *seed,
                      struct memory *memory);
void connection_forget_key(struct connection *connection, struct memory *memory);

// Seals and sends {type, elements}. False: it is too long for a line.
bool connection_send(struct connection *connection, const struct role_port *port,
                     struct packet *packet);

// Whether an unsealed packet bears its signature.
enum packet_fault connection_check_unsealed(const struct packet *packet)
    __attribute__((warn_unused_result));

// "I know of no connection with you": what is answered to a sealed packet of a stranger. It cannot
// be sealed, since there is no key. Whoever can write to the network can forge it, as they can
// forge a `left`; it can end a connection, never open one.
void connection_answer_stranger(const struct role_port *port, uint32_t self, uint32_t stranger);
bool connection_is_unknown_to_peer(const struct packet *packet);

// The status in a disc that was unsealed, or STATUS_NONE.
unsigned connection_disc_status(const struct packet *packet);
void connection_send_disc(struct connection *connection, const struct role_port *port,
                          uint32_t self, enum status_code status);

#endif
