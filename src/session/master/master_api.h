// The master's API between HTTP and its store: what a request asks of the store, and what the
// store's answer says to the client. docs/master-api.md describes it for people and
// docs/openapi.json for programs. Nothing here waits or is shared between requests.
#ifndef SESSION_MASTER_MASTER_API_H
#define SESSION_MASTER_MASTER_API_H

#include "medium/http/http_server.h"
#include "role/master/waiting.h"
#include "session/master/master_metrics.h"
#include "store/store.h"

#define MASTER_WAIT_S_MAX 60
#define MASTER_TAKE_BYTES (1024 * 1024)

struct tokens;

// An answer that several requests have in common. Whoever refs it may be in any thread; the buffer
// is to be filled by one before others get it.
struct master_text;
struct master_text *master_text_make(void);
struct buffer *master_text_buffer(struct master_text *text);
void master_text_unref(struct master_text *text); // NULL is allowed

// A request on its way: what it asks of the store, and what its answer needs. It belongs to its
// exchange and ends with it; in between it stands in one queue (session/master/master_rounds.h), or
// waits (role/master/waiting.h).
struct master_request {
    struct http_exchange *exchange;
    enum master_route route;
    struct store_request store;
    struct store_packet *packets; // on the exchange's memory
    uint32_t packet_count;
    struct buffer text;          // of the answer, or of a classic packet's line
    struct buffer proxy;         // CLASSIC_OUTPUT: a line in the classic router's name
    struct master_text *shared;  // the answer, if others have it too
    uint64_t wait_s;             // TAKE
    struct waiting_request wait; // likewise
    struct master_request *next; // in a queue
};

struct master_api {
    const struct tokens *tokens; // NULL: none is asked for
    bool classic;
    uint64_t silence_ms;
    bool is_loopback; // only this machine reaches it, by names of this machine
};

// The headers of a request are there: makes its master_request, or refuses it.
void master_api_begin(const struct master_api *api, struct http_exchange *exchange);

// The request is there: fills in what it asks of the store. False: it was refused.
bool master_api_read(struct master_request *request);

// The store has answered a LEASE, UPLOAD, TAKE, GIVE_BACK, POP or PUT, or a health check.
void master_api_answer(const struct master_api *api, struct master_request *request);

// The store has answered. True: it is to be asked for one thing more before the client is answered.
bool master_api_goes_on(struct master_request *request);

// Answers a list or metrics with a text, which the request then refs.
void master_api_answer_text(struct master_request *request, struct master_text *text);

// Answers with an error: its number, what is wrong and what to do.
void master_api_fail(struct http_exchange *exchange, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Frees what the request owns, and it.
void master_api_end(struct http_exchange *exchange);

#endif
