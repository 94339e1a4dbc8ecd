#include "process/soak/soak_crowd.h"

#include "support.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "process/soak/soak_peer.h"

#define NAMES 30u  // that passers share
#define TOPICS 60u // that they publish to
#define PAIRS_MAX 32u
#define PASSERS_MAX 128u
#define PAYLOAD_MAX 1000u
#define MS UINT64_C(1000000)
#define TURN_MS 4

enum { AT_ONCE_MAX = PASSERS_MAX + 3 * PAIRS_MAX };

// What is said last, if anything.
enum farewell { GOODBYE, GOODBYE_WITH_WILL, CLOSED, RESET, FAREWELLS };

struct passer {
    struct soak_crowd *crowd;
    struct soak_peer peer;
    uint64_t next_at; // its life ends, or the next one begins
};

// A teller and its resident. `resident` is the connection that counts; `former` one that it has
// taken the place of, until that is certain.
struct pair {
    struct soak_crowd *crowd;
    unsigned place;
    uint8_t qos;
    uint32_t told;
    uint32_t acknowledged;
    uint64_t tell_at;
    uint32_t got; // the newest
    uint64_t change_at;
    bool has_session;
    bool is_accepted; // the resident's connection
    struct soak_peer teller;
    struct soak_peer resident;
    struct soak_peer former;
    uint8_t held[8192]; // identifiers of QoS 2 that await their PUBREL, a bit each
};

struct soak_crowd {
    struct soak_crowd_options options;
    struct soak_crowd_counts counts;
    uint64_t random;
    uint64_t now;
    uint64_t serial; // of names that come once
    bool is_stopped;
    bool is_clearing;
    unsigned to_clear; // names
    struct passer passers[PASSERS_MAX];
    struct pair pairs[PAIRS_MAX];
};

static const enum mqtt_version versions[] = {MQTT_3_1, MQTT_3_1_1, MQTT_5};

// From 0 to below `most`.
static unsigned draw(struct soak_crowd *crowd, unsigned most) {
    return (unsigned)(support_random(&crowd->random) % most);
}

static bool draw_one_in(struct soak_crowd *crowd, unsigned many) {
    return draw(crowd, many) == 0;
}

static void fail_with(const char *what, unsigned place, unsigned number) {
    print_error("%s: %u, %u\n", what, place, number);
    fail();
}

// Who goes on with a session that others had begun may use their identifiers.
static bool is_about_identifiers(uint8_t reason) {
    return reason == MQTT_PACKET_IDENTIFIER_IN_USE || reason == MQTT_PACKET_IDENTIFIER_NOT_FOUND;
}

// Of answers to all: 0x80 and above are refusals, before 5.0 any but 0 in a CONNACK.
static void expect_accepted(const struct mqtt_packet *packet) {
    if (packet->type == MQTT_SUBACK && packet->codes.size > 0 && packet->codes.data[0] >= 0x80) {
        fail_with("a subscription was refused", packet->codes.data[0], 0);
    }
    bool is_refusal = packet->type == MQTT_CONNACK
                          ? packet->reason != 0
                          : packet->reason >= 0x80 && packet->type != MQTT_DISCONNECT;
    if (is_refusal) {
        fail_with("type and reason of a refusal", packet->type, packet->reason);
    }
}

// ---- passers -----------------------------------------------------------------------------------

static void passer_told(void *owner, const struct mqtt_packet *packet) {
    struct passer *passer = owner;
    if (packet->type == MQTT_CONNACK || !is_about_identifiers(packet->reason)) {
        expect_accepted(packet);
    }
    if (packet->type == MQTT_PINGRESP) {
        passer->next_at = passer->crowd->now; // all before it was worked on
    }
    passer->crowd->counts.received += packet->type == MQTT_PUBLISH;
}

static void add_will(struct soak_crowd *crowd, struct mqtt_connect *connect) {
    connect->has_will = true;
    connect->will_qos = (uint8_t)draw(crowd, 3);
    connect->will_retain = draw_one_in(crowd, 3);
    connect->will_topic = BYTES_LITERAL("c/1/will");
    connect->will_payload = BYTES_LITERAL("gone");
    if (connect->version == MQTT_5) {
        connect->will_properties.present = MQTT_HAS(MQTT_WILL_DELAY);
        connect->will_properties.will_delay = draw(crowd, SOAK_EXPIRY_MAX);
    }
}

static void name_passer(struct soak_crowd *crowd, struct mqtt_connect *connect, char name[24]) {
    bool is_clean_or_ends = connect->clean_start || connect->version == MQTT_5;
    if (draw_one_in(crowd, 2) && (is_clean_or_ends || crowd->options.leaves_sessions)) {
        (void)snprintf(name, 24, "once-%" PRIu64, ++crowd->serial);
    } else {
        (void)snprintf(name, 24, "often-%u", draw(crowd, NAMES));
    }
    connect->client_id = bytes_of_text(name);
}

static void passer_connect(struct passer *passer) {
    struct soak_crowd *crowd = passer->crowd;
    char name[24];
    struct mqtt_packet packet = {.type = MQTT_CONNECT};
    packet.connect.version = (uint8_t)versions[draw(crowd, 3)];
    packet.connect.clean_start = draw_one_in(crowd, 2);
    name_passer(crowd, &packet.connect, name);
    if (packet.connect.version == MQTT_5) {
        packet.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
        packet.properties.session_expiry = draw(crowd, SOAK_EXPIRY_MAX + 1);
    }
    if (draw_one_in(crowd, 3)) {
        add_will(crowd, &packet.connect);
    }
    soak_peer_open(&passer->peer, crowd->options.port, &packet);
    crowd->counts.lives++;
}

static void passer_subscribe(struct passer *passer) {
    struct soak_crowd *crowd = passer->crowd;
    char filter[32];
    uint8_t options = (uint8_t)draw(crowd, 3);
    switch (draw(crowd, 8)) {
    case 0:
        (void)snprintf(filter, sizeof filter, "c/%u/#", draw(crowd, TOPICS));
        break;
    case 1:
        (void)snprintf(filter, sizeof filter, "c/+/x");
        break;
    case 2:
        (void)snprintf(filter, sizeof filter, "$share/g%u/c/#", draw(crowd, 3));
        break;
    case 3:
        (void)snprintf(filter, sizeof filter, "own/%" PRIu64 "/+", crowd->serial);
        break;
    case 4:
        (void)snprintf(filter, sizeof filter, "%s", draw_one_in(crowd, 4) ? "#" : "$SYS/#");
        break;
    default:
        (void)snprintf(filter, sizeof filter, "c/%u", draw(crowd, TOPICS));
        options |= passer->peer.version == MQTT_5 ? (uint8_t)(draw(crowd, 12) << 2) : 0;
    }
    soak_peer_subscribe(&passer->peer, filter, options);
}

static void passer_publish(struct passer *passer, uint16_t packet_id) {
    static const uint8_t payload[PAYLOAD_MAX] = "soak";
    struct soak_crowd *crowd = passer->crowd;
    char topic[32];
    struct mqtt_packet packet = {.type = MQTT_PUBLISH};
    struct mqtt_publish *publish = &packet.publish;
    (void)snprintf(topic, sizeof topic, "c/%u%s", draw(crowd, TOPICS),
                   draw_one_in(crowd, 4) ? "/x" : "");
    publish->topic = bytes_of_text(topic);
    publish->qos = (uint8_t)draw(crowd, 3);
    publish->packet_id = publish->qos > 0 ? packet_id : 0;
    publish->retain = draw_one_in(crowd, 3);
    bool clears = publish->retain && draw_one_in(crowd, 4);
    publish->payload = bytes_make(payload, clears ? 0 : 10 + draw(crowd, PAYLOAD_MAX - 10));
    if (passer->peer.version == MQTT_5 && draw_one_in(crowd, 2)) {
        packet.properties.present = MQTT_HAS(MQTT_MESSAGE_EXPIRY);
        packet.properties.message_expiry = 1 + draw(crowd, SOAK_EXPIRY_MAX);
    }
    crowd->counts.sent += soak_peer_say(&passer->peer, &packet);
}

static void passer_begin(struct passer *passer) {
    struct soak_crowd *crowd = passer->crowd;
    passer_connect(passer);
    for (unsigned i = draw(crowd, 4); i > 0; i--) {
        passer_subscribe(passer);
    }
    for (uint16_t i = (uint16_t)draw(crowd, 6); i > 0; i--) {
        passer_publish(passer, i);
    }
    passer->peer.is_deaf = draw_one_in(crowd, 10);
    passer->next_at = crowd->now + (50 + draw(crowd, 2000)) * MS;
}

static void passer_end(struct passer *passer) {
    struct mqtt_packet goodbye = {.type = MQTT_DISCONNECT};
    bool is_clearing = passer->crowd->is_clearing;
    enum farewell farewell = is_clearing ? GOODBYE : (enum farewell)draw(passer->crowd, FAREWELLS);
    if (farewell == GOODBYE_WITH_WILL && passer->peer.version == MQTT_5) {
        goodbye.reason = MQTT_DISCONNECT_WITH_WILL;
    }
    if (farewell == RESET) {
        struct linger at_once = {.l_onoff = 1};
        (void)setsockopt(passer->peer.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    } else if (farewell != CLOSED && soak_peer_say(&passer->peer, &goodbye)) {
        (void)soak_peer_serve(&passer->peer, passer_told, passer);
    }
    soak_peer_close(&passer->peer);
}

// A session of this name ends, and with it what it had.
static void clear_session(struct passer *passer, unsigned place) {
    char name[24];
    struct mqtt_packet packet = {.type = MQTT_CONNECT};
    packet.connect.version = MQTT_3_1_1;
    packet.connect.clean_start = true;
    if (place < NAMES) {
        (void)snprintf(name, sizeof name, "often-%u", place);
    } else {
        (void)snprintf(name, sizeof name, "resident-%u", place - NAMES);
    }
    packet.connect.client_id = bytes_of_text(name);
    soak_peer_open(&passer->peer, passer->crowd->options.port, &packet);
}

static void clear_topic(struct passer *passer, const char *format, unsigned number) {
    char topic[32];
    (void)snprintf(topic, sizeof topic, format, number);
    struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                 .publish = {.topic = bytes_of_text(topic), .retain = true}};
    assert_true(soak_peer_say(&passer->peer, &packet));
}

static void passer_clear(struct passer *passer, unsigned place) {
    clear_session(passer, place);
    for (unsigned i = place; i < TOPICS; i += NAMES + PAIRS_MAX) {
        clear_topic(passer, "c/%u", i);
        clear_topic(passer, "c/%u/x", i);
        clear_topic(passer, "c/%u/will", i);
    }
    clear_topic(passer, "l/%u", 1); // what came by lines
    assert_true(soak_peer_say(&passer->peer, &(struct mqtt_packet){.type = MQTT_PINGREQ}));
    passer->next_at = UINT64_MAX;
}

static void passer_turn(struct passer *passer) {
    struct soak_crowd *crowd = passer->crowd;
    if (passer->peer.fd >= 0) {
        (void)soak_peer_serve(&passer->peer, passer_told, passer);
    }
    if (passer->next_at > crowd->now) {
        return;
    }
    if (passer->peer.fd >= 0) {
        passer_end(passer);
        passer->next_at = crowd->now + draw(crowd, 1000) * MS;
    } else if (crowd->to_clear > 0) {
        passer_clear(passer, --crowd->to_clear);
    } else if (!crowd->is_stopped) {
        passer_begin(passer);
    }
}

// ---- pairs -------------------------------------------------------------------------------------

static void teller_told(void *owner, const struct mqtt_packet *packet) {
    struct pair *pair = owner;
    expect_accepted(packet);
    if (packet->type == (pair->qos == 2 ? MQTT_PUBCOMP : MQTT_PUBACK)) {
        pair->acknowledged++;
        pair->crowd->counts.ledger++;
    }
}

static void tell(struct pair *pair) {
    char topic[16];
    char text[16];
    pair->told++;
    (void)snprintf(topic, sizeof topic, "pair/%u", pair->place);
    (void)snprintf(text, sizeof text, "%u", pair->told);
    struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                 .publish = {.topic = bytes_of_text(topic),
                                             .payload = bytes_of_text(text),
                                             .qos = pair->qos,
                                             .packet_id = (uint16_t)(1 + pair->told % 65535)}};
    assert_true(soak_peer_say(&pair->teller, &packet));
    pair->crowd->counts.sent++;
    pair->tell_at = pair->crowd->now + (20 + draw(pair->crowd, 200)) * MS;
}

static void note_number(struct pair *pair, const struct mqtt_publish *publish) {
    char text[16] = "";
    unsigned number;
    assert_true(publish->payload.size < sizeof text);
    memcpy(text, publish->payload.data, publish->payload.size);
    assert_int_equal(sscanf(text, "%u", &number), 1);
    if (publish->qos == 2) {
        uint8_t *held = &pair->held[publish->packet_id / 8];
        uint8_t bit = (uint8_t)(1u << publish->packet_id % 8);
        if ((*held & bit) != 0) {
            return; // it was not released yet
        }
        *held |= bit;
    }
    bool is_again = publish->qos == 1 && publish->dup && number <= pair->got;
    if (!is_again && number != pair->got + 1) {
        print_error("pair %u, QoS %u: got %u behind %u (DUP %d), acknowledged %u\n", pair->place,
                    publish->qos, number, pair->got, publish->dup, pair->acknowledged);
        fail();
    }
    pair->got = is_again ? pair->got : number;
}

static void resident_told(void *owner, const struct mqtt_packet *packet) {
    struct pair *pair = owner;
    expect_accepted(packet);
    switch ((int)packet->type) {
    case MQTT_CONNACK:
        if (pair->has_session && pair->resident.version != MQTT_3_1 && !packet->session_present) {
            fail_with("a session is lost", pair->place, pair->got);
        }
        pair->is_accepted = true;
        break;
    case MQTT_SUBACK:
        pair->has_session = true;
        break;
    case MQTT_PUBLISH:
        pair->crowd->counts.received++;
        note_number(pair, &packet->publish);
        break;
    case MQTT_PUBREL:
        pair->held[packet->packet_id / 8] &= (uint8_t) ~(1u << packet->packet_id % 8);
        break;
    default:
        break;
    }
}

static void pair_connect(struct pair *pair, struct soak_peer *peer, const char *kind) {
    char name[24];
    struct mqtt_packet packet = {.type = MQTT_CONNECT};
    packet.connect.version = (uint8_t)versions[pair->place % 3];
    packet.connect.clean_start = peer == &pair->teller;
    (void)snprintf(name, sizeof name, "%s-%u", kind, pair->place);
    packet.connect.client_id = bytes_of_text(name);
    if (packet.connect.version == MQTT_5 && peer != &pair->teller) {
        packet.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
        packet.properties.session_expiry = UINT32_MAX;
    }
    soak_peer_open(peer, pair->crowd->options.port, &packet);
}

static void resident_come(struct pair *pair) {
    char filter[16];
    pair->is_accepted = false;
    pair_connect(pair, &pair->resident, "resident");
    if (!pair->has_session) {
        (void)snprintf(filter, sizeof filter, "pair/%u", pair->place);
        soak_peer_subscribe(&pair->resident, filter, pair->qos);
    }
    pair->crowd->counts.lives++;
}

// It goes away, or is taken over by itself, as if its network had changed.
static void resident_change(struct pair *pair) {
    struct soak_crowd *crowd = pair->crowd;
    if (pair->resident.fd >= 0 && pair->is_accepted && draw_one_in(crowd, 2)) {
        soak_peer_close(&pair->former);
        pair->former = pair->resident;
        pair->former.is_deaf = true;
        resident_come(pair);
    } else if (pair->resident.fd >= 0 && pair->is_accepted) {
        soak_peer_close(&pair->resident);
    } else if (pair->resident.fd < 0) {
        resident_come(pair);
    }
    pair->change_at = crowd->now + draw(crowd, 1500) * MS;
}

static void pair_turn(struct pair *pair) {
    struct soak_crowd *crowd = pair->crowd;
    if (pair->resident.fd >= 0 && !soak_peer_serve(&pair->resident, resident_told, pair) &&
        !pair->is_accepted) {
        fail_with("a resident was let down", pair->place, pair->got);
    }
    if (pair->is_accepted) {
        soak_peer_close(&pair->former);
    }
    bool stays = crowd->is_stopped && pair->resident.fd >= 0;
    if (pair->change_at <= crowd->now && !stays) {
        resident_change(pair);
    }
    if (pair->teller.fd >= 0 && !soak_peer_serve(&pair->teller, teller_told, pair)) {
        fail_with("a teller was let down", pair->place, pair->told);
    }
    bool may_tell = pair->has_session && !crowd->is_stopped && pair->told == pair->acknowledged;
    if (may_tell && pair->tell_at <= crowd->now) {
        tell(pair);
    }
}

static bool pair_is_done(const struct pair *pair) {
    return pair->told == pair->acknowledged && pair->got == pair->told;
}

// ---- all of them -------------------------------------------------------------------------------

struct soak_crowd *soak_crowd_create(const struct soak_crowd_options *options) {
    struct soak_crowd *crowd = calloc(1, sizeof *crowd);
    assert_non_null(crowd);
    assert_true(options->passers <= PASSERS_MAX && options->pairs <= PAIRS_MAX);
    crowd->options = *options;
    crowd->random = options->seed;
    for (unsigned i = 0; i < options->passers; i++) {
        crowd->passers[i] = (struct passer){.crowd = crowd, .peer.fd = -1};
    }
    for (unsigned i = 0; i < options->pairs; i++) {
        struct pair *pair = &crowd->pairs[i];
        pair->crowd = crowd;
        pair->place = i;
        pair->qos = (uint8_t)(1 + i / 3 % 2);
        pair->resident.fd = pair->former.fd = -1;
        pair_connect(pair, &pair->teller, "teller");
    }
    return crowd;
}

static void close_pairs(struct soak_crowd *crowd) {
    for (unsigned i = 0; i < crowd->options.pairs; i++) {
        soak_peer_close(&crowd->pairs[i].teller);
        soak_peer_close(&crowd->pairs[i].resident);
        soak_peer_close(&crowd->pairs[i].former);
    }
}

void soak_crowd_destroy(struct soak_crowd *crowd) {
    for (unsigned i = 0; i < crowd->options.passers; i++) {
        soak_peer_close(&crowd->passers[i].peer);
    }
    close_pairs(crowd);
    free(crowd);
}

struct soak_crowd_counts soak_crowd_counts(const struct soak_crowd *crowd) {
    return crowd->counts;
}

static void await_any(const struct soak_crowd *crowd) {
    struct pollfd places[AT_ONCE_MAX];
    nfds_t count = 0;
    for (unsigned i = 0; i < crowd->options.passers; i++) {
        const struct soak_peer *peer = &crowd->passers[i].peer;
        if (!peer->is_deaf) {
            places[count++] = (struct pollfd){.fd = peer->fd, .events = POLLIN};
        }
    }
    for (unsigned i = 0; i < crowd->options.pairs; i++) {
        places[count++] = (struct pollfd){.fd = crowd->pairs[i].teller.fd, .events = POLLIN};
        places[count++] = (struct pollfd){.fd = crowd->pairs[i].resident.fd, .events = POLLIN};
    }
    (void)poll(places, count, TURN_MS);
}

void soak_crowd_turn(struct soak_crowd *crowd, uint64_t now_ns) {
    crowd->now = now_ns;
    for (unsigned i = 0; i < crowd->options.passers; i++) {
        passer_turn(&crowd->passers[i]);
    }
    for (unsigned i = 0; i < crowd->options.pairs && !crowd->is_clearing; i++) {
        pair_turn(&crowd->pairs[i]);
    }
    await_any(crowd);
}

void soak_crowd_stop(struct soak_crowd *crowd) {
    crowd->is_stopped = true;
}

bool soak_crowd_is_done(const struct soak_crowd *crowd) {
    bool is_done = crowd->is_stopped && crowd->to_clear == 0;
    for (unsigned i = 0; i < crowd->options.passers; i++) {
        is_done = is_done && crowd->passers[i].peer.fd < 0;
    }
    for (unsigned i = 0; i < crowd->options.pairs; i++) {
        is_done = is_done && pair_is_done(&crowd->pairs[i]);
    }
    return is_done;
}

void soak_crowd_explain(const struct soak_crowd *crowd) {
    print_error("%u names to clear\n", crowd->to_clear);
    for (unsigned i = 0; i < crowd->options.passers; i++) {
        if (crowd->passers[i].peer.fd >= 0) {
            print_error("passer %u is there\n", i);
        }
    }
    for (unsigned i = 0; i < crowd->options.pairs; i++) {
        const struct pair *pair = &crowd->pairs[i];
        if (!pair_is_done(pair)) {
            print_error("pair %u: told %u, acknowledged %u, got %u, %s\n", i, pair->told,
                        pair->acknowledged, pair->got,
                        pair->is_accepted ? "accepted" : "not accepted");
        }
    }
}

void soak_crowd_clear(struct soak_crowd *crowd) {
    assert_true(soak_crowd_is_done(crowd));
    close_pairs(crowd);
    crowd->is_clearing = true;
    crowd->to_clear = NAMES + PAIRS_MAX;
}
