// A running master: its HTTP server in front, its store behind, and the requests between them.
//
// The HTTP server's threads read requests and put them into a queue. The thread of the given loop
// executes them in rounds (session/master/master_rounds.h), each with one call of the store (so a
// durable store commits once for many), and answers them. A request that finds its mailbox empty
// and may wait costs no thread: it is suspended until an upload, here or at another master, puts
// something into that mailbox, until its time is over, or until the lease wants to be renewed,
// which asks the store again too. One request waits for a gate; a newer one of the same gate takes
// its place.
#ifndef SESSION_MASTER_MASTER_SERVER_H
#define SESSION_MASTER_MASTER_SERVER_H

#include "session/master/master_tap.h"

#include <uv.h>

struct master_server_events {
    void *context;
    // In the loop's thread. A gate was leased anew (`came`) or given back.
    void (*gate)(void *context, uint32_t gate, bool came);
    // Packets of a gate were taken, as lines. NULL: nobody wants to see them.
    void (*packets)(void *context, uint32_t gate, struct bytes lines);
};

struct master_server_options {
    struct http_server_options http; // but for its events
    struct master_api api;
    struct store *store; // borrowed
    struct master_server_events events;
    struct master_tap *tap; // borrowed; NULL: none
};

struct master_server;

// The server begins to answer once the loop runs. NULL and *error if it cannot start.
struct master_server *master_server_open(const struct master_server_options *options,
                                         uv_loop_t *loop, struct http_error *error);

// All of these in the loop's thread.
//
// To be called about once a second; also in the round of the loop in which the server was closed,
// since its timers may still come.
void master_server_tick(struct master_server *server);
// Executes a LIST; its `lines` are the caller's, initialised.
void master_server_list(struct master_server *server, struct store_request *request);
struct master_gauges master_server_gauges(struct master_server *server,
                                          const struct store_request *list);
const struct master_metrics *master_server_metrics(const struct master_server *server);
// How many requests wait for packets of this gate: 0 or 1.
unsigned master_server_waiting(const struct master_server *server, uint32_t gate);

// Accepts nothing more and answers what waits.
void master_server_stop(struct master_server *server);
// Whether all is answered and sent, so that closing cuts nothing off.
bool master_server_is_idle(struct master_server *server);
// Closes its handles; the loop has to run once more before it is closed itself.
void master_server_close(struct master_server *server);
// Once the loop is closed, and the store.
void master_server_free(struct master_server *server);

#endif
