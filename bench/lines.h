// Brokers and clients of the line network without limits, for benchmarks of their roles.
#ifndef BENCH_LINES_H
#define BENCH_LINES_H

#include "role/broker/broker.h"
#include "role/client/client.h"

struct broker_config lines_broker_config(enum suite_policy suite);
struct client_config lines_client_config(enum suite_policy suite);

#endif
