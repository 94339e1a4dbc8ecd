// What tests of several networks share: routers, brokers and clients of networks by name, and
// numbered packets from one network to another.
#ifndef TEST_PROCESS_INTERNET_H
#define TEST_PROCESS_INTERNET_H

#include "master.h"
#include "proxy.h"

#define URL_SIZE 64

static char url[URL_SIZE]; // of the master

// ---- the programs ---------------------------------------------------------------------------

#define start_master(...) set_url(master_start(__VA_ARGS__))

static inline struct process *set_url(struct process *master) {
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", master_port(master));
    return master;
}

static inline void set_proxy_url(const struct proxy *proxy) {
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", proxy->port);
}

// With a port and a store that outlast it; port 0 is any.
static inline struct process *start_master_at(unsigned port, const char *store) {
    char listen[32];
    (void)snprintf(listen, sizeof listen, "127.0.0.1:%u", port);
    return process_start("master", "--listen", listen, "--store", store, "--idle-timeout", "600");
}

static inline unsigned master_port_of_url(void) {
    return (unsigned)strtoul(strrchr(url, ':') + 1, NULL, 10);
}

#define start_router(network, ...) \
    process_start("router", "--network", network, "--master", url, __VA_ARGS__)

static inline struct process *join_router(const char *network, const char *gate) {
    struct process *router = start_router(network, "--gate", gate);
    process_await_err(router, " on the network ");
    return router;
}

static inline struct process *join_broker(const char *network, const char *address) {
    struct process *broker =
        process_start("broker", "--network", network, "--address", address, "--name", "hub");
    process_await_err(broker, " on the network ");
    return broker;
}

static inline struct process *join_client(const char *network, const char *suite) {
    struct process *client = process_start("client", "--network", network, "--suite", suite);
    process_await_err(client, " on the network ");
    return client;
}

static inline size_t count_in(const char *name, const char *part) {
    char *content = process_file(name);
    size_t count = content != NULL ? process_occurrences(content, part) : 0;
    free(content);
    return count;
}

// ---- numbered packets -----------------------------------------------------------------------

// Numbered packets from device 580 of network one to device 999 of network two.
static inline void append_entries(unsigned from, unsigned to) {
    char *path = support_path(process_folder, "one");
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    (void)setvbuf(file, NULL, _IOFBF, 1 << 20);
    for (unsigned i = from; i < to; i++) {
        fprintf(file, "1795435622\t580\t8999\tpubl\t-%u-\t1\t\n", i);
    }
    assert_int_equal(fclose(file), 0);
    free(path);
}

// How many arrived, all in their order and none twice.
static inline unsigned arrived_entries(void) {
    char *content = process_file("two");
    unsigned next = 0;
    for (const char *at = content; at != NULL && (at = strstr(at, "\t999\tpubl\t-")) != NULL;) {
        at += strlen("\t999\tpubl\t-");
        if (strchr(at, '\n') == NULL) {
            break; // it is being written
        }
        assert_int_equal(strtoul(at, NULL, 10), next);
        next++;
    }
    free(content);
    return next;
}

static inline void await_entries(unsigned count) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    while (arrived_entries() < count) {
        assert_true(process_now_ms() < deadline);
        (void)process_pump(-1, 20);
    }
    assert_int_equal(arrived_entries(), count);
}

#endif
