// A connection to the master, over HTTP (docs/master-api.md): one request of role/gate.h at a time,
// whose answer is waited for. The connection is kept open between requests.
//
// One thread uses a struct master_link, but for master_link_cancel. Several masters that share one
// store can be named; when one cannot be reached, the next request goes to the next.
#ifndef MEDIUM_HTTP_MASTER_LINK_H
#define MEDIUM_HTTP_MASTER_LINK_H

#include "base/buffer.h"
#include "role/gate.h"

#define MASTER_ANSWER_BYTES (4u * 1024 * 1024) // more is no answer of a master

struct master_link_options {
    const char *urls;  // one or several, separated by commas; copied, as are the others
    const char *token; // NULL: none
    const char *ca;    // file of certificates to trust instead of the system's; NULL: those
};

struct master_link;

// NULL: it cannot be; the text, for people, says why.
struct master_link *master_link_create(const struct master_link_options *options, char text[512]);
// NULL is allowed.
void master_link_destroy(struct master_link *link);

// The answer's lines and text are valid until the next request.
void master_link_ask(struct master_link *link, const struct gate_request *request,
                     struct gate_answer *answer);

// Ends the request at hand, if any, and all later ones. Any thread may call it.
void master_link_cancel(struct master_link *link);

#endif
