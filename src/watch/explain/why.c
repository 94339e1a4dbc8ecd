#include "watch/explain/why.h"

#include "cipher/classic.h"
#include "shell/printable.h"

#define REFUSALS 0x80 // reason codes from here on say that something went wrong

// ---- lines ------------------------------------------------------------------------------------

static const char *const line_texts[PACKET_TYPES] = {
    [PACKET_JOIN] = "The file has no list of members: who is there says so, and is told by the "
                    "others.",
    [PACKET_LEFT] = "Others forget the address, and whoever comes next may have it.",
    [PACKET_CREQ] = "Sealing takes a key that both know and nobody else. It is never sent: each "
                    "side sends a number made from its secret, and computes the key from the "
                    "other's.",
    [PACKET_CRES] = "With the broker's number the client has all it needs for the key.",
    [PACKET_SREQ] = "A broker passes on only what somebody asked for: who publishes need not know "
                    "who listens.",
    [PACKET_SRES] = "Lines may be lost: without an answer the client would not know whether it "
                    "will hear anything.",
    [PACKET_PUBL] = "Publishers and subscribers know topics, not each other; the broker is "
                    "between them. At the line door an entry is sent at most once.",
    [PACKET_PING] = "Silence looks the same whether a device is well or dead, so it is asked.",
    [PACKET_DISC] = "Who says goodbye need not be waited for; the key is forgotten.",
};

void why_append_exchange(uint32_t client_key, uint32_t broker_key, uint32_t secret,
                         struct buffer *out) {
    bool is_client = classic_power(CLASSIC_GENERATOR, secret) == client_key;
    bool is_broker = classic_power(CLASSIC_GENERATOR, secret) == broker_key;
    if (secret == 0 || (!is_client && !is_broker)) {
        return;
    }
    uint32_t own = is_client ? client_key : broker_key;
    uint32_t other = is_client ? broker_key : client_key;
    printable_format(out,
                     "Your secret a = %u made %u = %u^a mod %u; the other side made %u = %u^b with "
                     "a secret b that you need not know. You compute %u^a = %u; it computes %u^b. "
                     "Both are %u^(a*b) mod %u, and a*b = b*a: so both have %u.",
                     secret, own, CLASSIC_GENERATOR, CLASSIC_MODULUS, other, CLASSIC_GENERATOR,
                     other, classic_power(other, secret), own, CLASSIC_GENERATOR, CLASSIC_MODULUS,
                     classic_power(other, secret));
}

static void append_sentence(struct buffer *out, const char *text) {
    if (text != NULL) {
        buffer_append_text(out, out->size > 0 ? " " : "");
        buffer_append_text(out, text);
    }
}

void why_append_line(const struct watch_item *item, uint32_t secret, struct buffer *out) {
    if (!item->is_packet) {
        append_sentence(out, "Anybody can write into the file; what is no packet is passed over.");
        return;
    }
    append_sentence(out, line_texts[item->wire->type]);
    if (item->exchange.client_key != 0 && item->exchange.broker_key != 0) {
        struct buffer math;
        buffer_init(&math, out->memory);
        why_append_exchange(item->exchange.client_key, item->exchange.broker_key, secret, &math);
        buffer_append_text(out, math.size > 0 ? " " : "");
        buffer_append(out, buffer_bytes(&math));
        buffer_deinit(&math);
    }
    if (item->fault != PACKET_OK) {
        append_sentence(out, "It is dropped: a receiver trusts no line that does not add up.");
    }
}

// ---- packets of MQTT --------------------------------------------------------------------------

static void append_connect(const struct mqtt_connect *connect, struct buffer *out) {
    append_sentence(out, "The first packet of a client: who it is and what the broker is to keep "
                         "for it (3.1).");
    append_sentence(out,
                    connect->clean_start
                        ? "It begins anew: an older session of that name is thrown away."
                        : "It asks for its old session: subscriptions, and what waits for it.");
    append_sentence(out, connect->has_will
                             ? "If it vanishes without DISCONNECT, its will is published."
                             : NULL);
    append_sentence(out, connect->keep_alive > 0
                             ? "After one and a half times the keep alive without a packet the "
                               "broker takes it for dead."
                             : NULL);
}

static void append_connack(const struct mqtt_packet *packet, struct buffer *out) {
    if (packet->reason != MQTT_SUCCESS) {
        append_sentence(out, "The broker does not let it in, says why, and closes (3.2.2.2).");
    } else if (packet->session_present) {
        append_sentence(out, "The broker still knew the session: subscriptions hold, and what was "
                             "under way goes on (3.2.2.1.1).");
    } else {
        append_sentence(out, "The broker knows nothing from before: the client has to subscribe "
                             "again.");
    }
}

static void append_publish(const struct mqtt_item *item, struct buffer *out) {
    static const char *const texts[] = {
        "QoS 0: sent once and forgotten. If the connection breaks now, it is lost and nobody "
        "notices (4.3.1).",
        "QoS 1: the sender keeps it until PUBACK comes, and after a new connection sends it again: "
        "at least once (4.3.2).",
        "QoS 2: the receiver notes the packet id first, so that a copy is known as one: exactly "
        "once, for four packets (4.3.3).",
        NULL,
    };
    const struct mqtt_publish *publish = &item->packet->publish;
    append_sentence(out, texts[publish->qos]);
    append_sentence(out, publish->dup ? "DUP: it was sent before and no answer came; the receiver "
                                        "may have it already (3.3.1.1)."
                                      : NULL);
    bool is_from_client = item->direction == TAP_FROM_CLIENT;
    append_sentence(out, !publish->retain ? NULL
                         : is_from_client ? "Retained: the broker keeps it as the topic's last "
                                            "value, for who subscribes later (3.3.1.3)."
                                          : "Retained: the topic's last value, from before this "
                                            "client subscribed (3.3.1.3).");
}

static const char *text_of(const struct mqtt_packet *packet) {
    switch (packet->type) {
    case MQTT_PUBACK:
        return packet->reason >= REFUSALS
                   ? "The receiver has it and will not take it; it is not sent again."
                   : "The receiver has taken over: the sender may forget it, and the packet id is "
                     "free again (3.4).";
    case MQTT_PUBREC:
        return packet->reason >= REFUSALS
                   ? "The receiver will not take it; the exchange ends here (3.5.2.1)."
                   : "The receiver has it and remembers the packet id: a copy would be known as "
                     "one. The sender may forget the message now (3.5).";
    case MQTT_PUBREL:
        return "The sender will never send that PUBLISH again, so the receiver may forget the "
               "packet id. Without this step it would have to remember for ever (3.6).";
    case MQTT_PUBCOMP:
        return "Both sides have forgotten it: the packet id may be used for another message (3.7).";
    case MQTT_SUBSCRIBE:
        return "From now on the broker sends what fits the filters, with the QoS of the message or "
               "of the filter, whichever is less (3.8).";
    case MQTT_SUBACK:
        return "One answer for each filter: the QoS that is granted, or that it is refused (3.9).";
    case MQTT_UNSUBSCRIBE:
        return "The filters have to be written as they were subscribed to, character by character "
               "(3.10).";
    case MQTT_UNSUBACK:
        return "Messages that were on their way already may still come (3.11).";
    case MQTT_PINGREQ:
        return "It had nothing to say for its keep alive, and shows that it is alive, so that the "
               "broker does not end the connection (3.12).";
    case MQTT_PINGRESP:
        return "It shows the client that the broker is alive too (3.13).";
    case MQTT_AUTH:
        return "More than one message is needed to prove who somebody is without sending the "
               "password (4.12).";
    case MQTT_CONNECT:
    case MQTT_CONNACK:
    case MQTT_PUBLISH:
    case MQTT_DISCONNECT:
        break;
    }
    return NULL;
}

static void append_disconnect(const struct mqtt_item *item, struct buffer *out) {
    bool is_normal = item->packet->reason == MQTT_SUCCESS;
    append_sentence(out, item->direction == TAP_FROM_BROKER
                             ? "Since 5.0 a broker says why before it closes (3.14)."
                         : is_normal ? "It leaves in order: its will is thrown away (3.14.4)."
                                     : "It leaves and says why; its will is published (3.14.4).");
}

static void append_packet(const struct mqtt_item *item, struct buffer *out) {
    if (item->packet == NULL) {
        append_sentence(out, item->fault != MQTT_SUCCESS
                                 ? "Who gets such a packet closes the connection (4.13)."
                                 : NULL);
        return;
    }
    switch (item->packet->type) {
    case MQTT_CONNECT:
        append_connect(&item->packet->connect, out);
        break;
    case MQTT_CONNACK:
        append_connack(item->packet, out);
        break;
    case MQTT_PUBLISH:
        append_publish(item, out);
        break;
    case MQTT_DISCONNECT:
        append_disconnect(item, out);
        break;
    case MQTT_PUBACK:
    case MQTT_PUBREC:
    case MQTT_PUBREL:
    case MQTT_PUBCOMP:
    case MQTT_SUBSCRIBE:
    case MQTT_SUBACK:
    case MQTT_UNSUBSCRIBE:
    case MQTT_UNSUBACK:
    case MQTT_PINGREQ:
    case MQTT_PINGRESP:
    case MQTT_AUTH:
        append_sentence(out, text_of(item->packet));
        break;
    }
}

// ---- faults -----------------------------------------------------------------------------------

// What comes of it that a packet never arrives, by its type.
static const char *dropped_text(const struct mqtt_packet *packet) {
    switch (packet->type) {
    case MQTT_PUBLISH:
        return packet->publish.qos == 0
                   ? "Nobody will miss it: at QoS 0 no answer is waited for."
                   : "No answer will come, so the sender keeps it and sends it again once it has "
                     "connected anew, not before (4.4).";
    case MQTT_PUBACK:
        return "The sender does not know that it arrived. It will send it again with DUP after a "
               "new connection, and the receiver gets it twice (4.4).";
    case MQTT_PUBREC:
        return "The sender does not know that it arrived. It will send PUBLISH again after a new "
               "connection, and the receiver knows the packet id: no second copy (4.4).";
    case MQTT_PUBREL:
        return "The receiver goes on waiting for it, with the packet id in mind; the sender sends "
               "it again after a new connection (4.4).";
    case MQTT_PUBCOMP:
        return "The sender cannot use the packet id again; after a new connection it sends PUBREL "
               "once more, which does no harm (4.4).";
    case MQTT_CONNECT:
    case MQTT_CONNACK:
        return "Nothing may be sent before the answer is there: the client waits until its own "
               "patience ends.";
    case MQTT_SUBSCRIBE:
    case MQTT_SUBACK:
    case MQTT_UNSUBSCRIBE:
    case MQTT_UNSUBACK:
        return "The client does not know what the broker made of it; there is no repetition of "
               "this but by the client's own will.";
    case MQTT_PINGREQ:
    case MQTT_PINGRESP:
        return "One side begins to take the other for dead, although both live.";
    case MQTT_DISCONNECT:
        return "What follows is a connection that just ends: the will, if there is one, is "
               "published.";
    case MQTT_AUTH:
        break;
    }
    return "The other side waits for it in vain.";
}

static void append_fault(const struct mqtt_item *item, struct buffer *out) {
    static const char *const texts[TAP_NOTES] = {
        [TAP_NOTE_DELAYED] = "All behind it on the same side is late as well: a stream keeps its "
                             "order.",
        [TAP_NOTE_HELD] = "All behind it waits too. Whether it is slow or gone the other side "
                          "cannot tell.",
        [TAP_NOTE_LET_GO] = "What was held arrives now.",
        [TAP_NOTE_REPEATED] = "TCP never does that; a faulty program may. It shows whether the "
                              "receiver knows copies.",
        [TAP_NOTE_CHANGED] = "TCP and TLS notice what a network does to bytes; only a faulty "
                             "program gets this far.",
        [TAP_NOTE_REORDERED] = "TCP keeps the order, so only a faulty program does this; the rules "
                               "of order are in 4.6.",
        [TAP_NOTE_REFUSED] = "The client cannot tell why; it tries again when it sees fit.",
    };
    if (item->note->kind == TAP_NOTE_DROPPED && item->packet != NULL) {
        append_sentence(out, dropped_text(item->packet));
    } else {
        append_sentence(out, texts[item->note->kind]);
    }
}

// ---- ends -------------------------------------------------------------------------------------

static void append_end(const struct tap_note *note, struct buffer *out) {
    static const char *const texts[TAP_CAUSES] = {
        [TAP_CAUSE_UNKNOWN] = NULL,
        [TAP_CAUSE_DISCONNECTED] = "A normal end: no will, and the session stays as long as its "
                                   "expiry says (3.14).",
        [TAP_CAUSE_CLOSED] = "Without DISCONNECT this is an accident to MQTT: the broker publishes "
                             "the will, if there is one (3.1.2.5).",
        [TAP_CAUSE_RESET] = "TCP was told that the other end is gone; the broker publishes the "
                            "will, if there is one (3.1.2.5).",
        [TAP_CAUSE_KEEP_ALIVE] = "Nothing came for one and a half times the keep alive, so the "
                                 "broker takes the client for dead, and publishes its will "
                                 "(3.1.2.10).",
        [TAP_CAUSE_KILLED] = "Somebody at the broker ended it; the client may come again at once.",
        [TAP_CAUSE_TAKEN_OVER] = "A client identifier has one connection: a new one with the same "
                                 "name ends the old one (3.1.4). Two devices with one name throw "
                                 "each other out for ever.",
        [TAP_CAUSE_REFUSED] = "Who is not let in is not kept waiting, and costs the broker nothing "
                              "more.",
        [TAP_CAUSE_PROTOCOL] = "Behind a packet that is wrong nothing can be trusted, so the "
                               "connection ends (4.13).",
        [TAP_CAUSE_LIMIT] = "A broker that serves many bounds what one may take.",
        [TAP_CAUSE_SHUT_DOWN] = "Clients come again when they see fit; what sessions were kept "
                                "depends on the broker's store.",
        [TAP_CAUSE_CUT] = "As a cable that is pulled: no side says goodbye. Each takes the other "
                          "for gone, and what was under way is settled after a new connection "
                          "(4.4).",
        [TAP_CAUSE_REPLACED] = NULL,
        [TAP_CAUSE_STOPPED] = NULL,
    };
    append_sentence(out, texts[note->cause]);
}

void why_append_mqtt(const struct mqtt_item *item, struct buffer *out) {
    bool has_note = item->note != NULL;
    switch (item->kind) {
    case MQTT_ITEM_OPENED:
        append_sentence(out, item->is_middle
                                 ? "Packets before the first that was captured are not known."
                                 : "TCP carries bytes in order, both ways; MQTT begins with "
                                   "CONNECT.");
        break;
    case MQTT_ITEM_PACKET:
        if (!has_note || item->note->kind != TAP_NOTE_DROPPED) {
            append_packet(item, out);
        }
        break;
    case MQTT_ITEM_LOST:
        append_sentence(out, "The capture did not keep up; the connection itself lost nothing.");
        break;
    case MQTT_ITEM_BROKEN:
        append_sentence(out, "Without a length nobody knows where the next packet begins.");
        break;
    case MQTT_ITEM_NOTED:
    case MQTT_ITEM_CLOSED:
        break;
    }
    if (has_note && item->note->kind == TAP_NOTE_ENDED) {
        append_end(item->note, out);
    } else if (has_note) {
        append_fault(item, out);
    }
}
