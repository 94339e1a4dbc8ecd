// What a router and a master say to each other: one request at a time, and its answer. The router's
// side is role/router/uplink.h, the master's role/master/master.h; medium/http/master_link.h
// carries it over HTTP (docs/master-api.md).
//
// A router holds a *gate* by a lease with a secret. It uploads lines, numbered from 1 on over the
// lease's life, so that a line that is sent twice counts once. It takes the packets of its gate's
// mailbox, numbered likewise, and acknowledges them with the next request, so that a packet whose
// answer was lost is given again.
#ifndef ROLE_GATE_H
#define ROLE_GATE_H

#include "base/bytes.h"

#define GATE_SECRET_TEXT_SIZE 65        // hexadecimal digits and a NUL
#define GATE_BATCH_BYTES (1024u * 1024) // of lines in one request or answer

enum gate_request_kind {
    GATE_LEASE,     // gate or 0 for any, secret or ""
    GATE_UPLOAD,    // gate, secret, number of the first line, lines
    GATE_TAKE,      // gate, secret, number of the last packet that is acknowledged, wait_s
    GATE_GIVE_BACK, // gate, secret
};

struct gate_request {
    enum gate_request_kind kind;
    uint32_t gate;
    char secret[GATE_SECRET_TEXT_SIZE];
    uint64_t number;
    unsigned wait_s;    // TAKE: how long the master may wait for a packet
    struct bytes lines; // UPLOAD: whole lines, borrowed
};

// What became of a request. A master says those up to GATE_UNAVAILABLE, the way to it the others.
enum gate_status {
    GATE_OK,          // LEASE: it ran on all the time
    GATE_NEW,         // LEASE: it is a new one, with an empty mailbox
    GATE_TAKEN,       // LEASE: another holds the gate
    GATE_NO_LEASE,    // no such lease, or not this secret
    GATE_GAP,         // UPLOAD: lines are missing; `uploaded` says behind which
    GATE_FULL,        // LEASE: there are as many gates as the limits allow
    GATE_REFUSED,     // the request is wrong
    GATE_UNAVAILABLE, // no answer, or one that says to come again: what was done is not known
    GATE_UNTRUSTED,   // the master's certificate
    GATE_NO_ACCESS,   // the token is missing or wrong
    GATE_STRANGE,     // what answers is no master
    GATE_CANCELLED,   // by ourselves
};

// What a master answers. `status` says how it went; each of the other fields belongs to the
// requests named beside it and is 0 with all others. Lines and text are borrowed until the next
// request.
struct gate_answer {
    enum gate_status status;
    uint32_t gate;                      // LEASE: which was leased
    char secret[GATE_SECRET_TEXT_SIZE]; // LEASE
    unsigned silence_s;                 // LEASE: after which it runs out
    uint64_t uploaded;                  // LEASE, UPLOAD: number of the last line that it has
    uint32_t accepted;                  // UPLOAD: lines that were new
    uint64_t unreachable;               // UPLOAD: of these, for gates that nobody holds
    uint64_t last; // TAKE: number of the last packet in `lines`, or of the last one gone
    uint64_t
        missing;     // TAKE: packets lost because the mailbox was full, behind the acknowledged one
    bool is_promise; // to be held until what the journal was told before it is durable
    struct bytes lines;     // TAKE: whole lines, borrowed
    unsigned retry_after_s; // the master asks not to be asked earlier
    const char *text;       // for people, borrowed: what is wrong, where, what to do; or NULL
};

#endif
