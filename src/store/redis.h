// The store `redis://HOST:PORT`: many masters side by side on one Redis (6.2 or later; no cluster).
//
// Each request is one script, so it happens as a whole; all requests of a call of execute travel
// together. A gate's lease is a hash and its mailbox a list of runs of lines; both have the same
// expiry, so Redis itself drops a silent gate with its mailbox. Time is that of Redis' clock.
//
// While Redis is away, requests are unavailable, and each later call tries to reach it again. It is
// unknown what became of a request whose answer was lost; uploads are numbered, so they can be
// repeated. What survives a crash of Redis is up to its configuration (appendfsync); one that is
// away for longer than the silence comes back without the gates. The program ignores SIGPIPE.
#ifndef STORE_REDIS_H
#define STORE_REDIS_H

#include "store/store.h"

// `place` is [:PASSWORD@]HOST[:PORT][/DATABASE]; a HOST with colons stands in brackets.
struct store *store_redis_open(const char *place, const struct store_limits *limits,
                               struct store_error *error);

#endif
