// An internet in memory and in virtual time, for tests: networks of brokers and clients
// (role/network.h), each with a router, and a master. No thread, no socket, no file. Requests take
// their time, and get lost as often as is asked for; routers and the master die at any moment, and
// come back with what their journals had.
//
// Each network is kept as its file would be: all lines in their order. A router reads on where its
// journal left off, and what it was about to append when it died is completed, as
// session/router/router_session.c does it.
#ifndef TEST_ROLE_INTERNET_H
#define TEST_ROLE_INTERNET_H

#include "role/network.h"

#include "role/master/master.h"
#include "role/master/waiting.h"
#include "role/memory_journal.h"
#include "role/router/uplink.h"

#define INTERNET_PLACES_MAX 4
#define INTERNET_FLIGHTS_MAX 64
#define INTERNET_STEP (ROLE_SECOND / 50)
#define INTERNET_EVENTS 10 // as many kinds as enum uplink_event_kind has

struct internet;

// A request on its way, at the master, or its answer on the way back.
enum internet_flight_state { FLIGHT_FREE, FLIGHT_GOES, FLIGHT_WAITS, FLIGHT_RETURNS };

struct internet_flight {
    struct waiting_request wait; // first, so that it leads to the flight
    enum internet_flight_state state;
    struct internet_place *place;
    unsigned life; // of the router that asked
    enum uplink_lane lane;
    uint64_t due; // when it arrives, there or back
    bool is_lost; // on its way there
    struct gate_request request;
    struct buffer request_lines;
    struct gate_answer answer;
    struct buffer answer_lines;
};

// What the router's driver keeps in its commits, beside the role's records.
struct internet_kept {
    size_t position; // of the file: up to there it was read
    struct buffer pending;
    size_t pending_at; // of the file
};

// A network with its router. `events` counts records and stages of turns; at `dies_at` the router
// dies, and is back `away` later.
struct internet_place {
    struct internet *internet;
    struct network *network;
    struct memory memory;
    struct memory driver_memory; // outlives the router
    struct uplink_config config;
    struct router_port router_port;
    struct uplink_port port;
    struct uplink uplink;
    struct memory_journal journal;
    struct buffer file;
    size_t position;
    struct buffer outgoing; // for the network, not committed yet
    struct internet_kept kept;
    bool has_appended;
    bool journal_fails;
    bool is_up;
    bool is_leaving;
    unsigned life;
    uint64_t events;
    uint64_t dies_at; // 0: never
    uint64_t back_at;
    uint64_t away;
    unsigned told[INTERNET_EVENTS]; // by kind of event
    unsigned dropped[PACKET_FAULTS];
};

// The master with its driver.
struct internet_master {
    struct memory memory;
    struct master master;
    struct master_limits limits;
    struct waiting waiting;
    struct memory_journal journal;
    bool is_up;
    uint64_t events;
    uint64_t dies_at;
    uint64_t back_at;
    uint64_t away;
    uint64_t requests;
    uint8_t secrets; // given out
};

struct internet {
    uint64_t now;
    uint64_t random;
    unsigned loss_percent; // of requests, and of answers
    struct memory memory;
    struct internet_master master;
    struct internet_place places[INTERNET_PLACES_MAX];
    unsigned place_count;
    struct internet_flight flights[INTERNET_FLIGHTS_MAX];
    uint8_t line[PACKET_LINE_MAX];
    uint8_t scratch[PACKET_LINE_MAX];
};

// A master that drops gates that are silent for so long.
struct internet *internet_open(uint64_t seed, uint64_t silence);
void internet_close(struct internet *internet);
// A network without devices, whose router wants this gate.
struct internet_place *internet_add(struct internet *internet, uint32_t gate);

void internet_pass(struct internet *internet, uint64_t nanoseconds);

// They die now, and are back `away` later.
void internet_kill_router(struct internet_place *place, uint64_t away);
void internet_kill_master(struct internet *internet, uint64_t away);

#endif
