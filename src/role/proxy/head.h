// The start of an MQTT packet as a proxy needs it: what it is, how long, and what rules of faults
// ask for. Read in place, from the front of a stream, as soon as enough of it is there.
//
// A proxy is no judge: what is odd but can be told apart passes on. Only where a packet's end
// cannot be known, or its first one is no CONNECT, the stream is foreign: another protocol.
#ifndef ROLE_PROXY_HEAD_H
#define ROLE_PROXY_HEAD_H

#include "mqtt/packet.h"

// So much of a packet is waited for to read its head. A CONNECT that is longer is foreign; of a
// PUBLISH that has a longer head the topic is not known.
#define PROXY_HEAD_MAX (192u * 1024)

enum proxy_head_state {
    PROXY_HEAD_WHOLE,
    PROXY_HEAD_PART, // more is needed
    PROXY_HEAD_FOREIGN,
};

struct proxy_head {
    uint8_t type;       // enum mqtt_type
    int8_t qos;         // of a PUBLISH; else -1
    uint16_t alias;     // of a PUBLISH of 5.0; 0: none
    uint32_t bytes;     // of the whole packet
    struct bytes topic; // of a PUBLISH, borrowed; data NULL: not known, empty: by its alias
};

// `reads_topic`: whether it is worth waiting for it.
enum proxy_head_state proxy_head_read(struct bytes stream, enum mqtt_version version,
                                      bool reads_topic, struct proxy_head *head);

struct proxy_greeting {
    struct proxy_head head;
    enum mqtt_version version;
    struct bytes client_id; // borrowed
};

// The first packet of a client.
enum proxy_head_state proxy_head_greet(struct bytes stream, struct proxy_greeting *greeting);

#endif
