// The little that a bench needs of an MQTT client.
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <stdint.h>

// Connects to the broker at the port of the loopback address, as a new session, without keep alive.
// Blocks until it is let in, for at most ten seconds. -1: it is not. The socket, with TCP_NODELAY,
// is the caller's to close.
int bench_client_connect(uint16_t port, const char *client_id, unsigned protocol_level);
// The same by MQTT 3.1.1, to a session that stays when the client goes.
int bench_client_resume(uint16_t port, const char *client_id);

#endif
