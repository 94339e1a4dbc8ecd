// What a proxy (role/proxy/proxy.h) does to packets, and how its connections end, as notes in a tap
// (medium/capture/tap.h). A packet stands in the tap when it was sent, with what became of it.
//
//   faults = (struct tap_faults){tap, number, TAP_FROM_CLIENT, unix_ns, bytes};
//   proxy_receive(...)           whose port calls tap_faults_decided
//   tap_faults_end(&faults)
#ifndef MEDIUM_CAPTURE_TAP_FAULTS_H
#define MEDIUM_CAPTURE_TAP_FAULTS_H

#include "medium/capture/tap.h"
#include "mqtt/reason.h"
#include "role/proxy/proxy.h"

// One run of bytes of one stream, while it is received; `left` of it is not in the tap yet. The tap
// is the caller's.
struct tap_faults {
    struct tap *tap;
    uint64_t number; // of the stream in the tap
    enum tap_direction direction;
    uint64_t unix_ns;
    struct bytes left;
};

void tap_faults_decided(struct tap_faults *faults, const struct proxy_fate *fate);
void tap_faults_end(struct tap_faults *faults);

// PROXY_LET_GO: what was held arrives.
void tap_faults_let_go(struct tap *tap, uint64_t number, const struct proxy_event *event,
                       uint64_t unix_ns);

// The cause of an end that a broker gave this reason for; TAP_CAUSE_LIMIT: of all others.
enum tap_cause tap_faults_cause(enum mqtt_reason reason);

// How the connection came to its end, as far as it can be told; the text is in `text`.
struct tap_note tap_faults_note_end(const struct proxy_connection *connection, struct buffer *text);

#endif
