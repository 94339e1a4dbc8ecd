// A master for tests, and what its clients ask again and again.
#ifndef TEST_PROCESS_MASTER_H
#define TEST_PROCESS_MASTER_H

#include "http.h"

#define MASTER_SECRET_TEXT 33

#define LINE(sender, receiver, text) \
    "1795435622\t" #sender "\t" #receiver "\tpubl\t-" text "-\t1\t\n"

struct lease {
    unsigned gate;
    char secret[MASTER_SECRET_TEXT];
    char header[64]; // with its CR LF
};

// Where the master listens, from what it says of itself.
static inline uint16_t master_port(struct process *master) {
    if (strstr(process_text(&master->err), " (store ") == NULL) {
        process_await_err(master, " (store ");
    }
    const char *place = strstr(process_text(&master->err), "master at http");
    const char *colon = strchr(strstr(place, "//"), ':');
    return (uint16_t)strtoul(colon + 1, NULL, 10);
}

#define master_start(...) \
    process_start("master", "--listen", "127.0.0.1:0", "--store", "memory", __VA_ARGS__)

static inline struct lease master_lease_of(unsigned gate, const char *secret) {
    struct lease lease = {.gate = gate};
    (void)snprintf(lease.secret, sizeof lease.secret, "%s", secret);
    (void)snprintf(lease.header, sizeof lease.header, "Lease-Secret: %s\r\n", secret);
    return lease;
}

// Leases the gate (0: any) with the secret (NULL: a new one).
static inline struct lease master_lease(int fd, unsigned gate, const char *secret) {
    char body[96] = "{}";
    if (gate != 0 && secret != NULL) {
        (void)snprintf(body, sizeof body, "{\"gate\":%u,\"secret\":\"%s\"}", gate, secret);
    } else if (gate != 0) {
        (void)snprintf(body, sizeof body, "{\"gate\":%u}", gate);
    }
    struct http_answer answer = http_ask(fd, "POST", "/v1/gates", NULL, body);
    bool right = answer.status == 200 || answer.status == 201;
    if (!right) {
        print_error("%s%s\n", answer.head, answer.body);
    }
    assert_true(right);
    json_t *object = json_loads(answer.body, 0, NULL);
    struct lease lease =
        master_lease_of((unsigned)json_integer_value(json_object_get(object, "gate")),
                        json_string_value(json_object_get(object, "secret")));
    json_decref(object);
    http_free(&answer);
    return lease;
}

static inline struct http_answer master_upload(int fd, const struct lease *lease, unsigned first,
                                               const char *lines) {
    char path[96];
    (void)snprintf(path, sizeof path, "/v1/gates/%u/packets?first=%u", lease->gate, first);
    return http_ask(fd, "POST", path, lease->header, lines);
}

// Uploads and checks that all lines are taken now, and how many were new.
static inline void master_uploads(int fd, const struct lease *lease, unsigned first,
                                  const char *lines, unsigned accepted) {
    struct http_answer answer = master_upload(fd, lease, first, lines);
    if (answer.status != 200) {
        print_error("%s%s\n", answer.head, answer.body);
    }
    assert_int_equal(answer.status, 200);
    assert_int_equal(http_number(&answer, "uploaded"),
                     first + process_occurrences(lines, "\n") - 1);
    assert_int_equal(http_number(&answer, "accepted"), accepted);
    http_free(&answer);
}

static inline void master_send_take(int fd, const struct lease *lease, uint64_t after,
                                    unsigned wait) {
    char path[128];
    (void)snprintf(path, sizeof path, "/v1/gates/%u/mailbox?after=%llu&wait=%u", lease->gate,
                   (unsigned long long)after, wait);
    http_send_request(
        fd, &(struct http_request){.method = "GET", .path = path, .headers = lease->header});
}

// Takes and checks what is there; returns Mailbox-Last.
static inline uint64_t master_takes(int fd, const struct lease *lease, uint64_t after,
                                    const char *lines) {
    master_send_take(fd, lease, after, 0);
    struct http_answer answer = http_read(fd);
    assert_string_equal(answer.body, lines);
    assert_int_equal(answer.status, lines[0] != '\0' ? 200 : 204);
    uint64_t last = http_header_number(&answer, "Mailbox-Last");
    http_free(&answer);
    return last;
}

// The value of a metric.
static inline unsigned long long master_metric(int fd, const char *name) {
    struct http_answer answer = http_expect(fd, 200, "GET", "/metrics", NULL, NULL);
    unsigned long long value = 0;
    const char *at = answer.body;
    size_t size = strlen(name);
    while (strncmp(at, name, size) != 0 || at[size] != ' ') {
        at = strchr(at, '\n');
        assert_non_null(at);
        at++;
    }
    value = strtoull(at + size + 1, NULL, 10);
    http_free(&answer);
    return value;
}

// Asks again and again: what is awaited happens without us.
static inline void master_await_metric(int fd, const char *name, unsigned long long value) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    while (master_metric(fd, name) != value) {
        assert_true(process_now_ms() < deadline);
    }
}

#endif
