// QoS 1 and 2 as pure transitions, for both ends of a message's way (MQTT 5.0, section 4.3; the
// same in 3.1.1). A client and a broker are both: each is the sender of what it publishes and the
// receiver of what comes. Who keeps the states, and for which packet identifiers, is the caller's.
//
//            sender                                receiver
//   QoS 1    EXPECT_SENDING   -- PUBLISH -->       FREE: delivers
//            EXPECT_PUBACK   <-- PUBACK --         FREE
//            DONE
//   QoS 2    EXPECT_SENDING   -- PUBLISH -->       FREE: delivers
//            EXPECT_PUBREC   <-- PUBREC --         EXPECT_PUBREL
//            EXPECT_PUBCOMP   -- PUBREL -->        EXPECT_PUBREL: forgets the identifier
//            DONE            <-- PUBCOMP --        FREE
//
// A connection may break between any two of these arrows, and neither end knows how many of the
// last packets the other one still read. So what a message awaits belongs to the session and not to
// the connection: both ends keep it. At the next connection, if both still have the session, the
// sender sends again, in the old order, the last packet of each exchange that is not over
// (mqtt_flow_again): PUBLISH with DUP set and the same identifier [MQTT-3.3.1-1, MQTT-4.4.0-1], or
// PUBREL. The receiver sends nothing by itself; it answers what comes.
//
//   - QoS 1: if the PUBACK was lost, the PUBLISH comes twice. The receiver has kept nothing, so it
//     delivers twice: at least once.
//   - QoS 2, PUBLISH or PUBREC lost: the PUBLISH comes again. If the identifier awaits PUBREL it
//     was delivered before: it is answered and not delivered [MQTT-4.3.3-10].
//   - QoS 2, PUBREL or PUBCOMP lost: the PUBREL comes again. If the identifier is free, the first
//     one was read: it is answered all the same, in 5.0 with 0x92 [MQTT-4.3.3-11].
//   - The sender keeps the identifier until the last answer has come. So a new message is never
//     taken for an old one: that is what the third and fourth packet of QoS 2 are for.
//
// Within a connection nothing is ever sent again (5.0, section 4.4). A refusal, which only 5.0 has,
// ends the exchange at once: the receiver delivers nothing and keeps nothing.
#ifndef MQTT_FLOW_H
#define MQTT_FLOW_H

#include "mqtt/packet.h"

// ---- the sender's side ------------------------------------------------------------------------

// What a message awaits at the side that sends it.
enum mqtt_flow_state {
    MQTT_FLOW_EXPECT_SENDING, // it was never sent
    MQTT_FLOW_EXPECT_PUBACK,
    MQTT_FLOW_EXPECT_PUBREC,
    MQTT_FLOW_EXPECT_PUBCOMP,
    MQTT_FLOW_DONE, // or there is no message with this packet identifier
    MQTT_FLOW_STATES,
};

// How an answer fits the message whose identifier it has.
enum mqtt_flow_match {
    MQTT_FLOW_AWAITED,
    MQTT_FLOW_AGAIN,   // a PUBREC came before; the PUBREL may have been lost
    MQTT_FLOW_UNKNOWN, // no message has this identifier: allowed after a reconnection
    MQTT_FLOW_WRONG,   // an answer of another kind than the message awaits: a protocol error
};

struct mqtt_flow_step {
    enum mqtt_flow_state state; // from now on
    enum mqtt_flow_match match;
    uint8_t answer; // MQTT_PUBREL, or 0: nothing is to be sent
};

// The state after the PUBLISH was sent, for the first time or again; QoS 1 or 2.
enum mqtt_flow_state mqtt_flow_sent(unsigned qos);

// What a PUBACK, PUBREC or PUBCOMP does. `is_refusal`: its reason code is 0x80 or above.
struct mqtt_flow_step mqtt_flow_answered(enum mqtt_flow_state state, enum mqtt_type type,
                                         bool is_refusal);

// What is to be sent at the next connection of the session: MQTT_PUBLISH (with DUP unless it was
// never sent), MQTT_PUBREL, or 0: nothing.
uint8_t mqtt_flow_again(enum mqtt_flow_state state);

// ---- the receiver's side ----------------------------------------------------------------------

struct mqtt_flow_arrival {
    bool delivers;  // the message is new
    bool is_kept;   // the packet identifier awaits PUBREL from now on
    bool is_known;  // it did before
    uint8_t answer; // enum mqtt_type, or 0
    uint8_t reason; // of the answer, in 5.0
};

// A PUBLISH came; `awaits_pubrel`: its identifier does. The receiver of a QoS 2 message may still
// refuse it in its answer, and then does not keep the identifier.
struct mqtt_flow_arrival mqtt_flow_published(unsigned qos, bool awaits_pubrel);

// A PUBREL came.
struct mqtt_flow_arrival mqtt_flow_released(bool awaits_pubrel);

// ---- text -------------------------------------------------------------------------------------

// "awaits PUBACK" and so on.
const char *mqtt_flow_text(enum mqtt_flow_state state);

#endif
