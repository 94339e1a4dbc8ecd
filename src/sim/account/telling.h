// What an island tells its ledger (sim/account/ledger.h) of what happens on it. A ledger of its own
// hears it at once. One that it shares with other islands hears it later, in the order in which it
// happened on all of them: until then it is written down (sim/account/front.h). So nothing that
// happens may depend on what a shared ledger would say.
//
// Marks are as payloads and lines bear them: what they stand for the ledger finds out. What bears
// no known mark is told of all the same, where it is not known that there is none.
#ifndef SIM_ACCOUNT_TELLING_H
#define SIM_ACCOUNT_TELLING_H

#include "sim/account/front.h"
#include "sim/account/ledger.h"
#include "sim/island.h"

enum sim_told {
    SIM_TOLD_STREAM,       // of: stream; text: its topic. It has the island's next name
    SIM_TOLD_ANSWERS,      // number: a stream whose messages answer commands
    SIM_TOLD_PUBLISHED,    // of: publication
    SIM_TOLD_TAKEN,        // by the broker
    SIM_TOLD_WILL,         // likewise, of who is not connected
    SIM_TOLD_LINE_TAKEN,   // of: line; text: its topic. By a broker of lines, from `client`
    SIM_TOLD_ACKNOWLEDGED, //
    SIM_TOLD_DELIVERED,    // of: delivery; text: its topic
    SIM_TOLD_LOST,         // of: loss
    SIM_TOLD_LOST_UPWARD,  // likewise
    SIM_TOLD_DOUBTED,      // likewise
    SIM_TOLD_LINE_DROPPED, // of: dropped. One end has no key for the line
    SIM_TOLD_COPIED,       // a network made a copy
    SIM_TOLD_FREIGHT,      // of: key. A line bears the message
    SIM_TOLD_GARBLED,      // a suite of lines takes what was not sent so
    SIM_TOLD_CONNECTED,    // of: connection
    SIM_TOLD_ENDED,        // of: end
    SIM_TOLD_DISCARDED,    // the session of `client`
    SIM_TOLD_OVERFLOWED,   // the queue of `client`; VERDICT_NONE: it is nobody's that is known
    SIM_TOLD_SUBSCRIBED,   // number: the interest; text: its filter
    SIM_TOLD_UNSUBSCRIBED, // number: the interest
    SIM_TOLD_FORGOTTEN,    // of: interests. With the session
    SIM_TOLD_CRASHED,      // of: crash
    SIM_TOLD_PAUSED,       // of: until. The broker of that number
    SIM_TOLD_REACHED,      // number: enum verdict_reached
    SIM_TOLD_SAW,          // of: packet
    SIM_TOLD_REPORTED,     // number: enum check_rule
    SIM_TOLD_OPENED,       // outsiders speak, too
    SIM_TOLD,
};

struct sim_told_stream {
    uint32_t broker;
    uint32_t owner;
    uint8_t qos;
    bool retain;
    bool is_wills;
};

struct sim_told_delivery {
    uint64_t published_at;
    uint64_t sent_at; // by the broker, at the earliest; 0: it is not known
    uint32_t broker;
    uint32_t group; // of the receiver
    uint8_t qos;
    bool dup;
    bool retain;
};

struct sim_told_end {
    uint64_t expiry;
    uint8_t end; // enum verdict_end
};

// Plain values, so that it can be written down: when and by which event, about which message, whom
// and what; `of` by kind. In a log `bytes` of text follow.
struct sim_telling {
    uint64_t time;
    uint64_t order;   // of the event that led to it
    struct mark mark; // stream VERDICT_NONE: it is known that there is none
    uint32_t client;
    uint32_t number;
    uint16_t bytes;
    uint8_t kind; // enum sim_told
    bool is_line;
    union {
        struct sim_told_stream stream;
        struct verdict_publication publication;
        struct sim_told_delivery delivery;
        struct verdict_connection connection;
        struct sim_told_end end;
        struct verdict_packet packet;
        struct mark line; // what the line bears, whatever its payload says
        struct mark key;
        uint32_t loss;      // enum verdict_loss
        uint32_t interests; // from `number` on
        bool by_broker;     // dropped
        bool keeps;         // crash, of the broker of that number
        uint64_t until;     // paused
    } of;
};

// False: it is known already that it is nobody's message, or a last value.
bool sim_tell_with(struct sim_island *island, const struct sim_telling *telling, struct bytes text);
static inline void sim_tell(struct sim_island *island, const struct sim_telling *telling) {
    (void)sim_tell_with(island, telling, (struct bytes){0});
}

// What is told with each message, to a ledger of its own without a way round.
static inline void sim_tell_taken(struct sim_island *island, struct mark mark) {
    if (island->front == NULL) {
        sim_ledger_taken(island->ledger, mark, false);
    } else {
        sim_tell(island, &(struct sim_telling){.kind = SIM_TOLD_TAKEN, .mark = mark});
    }
}
static inline void sim_tell_acknowledged(struct sim_island *island, struct mark mark) {
    if (island->front == NULL) {
        verdict_acknowledged(island->ledger->verdict, mark, island->now);
    } else {
        sim_tell(island, &(struct sim_telling){.kind = SIM_TOLD_ACKNOWLEDGED, .mark = mark});
    }
}
static inline void sim_tell_packet(struct sim_island *island, uint32_t client,
                                   const struct verdict_packet *packet) {
    if (island->front == NULL) {
        verdict_saw(island->ledger->verdict, client, packet, island->now);
    } else {
        sim_tell(island, &(struct sim_telling){
                             .kind = SIM_TOLD_SAW, .client = client, .of.packet = *packet});
    }
}

static inline void sim_tell_loss(struct sim_island *island, enum sim_told kind, uint32_t client,
                                 struct mark mark, enum verdict_loss loss) {
    sim_tell(island, &(struct sim_telling){
                         .kind = (uint8_t)kind, .client = client, .mark = mark, .of.loss = loss});
}

// The stream, new if need be; of `client`, under that topic.
uint32_t sim_tell_stream(struct sim_island *island, uint32_t client,
                         const struct sim_told_stream *stream, struct bytes topic);
// Its topic. Valid until the next stream is told of.
static inline struct bytes sim_told_topic(const struct sim_island *island, uint32_t stream) {
    return island->front != NULL ? sim_front_topic(island->front, stream)
                                 : sim_ledger_topic_of(island->ledger, stream);
}
struct mark sim_tell_publication(struct sim_island *island, uint32_t stream,
                                 const struct verdict_publication *publication);

// The messages of the stream answer commands.
void sim_tell_answers(struct sim_island *island, uint32_t stream);

// The mark of a payload. False: it bears none, or was altered; then the mark is of none, too.
static inline bool sim_told_mark(const struct sim_island *island, struct bytes payload,
                                 struct mark *mark) {
    bool bears = payload.size >= SIM_STAMP_BYTES && mark_read(payload, mark) &&
                 (island->front != NULL || mark->stream < island->ledger->stream_count);
    if (!bears) {
        *mark = (struct mark){VERDICT_NONE, 0};
    }
    return bears;
}

// What a log has at that place, with its text, which is valid as long as the log. Returns the next
// place; 0: there was nothing more.
size_t sim_telling_read(const struct buffer *log, size_t at, struct sim_telling *telling,
                        struct bytes *text);

// The ledger hears it. As above.
bool sim_telling_hear(struct sim_ledger *ledger, const struct sim_telling *telling,
                      struct bytes text);

#endif
