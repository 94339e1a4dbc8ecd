// A connection to the master, over HTTP (docs/master-api.md): one request at a time, whose answer
// is waited for. The connection is kept open between requests.
//
// One thread uses a struct master_link, but for master_link_cancel. Several masters that share one
// store can be named; when one cannot be reached, the next request goes to the next.
#ifndef MEDIUM_HTTP_MASTER_LINK_H
#define MEDIUM_HTTP_MASTER_LINK_H

#include "base/buffer.h"

#include <stdbool.h>

#define MASTER_SECRET_SIZE 65                  // with a NUL
#define MASTER_BATCH_BYTES (1024u * 1024)      // of lines, up and down
#define MASTER_ANSWER_BYTES (4u * 1024 * 1024) // more is no answer of a master

struct master_link_options {
    const char *urls;  // one or several, separated by commas; copied, as are the others
    const char *token; // NULL: none
    const char *ca;    // file of certificates to trust instead of the system's; NULL: those
};

enum master_request_kind {
    MASTER_LEASE,     // gate or 0, secret or ""
    MASTER_UPLOAD,    // gate, secret, number of the first line, lines
    MASTER_TAKE,      // gate, secret, number of the last packet that was taken, wait_s
    MASTER_GIVE_BACK, // gate, secret
};

struct master_request {
    enum master_request_kind kind;
    uint32_t gate;
    char secret[MASTER_SECRET_SIZE];
    uint64_t number;
    unsigned wait_s;
    struct bytes lines; // borrowed
};

// What became of a request.
enum master_result {
    MASTER_DONE,
    MASTER_RESUMED,     // lease: it ran on all the time
    MASTER_NO_LEASE,    // 403: it has run out, or was never ours
    MASTER_GATE_TAKEN,  // lease: another holds the gate
    MASTER_GAP,         // upload: lines are missing; `uploaded` says behind which
    MASTER_UNREACHABLE, // no answer, or one that says to come again later
    MASTER_UNTRUSTED,   // its certificate
    MASTER_NO_ACCESS,   // the token is missing or wrong
    MASTER_REFUSED,     // it finds the request wrong
    MASTER_STRANGE,     // it is no master
    MASTER_CANCELLED,
};

struct master_answer {
    enum master_result result;
    char text[512]; // for people, where it is not done: what is wrong, where, what to do
    unsigned retry_after_s;
    uint32_t gate; // of a lease
    char secret[MASTER_SECRET_SIZE];
    unsigned silence_s;
    uint64_t uploaded;    // the last line that it has
    uint64_t unreachable; // lines that were for gates that nobody holds
    uint64_t last;        // number of the last packet in `lines`
    uint64_t missing;     // packets that were lost because the mailbox was full
    struct bytes lines;   // of the mailbox; valid until the next request
};

struct master_link;

// NULL: it cannot be; the text, for people, says why.
struct master_link *master_link_create(const struct master_link_options *options, char text[512]);
// NULL is allowed.
void master_link_destroy(struct master_link *link);

void master_link_ask(struct master_link *link, const struct master_request *request,
                     struct master_answer *answer);

// Ends the request at hand, if any, and all later ones. Any thread may call it.
void master_link_cancel(struct master_link *link);

#endif
