#include "medium/http/master_link.h"

#include <curl/curl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/decimal.h"
#include "medium/http/host_name.h"
#include "packet/packet.h"

#define URLS_MAX 16
#define CONNECT_SECONDS 10L
// Beyond the time that the master is asked to wait: without a byte, and altogether. libcurl takes
// the mean of five seconds, so a connection that a NAT forgot is given up five seconds later.
#define QUIET_SECONDS 5L
#define ANSWER_SECONDS 300L
#define URL_BYTES 1024

// One request at a time. The handle of libcurl keeps the connection from one to the next. If the
// URL in use does not answer, the next one is tried. `cancelled` may be set by any thread, and
// ends the request that is under way.
struct master_link {
    char *urls[URLS_MAX]; // without a slash at their end
    unsigned url_count;
    unsigned url; // the one in use
    char *ca;
    CURL *easy;
    CURLM *multi;
    struct curl_slist *headers; // all but the lease's
    struct memory memory;
    struct buffer body; // of the answer
    _Atomic bool cancelled;
    char curl_text[CURL_ERROR_SIZE];
    char text[512]; // of the last answer
};

// ---- making one -----------------------------------------------------------------------------

static void start_curl(void) {
    (void)curl_global_init(CURL_GLOBAL_ALL);
}

static bool add_url(struct master_link *link, const char *start, size_t size) {
    while (size > 0 && start[size - 1] == '/') {
        size--;
    }
    bool is_http = (size > 7 && strncmp(start, "http://", 7) == 0) ||
                   (size > 8 && strncmp(start, "https://", 8) == 0);
    if (!is_http || size > URL_BYTES / 2 || link->url_count == URLS_MAX) {
        return false;
    }
    link->urls[link->url_count] = strndup(start, size);
    ASSERT_MESSAGE(link->urls[link->url_count] != NULL, "out of memory");
    link->url_count++;
    return true;
}

static bool add_urls(struct master_link *link, const char *urls) {
    for (;;) {
        size_t size = strcspn(urls, ",");
        if (!add_url(link, urls, size)) {
            return false;
        }
        if (urls[size] == '\0') {
            return true;
        }
        urls += size + 1;
    }
}

static void add_header(struct curl_slist **headers, const char *name, const char *value) {
    char *text;
    ASSERT_MESSAGE(asprintf(&text, "%s: %s", name, value) > 0, "out of memory");
    *headers = curl_slist_append(*headers, text);
    ASSERT_MESSAGE(*headers != NULL, "out of memory");
    free(text);
}

struct master_link *master_link_create(const struct master_link_options *options, char text[512]) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_curl);
    struct master_link *link = calloc(1, sizeof *link);
    ASSERT_MESSAGE(link != NULL, "out of memory");
    memory_init(&link->memory);
    buffer_init(&link->body, &link->memory);
    if (!add_urls(link, options->urls)) {
        snprintf(text, 512, "--master %s: give the master's address, such as http://127.0.0.1:8883",
                 options->urls);
        master_link_destroy(link);
        return NULL;
    }
    link->easy = curl_easy_init();
    link->multi = curl_multi_init();
    ASSERT_MESSAGE(link->easy != NULL && link->multi != NULL, "out of memory");
    link->ca = options->ca != NULL ? strdup(options->ca) : NULL;
    link->headers = curl_slist_append(NULL, "Expect:"); // a round trip less for large batches
    if (options->token != NULL) {
        char *bearer;
        ASSERT_MESSAGE(asprintf(&bearer, "Bearer %s", options->token) > 0, "out of memory");
        add_header(&link->headers, "Authorization", bearer);
        free(bearer);
    }
    return link;
}

void master_link_destroy(struct master_link *link) {
    if (link == NULL) {
        return;
    }
    curl_easy_cleanup(link->easy);
    if (link->multi != NULL) {
        curl_multi_cleanup(link->multi);
    }
    curl_slist_free_all(link->headers);
    for (unsigned i = 0; i < link->url_count; i++) {
        free(link->urls[i]);
    }
    free(link->ca);
    buffer_deinit(&link->body);
    free(link);
}

void master_link_cancel(struct master_link *link) {
    atomic_store(&link->cancelled, true);
    (void)curl_multi_wakeup(link->multi);
}

// ---- one request ----------------------------------------------------------------------------

static size_t take_body(char *data, size_t one, size_t count, void *context) {
    struct master_link *link = context;
    size_t size = one * count;
    if (link->body.size + size > MASTER_ANSWER_BYTES) {
        return 0;
    }
    buffer_append(&link->body, bytes_make(data, size));
    return size;
}

static void set_url(struct master_link *link, const struct gate_request *request) {
    const char *base = link->urls[link->url];
    char url[URL_BYTES];
    unsigned long long number = (unsigned long long)request->number;
    switch (request->kind) {
    case GATE_LEASE:
        snprintf(url, sizeof url, "%s/v1/gates", base);
        break;
    case GATE_UPLOAD:
        snprintf(url, sizeof url, "%s/v1/gates/%u/packets?first=%llu", base, request->gate, number);
        break;
    case GATE_TAKE:
        snprintf(url, sizeof url, "%s/v1/gates/%u/mailbox?after=%llu&wait=%u&max=%u", base,
                 request->gate, number, request->wait_s, GATE_BATCH_BYTES);
        break;
    case GATE_GIVE_BACK:
        snprintf(url, sizeof url, "%s/v1/gates/%u", base, request->gate);
        break;
    }
    curl_easy_setopt(link->easy, CURLOPT_URL, url);
    // A proxy of the environment is for the way out, not for this very machine.
    if (host_name_is_loopback(host_name_of_url(bytes_of_text(url)))) {
        curl_easy_setopt(link->easy, CURLOPT_PROXY, "");
    }
}

static void set_method(struct master_link *link, const struct gate_request *request,
                       struct bytes body) {
    if (request->kind == GATE_LEASE || request->kind == GATE_UPLOAD) {
        curl_easy_setopt(link->easy, CURLOPT_POST, 1L);
        curl_easy_setopt(link->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.size);
        curl_easy_setopt(link->easy, CURLOPT_POSTFIELDS, (const char *)body.data);
    } else if (request->kind == GATE_GIVE_BACK) {
        curl_easy_setopt(link->easy, CURLOPT_CUSTOMREQUEST, "DELETE");
    }
}

// The connection stays open over a reset of the options.
static void set_options(struct master_link *link, const struct gate_request *request) {
    curl_easy_reset(link->easy);
    curl_easy_setopt(link->easy, CURLOPT_ERRORBUFFER, link->curl_text);
    curl_easy_setopt(link->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(link->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(link->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(link->easy, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    curl_easy_setopt(link->easy, CURLOPT_TIMEOUT, ANSWER_SECONDS + (long)request->wait_s);
    curl_easy_setopt(link->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(link->easy, CURLOPT_LOW_SPEED_TIME, QUIET_SECONDS + (long)request->wait_s);
    curl_easy_setopt(link->easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(link->easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(link->easy, CURLOPT_WRITEDATA, link);
    if (link->ca != NULL) {
        curl_easy_setopt(link->easy, CURLOPT_CAINFO, link->ca);
        curl_easy_setopt(link->easy, CURLOPT_CAPATH, NULL);
    }
    set_url(link, request);
}

// Runs until the answer is there or the link is cancelled.
static CURLcode perform(struct master_link *link) {
    CURLcode result = CURLE_ABORTED_BY_CALLBACK;
    link->curl_text[0] = '\0';
    curl_multi_add_handle(link->multi, link->easy);
    while (!atomic_load(&link->cancelled)) {
        int running = 0;
        int left;
        (void)curl_multi_perform(link->multi, &running);
        const CURLMsg *message = curl_multi_info_read(link->multi, &left);
        if (message != NULL && message->msg == CURLMSG_DONE) {
            result = message->data.result;
            break;
        }
        (void)curl_multi_poll(link->multi, NULL, 0, 1000, NULL);
    }
    curl_multi_remove_handle(link->multi, link->easy);
    return result;
}

// ---- what the answer says -------------------------------------------------------------------

__attribute__((format(printf, 4, 5))) static void fail(struct master_link *link,
                                                       struct gate_answer *answer,
                                                       enum gate_status status, const char *format,
                                                       ...) {
    va_list arguments;
    char *text = link->text;
    int size = snprintf(text, sizeof link->text, "master %s: ", link->urls[link->url]);
    va_start(arguments, format);
    (void)vsnprintf(text + size, sizeof link->text - (size_t)size, format, arguments);
    va_end(arguments);
    answer->text = text;
    answer->status = status;
}

static void fail_strange(struct master_link *link, struct gate_answer *answer) {
    long status = 0;
    curl_easy_getinfo(link->easy, CURLINFO_RESPONSE_CODE, &status);
    fail(link, answer, GATE_STRANGE,
         "what answers there (with status %ld) is not a master; check the address given with "
         "--master",
         status);
}

static bool read_header(struct master_link *link, const char *name, uint64_t *number) {
    struct curl_header *header;
    return curl_easy_header(link->easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK &&
           decimal_read(bytes_of_text(header->value), UINT64_MAX, number);
}

static void read_lease(struct master_link *link, struct gate_answer *answer, const json_t *body) {
    json_int_t gate = json_integer_value(json_object_get(body, "gate"));
    json_int_t uploaded = json_integer_value(json_object_get(body, "uploaded"));
    json_int_t silence = json_integer_value(json_object_get(body, "silence_s"));
    const char *secret = json_string_value(json_object_get(body, "secret"));
    size_t size = secret == NULL ? 0 : strlen(secret);
    bool is_plain = size > 0 && size < GATE_SECRET_TEXT_SIZE &&
                    strspn(secret, "0123456789abcdefABCDEF") == size;
    if (gate < 1 || gate > (json_int_t)PACKET_GATE_MAX || uploaded < 0 || silence < 0 ||
        !is_plain) {
        fail_strange(link, answer);
        return;
    }
    answer->gate = (uint32_t)gate;
    answer->uploaded = (uint64_t)uploaded;
    answer->silence_s = (unsigned)silence;
    memcpy(answer->secret, secret, size + 1);
}

static void read_upload(struct master_link *link, struct gate_answer *answer, const json_t *body) {
    const json_t *uploaded = json_object_get(body, "uploaded");
    if (!json_is_integer(uploaded) || json_integer_value(uploaded) < 0) {
        fail_strange(link, answer);
        return;
    }
    answer->uploaded = (uint64_t)json_integer_value(uploaded);
    json_int_t unreachable = json_integer_value(json_object_get(body, "unreachable"));
    json_int_t accepted = json_integer_value(json_object_get(body, "accepted"));
    answer->unreachable = unreachable > 0 ? (uint64_t)unreachable : 0;
    answer->accepted = accepted > 0 && accepted <= UINT32_MAX ? (uint32_t)accepted : 0;
}

static void read_mailbox(struct master_link *link, struct gate_answer *answer) {
    struct bytes lines = buffer_bytes(&link->body);
    if (!read_header(link, "Mailbox-Last", &answer->last) ||
        !read_header(link, "Mailbox-Missing", &answer->missing) ||
        (lines.size > 0 && lines.data[lines.size - 1] != '\n')) {
        fail_strange(link, answer);
        return;
    }
    answer->lines = lines;
}

static void read_good(struct master_link *link, const struct gate_request *request,
                      struct gate_answer *answer, const json_t *body) {
    answer->status = GATE_OK;
    switch (request->kind) {
    case GATE_LEASE:
        read_lease(link, answer, body);
        break;
    case GATE_UPLOAD:
        read_upload(link, answer, body);
        break;
    case GATE_TAKE:
        read_mailbox(link, answer);
        break;
    case GATE_GIVE_BACK:
        break;
    }
}

static void read_conflict(struct master_link *link, const struct gate_request *request,
                          struct gate_answer *answer, const json_t *body) {
    if (request->kind == GATE_LEASE) {
        fail(link, answer, GATE_TAKEN,
             "another router holds gate %u; end that one, wait until its lease has run out, or "
             "choose another gate with --gate",
             request->gate);
        return;
    }
    read_upload(link, answer, body);
    if (answer->status != GATE_STRANGE) {
        answer->status = GATE_GAP;
    }
}

static void read_bad(struct master_link *link, const struct gate_request *request,
                     struct gate_answer *answer, const json_t *body) {
    long status = 0;
    uint64_t seconds = 0;
    curl_easy_getinfo(link->easy, CURLINFO_RESPONSE_CODE, &status);
    const char *error = json_string_value(json_object_get(body, "error"));
    (void)read_header(link, "Retry-After", &seconds);
    answer->retry_after_s = seconds < 3600 ? (unsigned)seconds : 3600;
    if (status == 401) {
        fail(link, answer, GATE_NO_ACCESS,
             "the token is missing or wrong; give a file with one of the master's tokens with "
             "--token-file");
    } else if (status == 502 || status == 503 || status == 504) {
        fail(link, answer, GATE_UNAVAILABLE, "is not ready (status %ld%s%s)", status,
             error != NULL ? ": " : "", error != NULL ? error : "");
    } else if (error == NULL) {
        fail_strange(link, answer);
    } else if (status == 403) {
        fail(link, answer, GATE_NO_LEASE, "the lease of gate %u has run out", request->gate);
    } else if (status == 409) {
        read_conflict(link, request, answer, body);
    } else {
        fail(link, answer, GATE_REFUSED, "refused a request (status %ld): %s", status, error);
    }
}

static bool is_expected(const struct gate_request *request, long status) {
    switch (request->kind) {
    case GATE_LEASE:
        return status == 200 || status == 201;
    case GATE_UPLOAD:
        return status == 200;
    case GATE_TAKE:
        return status == 200 || status == 204;
    case GATE_GIVE_BACK:
        return status == 204;
    }
    return false;
}

static void read_answer(struct master_link *link, const struct gate_request *request,
                        struct gate_answer *answer) {
    long status = 0;
    curl_easy_getinfo(link->easy, CURLINFO_RESPONSE_CODE, &status);
    json_t *body = NULL;
    if (request->kind != GATE_TAKE || status >= 400) {
        body = json_loadb((const char *)link->body.data, link->body.size, 0, NULL);
    }
    if (is_expected(request, status)) {
        read_good(link, request, answer, body);
        if (request->kind == GATE_LEASE && status == 201 && answer->status == GATE_OK) {
            answer->status = GATE_NEW;
        }
    } else if (status >= 400) {
        read_bad(link, request, answer, body);
    } else {
        fail_strange(link, answer);
    }
    json_decref(body);
}

static void read_trouble(struct master_link *link, CURLcode code, struct gate_answer *answer) {
    const char *why = link->curl_text[0] != '\0' ? link->curl_text : curl_easy_strerror(code);
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE) {
        fail(link, answer, GATE_UNTRUSTED,
             "its certificate is not trusted: %s; give the certificate of whoever signed it with "
             "--ca",
             why);
    } else if (code == CURLE_WRITE_ERROR || code == CURLE_UNSUPPORTED_PROTOCOL ||
               code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_SSL_CONNECT_ERROR) {
        fail(link, answer, GATE_STRANGE,
             "what answers there is not a master: %s; check the address given with --master", why);
    } else {
        fail(link, answer, GATE_UNAVAILABLE, "cannot be reached: %s", why);
    }
}

// What a lease asks for.
static struct bytes write_body(const struct gate_request *request, char text[256]) {
    if (request->kind != GATE_LEASE) {
        return request->lines;
    }
    if (request->gate == 0) {
        return BYTES_LITERAL("{}");
    }
    int size = request->secret[0] == '\0' ? snprintf(text, 256, "{\"gate\":%u}", request->gate)
                                          : snprintf(text, 256, "{\"gate\":%u,\"secret\":\"%s\"}",
                                                     request->gate, request->secret);
    return bytes_make(text, (size_t)size);
}

void master_link_ask(struct master_link *link, const struct gate_request *request,
                     struct gate_answer *answer) {
    char text[256];
    char type[] = "Content-Type: application/json";
    char plain[] = "Content-Type: text/plain";
    char lease[32 + GATE_SECRET_TEXT_SIZE];
    *answer = (struct gate_answer){.status = GATE_CANCELLED};
    link->body.size = 0;
    set_options(link, request);
    set_method(link, request, write_body(request, text));
    // In front of the others, for this request only.
    snprintf(lease, sizeof lease, "Lease-Secret: %s", request->secret);
    struct curl_slist secret = {.data = lease, .next = link->headers};
    struct curl_slist json = {.data = type, .next = link->headers};
    struct curl_slist text_lines = {.data = plain, .next = &secret};
    const struct curl_slist *const headers[] = {[GATE_LEASE] = &json,
                                                [GATE_UPLOAD] = &text_lines,
                                                [GATE_TAKE] = &secret,
                                                [GATE_GIVE_BACK] = &secret};
    curl_easy_setopt(link->easy, CURLOPT_HTTPHEADER, headers[request->kind]);
    CURLcode code = perform(link);
    if (atomic_load(&link->cancelled)) {
        return;
    }
    if (code != CURLE_OK) {
        read_trouble(link, code, answer);
    } else {
        read_answer(link, request, answer);
    }
    if (answer->status == GATE_UNAVAILABLE) {
        link->url = (link->url + 1) % link->url_count;
    }
}
