#include "web/web_control.h"

#include <curl/curl.h>
#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/decimal.h"
#include "shell/clock.h"

#define URL_MAX 512
#define READ_BYTES 4096
#define NANOSECONDS_A_MS UINT64_C(1000000)

struct waiting {
    struct waiting *next;
    struct http_exchange *exchange;
};

// Either `fd` or `url` is where the program is asked. Requests wait in a list from `first` on;
// the thread takes them from there until it is to stop.
struct web_control {
    int fd;         // -1: there is none
    bool is_silent; // in the thread: it did not answer, and is asked no more
    char url[URL_MAX];
    CURL *easy; // NULL: it is a socket
    struct curl_slist *headers;
    pthread_t thread;
    atomic_bool is_stopping;
    pthread_mutex_t lock; // of the rest
    pthread_cond_t changed;
    struct waiting *first;
    struct waiting **last;
};

// ---- by a socket --------------------------------------------------------------------------------

static bool write_line(int fd, struct bytes line) {
    char text[WEB_CONTROL_LINE_MAX + 1];
    memcpy(text, line.data, line.size);
    text[line.size] = '\n';
    for (size_t done = 0; done < line.size + 1;) {
        ssize_t size = send(fd, text + done, line.size + 1 - done, MSG_NOSIGNAL);
        if (size < 0 && errno != EINTR) {
            return false;
        }
        done += size > 0 ? (size_t)size : 0;
    }
    return true;
}

// Whether something comes until then. A signal to the thread ends the wait early, and says nothing
// about the program.
static bool await_input(int fd, uint64_t deadline) {
    struct pollfd polled = {.fd = fd, .events = POLLIN};
    int ready;
    do {
        uint64_t now = clock_steady();
        uint64_t left = now < deadline ? deadline - now : 0;
        ready = poll(&polled, 1, (int)(left / NANOSECONDS_A_MS));
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

// One line, without its end.
static bool read_line(int fd, struct buffer *answer) {
    uint64_t deadline = clock_steady() + WEB_CONTROL_SECONDS * 1000 * NANOSECONDS_A_MS;
    while (answer->size < WEB_CONTROL_ANSWER_MAX && await_input(fd, deadline)) {
        ssize_t size = recv(fd, buffer_reserve(answer, READ_BYTES), READ_BYTES, 0);
        if (size == 0 || (size < 0 && errno != EINTR)) {
            return false;
        }
        answer->size += size > 0 ? (size_t)size : 0;
        if (size > 0 && answer->data[answer->size - 1] == '\n') {
            answer->size--;
            return true;
        }
    }
    return false;
}

static bool ask_socket(struct web_control *control, struct bytes line, struct buffer *answer) {
    control->is_silent = control->is_silent || atomic_load(&control->is_stopping) ||
                         !write_line(control->fd, line) || !read_line(control->fd, answer);
    return !control->is_silent;
}

// ---- by HTTP ------------------------------------------------------------------------------------

static size_t take_body(char *data, size_t size, size_t count, void *context) {
    struct buffer *answer = context;
    if (answer->size + size * count > WEB_CONTROL_ANSWER_MAX) {
        return 0;
    }
    buffer_append(answer, bytes_make(data, size * count));
    return size * count;
}

static int on_progress(void *context, curl_off_t total, curl_off_t got, curl_off_t to_send,
                       curl_off_t sent) {
    struct web_control *control = context;
    (void)total, (void)got, (void)to_send, (void)sent;
    return atomic_load(&control->is_stopping);
}

static bool ask_api(struct web_control *control, struct bytes line, struct buffer *answer) {
    CURL *easy = control->easy;
    json_t *body = json_pack("{s:s%}", "command", (const char *)line.data, line.size);
    char *text = line.size == 0 || body == NULL ? NULL : json_dumps(body, JSON_COMPACT);
    json_decref(body);
    (void)curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    if (text != NULL) {
        (void)curl_easy_setopt(easy, CURLOPT_POST, 1L);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, text);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)bytes_of_text(text).size);
    }
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, answer);
    bool is_answered = curl_easy_perform(easy) == CURLE_OK;
    free(text);
    return is_answered;
}

static void start_curl(void) {
    (void)curl_global_init(CURL_GLOBAL_ALL);
}

// Straight to the place, without redirections or a proxy of the environment.
static bool open_api(struct web_control *control, const char *url) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    size_t size = bytes_of_text(url).size;
    size -= size > 0 && url[size - 1] == '/';
    int written = snprintf(control->url, URL_MAX, "%.*s/levers", (int)size, url);
    (void)pthread_once(&once, start_curl);
    control->easy = curl_easy_init();
    control->headers = curl_slist_append(NULL, "Content-Type: application/json");
    ASSERT_MESSAGE(control->easy != NULL && control->headers != NULL, "out of memory");
    CURL *easy = control->easy;
    (void)curl_easy_setopt(easy, CURLOPT_URL, control->url);
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http");
    (void)curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, control->headers);
    (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)WEB_CONTROL_SECONDS);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    (void)curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    (void)curl_easy_setopt(easy, CURLOPT_XFERINFODATA, control);
    return written < URL_MAX;
}

// ---- requests -----------------------------------------------------------------------------------

static void answer_text(struct http_exchange *exchange, unsigned status, const char *text) {
    exchange->status = status;
    exchange->content_type = "text/plain; charset=utf-8";
    exchange->answer = bytes_of_text(text);
}

static bool ask(struct web_control *control, struct bytes line, struct buffer *answer) {
    return control->easy == NULL ? ask_socket(control, line, answer)
                                 : ask_api(control, line, answer);
}

static void serve(struct web_control *control, struct http_exchange *exchange) {
    struct buffer answer;
    buffer_init(&answer, &exchange->memory);
    if (ask(control, buffer_bytes(&exchange->body), &answer)) {
        exchange->body.size = 0;
        buffer_append(&exchange->body, buffer_bytes(&answer));
        exchange->status = 200;
        exchange->content_type = "application/json";
        exchange->answer = buffer_bytes(&exchange->body);
    } else {
        answer_text(exchange, 502, "the program does not answer, or has ended\n");
    }
    buffer_deinit(&answer);
    http_exchange_resume(exchange);
}

// NULL: it is to stop, and nothing waits any more.
static struct http_exchange *take_first(struct web_control *control) {
    pthread_mutex_lock(&control->lock);
    while (control->first == NULL && !atomic_load(&control->is_stopping)) {
        pthread_cond_wait(&control->changed, &control->lock);
    }
    struct waiting *first = control->first;
    if (first != NULL) {
        control->first = first->next;
        control->last = first->next == NULL ? &control->first : control->last;
    }
    pthread_mutex_unlock(&control->lock);
    struct http_exchange *exchange = first == NULL ? NULL : first->exchange;
    free(first);
    return exchange;
}

static void *work(void *context) {
    struct web_control *control = context;
    for (struct http_exchange *exchange; (exchange = take_first(control)) != NULL;) {
        serve(control, exchange);
    }
    return NULL;
}

static bool is_line(struct bytes line) {
    for (size_t i = 0; i < line.size; i++) {
        if (line.data[i] < ' ' || line.data[i] == 0x7f) {
            return false;
        }
    }
    return line.size <= WEB_CONTROL_LINE_MAX;
}

void web_control_ask(struct web_control *control, struct http_exchange *exchange) {
    if (!is_line(buffer_bytes(&exchange->body))) {
        answer_text(exchange, 400, "a command is one line\n");
        return;
    }
    struct waiting *waiting = malloc(sizeof *waiting);
    ASSERT_MESSAGE(waiting != NULL, "out of memory");
    *waiting = (struct waiting){.exchange = exchange};
    pthread_mutex_lock(&control->lock);
    bool is_taken = !atomic_load(&control->is_stopping);
    if (is_taken) {
        http_exchange_suspend(exchange);
        *control->last = waiting;
        control->last = &waiting->next;
        pthread_cond_signal(&control->changed);
    }
    pthread_mutex_unlock(&control->lock);
    if (!is_taken) {
        free(waiting);
        answer_text(exchange, 503, "the page ends\n");
    }
}

// ---- from start to end --------------------------------------------------------------------------

static bool open_socket(struct web_control *control, const char *number) {
    uint64_t fd;
    if (!decimal_read(bytes_of_text(number), INT32_MAX, &fd) || fd <= STDERR_FILENO) {
        return false;
    }
    control->fd = (int)fd;
    int type = 0;
    socklen_t size = sizeof type;
    return getsockopt(control->fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

struct web_control *web_control_open(const char *where, struct http_error *error) {
    struct web_control *control = calloc(1, sizeof *control);
    ASSERT_MESSAGE(control != NULL, "out of memory");
    control->fd = -1;
    control->last = &control->first;
    bool is_right = strncmp(where, "fd:", 3) == 0       ? open_socket(control, where + 3)
                    : strncmp(where, "http://", 7) == 0 ? open_api(control, where)
                                                        : false;
    pthread_mutex_init(&control->lock, NULL);
    pthread_cond_init(&control->changed, NULL);
    if (is_right && pthread_create(&control->thread, NULL, work, control) == 0) {
        return control;
    }
    (void)snprintf(error->text, sizeof error->text,
                   "%.200s: must be the URL of a proxy's API, as http://127.0.0.1:8474; programs "
                   "that show themselves with --web have --control, too",
                   where);
    control->fd = -1;
    web_control_close(control);
    return NULL;
}

void web_control_stop(struct web_control *control) {
    pthread_mutex_lock(&control->lock);
    atomic_store(&control->is_stopping, true);
    pthread_cond_signal(&control->changed);
    pthread_mutex_unlock(&control->lock);
    if (control->fd >= 0) {
        (void)shutdown(control->fd, SHUT_RDWR); // what waits for an answer waits no longer
    }
    pthread_join(control->thread, NULL);
}

void web_control_close(struct web_control *control) {
    if (control == NULL) {
        return;
    }
    if (control->fd >= 0) {
        close(control->fd);
    }
    curl_easy_cleanup(control->easy);
    curl_slist_free_all(control->headers);
    pthread_cond_destroy(&control->changed);
    pthread_mutex_destroy(&control->lock);
    free(control);
}
