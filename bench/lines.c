#include "lines.h"

static const struct topic_values_limits values = {.entries_max = UINT32_MAX,
                                                  .bytes_max = UINT64_MAX};

struct broker_config lines_broker_config(enum suite_policy suite) {
    return (struct broker_config){.line = {.suite = suite,
                                           .ping_interval = 10 * ROLE_SECOND,
                                           .silence = 100 * ROLE_SECOND,
                                           .limits = {UINT32_MAX, UINT32_MAX, UINT32_MAX}},
                                  .values = values};
}

struct client_config lines_client_config(enum suite_policy suite) {
    return (struct client_config){
        .suite = suite,
        .answer_timeout = 5 * ROLE_SECOND,
        .silence = 100 * ROLE_SECOND,
        .brokers_only = true,
        .limits = {.connections = 10, .subscriptions = 10, .devices = 10, .values = values}};
}
