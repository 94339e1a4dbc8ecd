// HTTP by hand, for tests that look at each byte: connections, requests, answers. While an answer
// is awaited, the output of the programs is taken (process.h).
#ifndef TEST_PROCESS_HTTP_H
#define TEST_PROCESS_HTTP_H

#include "process.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>

#define HTTP_HEAD_MAX 2048
#define HTTP_ANSWER_MAX (4u * 1024 * 1024)

struct http_answer {
    unsigned status;
    char head[HTTP_HEAD_MAX]; // status line and headers, ended by a NUL
    char *body;               // likewise ended
    size_t size;
};

// A failed assertion leaves the test by a jump, and what it has not freed; this keeps it in sight.
static char *http_newest_body;

static inline void http_free(struct http_answer *answer) {
    free(answer->body);
    answer->body = NULL;
}

// ---- connections ----------------------------------------------------------------------------

static inline int http_dial(uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in place = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&place, sizeof place), 0);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

// May fail when the other side closes the connection, which reading then tells.
static inline void http_send_bytes(int fd, struct bytes bytes) {
    while (bytes.size > 0) {
        ssize_t sent = send(fd, bytes.data, bytes.size, MSG_NOSIGNAL);
        if (sent <= 0) {
            return;
        }
        bytes = bytes_make(bytes.data + sent, bytes.size - (size_t)sent);
    }
}

static inline void http_send(int fd, const char *text) {
    http_send_bytes(fd, bytes_of_text(text));
}

// Reads what is there, at least a byte; 0 at the end of the connection.
static inline size_t http_take(int fd, char *out, size_t room) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    for (;;) {
        struct pollfd place = {.fd = fd, .events = POLLIN};
        int ready = poll(&place, 1, 20);
        if (ready > 0) {
            ssize_t got = recv(fd, out, room, 0);
            return got > 0 ? (size_t)got : 0;
        }
        (void)process_pump(-1, 0);
        assert_true(process_now_ms() < deadline);
    }
}

// Whether nothing comes and the connection stays, for now.
static inline bool http_is_quiet(int fd) {
    struct pollfd place = {.fd = fd, .events = POLLIN};
    return poll(&place, 1, 0) == 0;
}

static inline void http_await_end(int fd) {
    char bytes[512];
    while (http_take(fd, bytes, sizeof bytes) > 0) {
    }
}

// All bytes until the connection ends, with a NUL behind them, to be freed.
static inline char *http_read_all(int fd) {
    char *text = calloc(1, HTTP_ANSWER_MAX);
    size_t size = 0;
    for (size_t got; (got = http_take(fd, text + size, HTTP_ANSWER_MAX - size - 1)) > 0;) {
        size += got;
    }
    return text;
}

// ---- answers --------------------------------------------------------------------------------

// The value of a header, in a buffer of the function's own; "" if there is none.
static inline const char *http_header(const struct http_answer *answer, const char *name) {
    static char value[256];
    size_t size = strlen(name);
    value[0] = '\0';
    for (const char *line = strstr(answer->head, "\r\n"); line != NULL;
         line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, size) == 0 && line[size] == ':') {
            (void)snprintf(value, sizeof value, "%.*s", (int)strcspn(line + size + 2, "\r"),
                           line + size + 2);
            return value;
        }
    }
    return value;
}

static inline uint64_t http_header_number(const struct http_answer *answer, const char *name) {
    const char *value = http_header(answer, name);
    assert_true(value[0] >= '0' && value[0] <= '9');
    return strtoull(value, NULL, 10);
}

// Reads one answer; its body is told by its Content-Length.
static inline struct http_answer http_read(int fd) {
    struct http_answer answer = {0};
    bool right = true;
    for (size_t size = 0; right && strstr(answer.head, "\r\n\r\n") == NULL; size++) {
        // Byte by byte: what follows is the body.
        right = size < HTTP_HEAD_MAX - 1 && http_take(fd, answer.head + size, 1) > 0;
    }
    if (right && strncmp(answer.head, "HTTP/1.1 ", 9) == 0) {
        answer.status = (unsigned)strtoul(answer.head + 9, NULL, 10);
    }
    const char *length = http_header(&answer, "Content-Length");
    answer.size = length[0] != '\0' ? strtoull(length, NULL, 10) : 0;
    answer.body = http_newest_body = calloc(1, answer.size + 1);
    for (size_t done = 0; right && done < answer.size;) {
        size_t got = http_take(fd, answer.body + done, answer.size - done);
        right = got > 0;
        done += got;
    }
    if (!right || answer.status == 0) {
        print_error("this is no whole answer: %s\n", answer.head);
    }
    assert_true(right && answer.status != 0);
    return answer;
}

// ---- requests -------------------------------------------------------------------------------

struct http_request {
    const char *method;
    const char *path;
    const char *headers; // each with its CR LF, or NULL
    const char *body;    // or NULL
};

static inline void http_send_request(int fd, const struct http_request *request) {
    char *text = NULL;
    char length[64] = "";
    const char *body = request->body != NULL ? request->body : "";
    if (request->body != NULL) {
        (void)snprintf(length, sizeof length, "Content-Length: %zu\r\n", strlen(body));
    }
    assert_true(asprintf(&text, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s%s\r\n%s", request->method,
                         request->path, request->headers != NULL ? request->headers : "", length,
                         body) > 0);
    http_send(fd, text);
    free(text);
}

static inline struct http_answer http_ask_with(int fd, const struct http_request *request) {
    http_send_request(fd, request);
    return http_read(fd);
}

#define http_ask(fd, ...) http_ask_with((fd), &(struct http_request){__VA_ARGS__})

// Asks and checks the status; the answer is to be freed.
static inline struct http_answer http_expect_with(int fd, unsigned status,
                                                  const struct http_request *request) {
    struct http_answer answer = http_ask_with(fd, request);
    if (answer.status != status) {
        print_error("%s %s: %s%s\n", request->method, request->path, answer.head, answer.body);
    }
    assert_int_equal(answer.status, status);
    return answer;
}

#define http_expect(fd, status, ...) \
    http_expect_with((fd), (status), &(struct http_request){__VA_ARGS__})

// A number of a JSON body.
static inline json_int_t http_number(const struct http_answer *answer, const char *key) {
    json_t *object = json_loads(answer->body, 0, NULL);
    const json_t *value = json_object_get(object, key);
    if (!json_is_integer(value)) {
        print_error("no number %s in %s\n", key, answer->body);
    }
    assert_true(json_is_integer(value));
    json_int_t number = json_integer_value(value);
    json_decref(object);
    return number;
}

#endif
