// Input: a byte that says which request a router makes, and all that whoever listens at the
// master's address answers, status line and headers included. A thread of its own answers. What the
// router makes of it is within what the rest of it relies on.
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "medium/http/master_link.h"
#include "packet/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int listener;
static char url[64];
// The answer to the next request. A connection may also be asked for again, with the answer after.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint8_t answer_bytes[4096];
static size_t answer_size;

static void answer_one(int peer) {
    char request[4096];
    uint8_t answer[sizeof answer_bytes];
    size_t size = 0;
    while (size < sizeof request && memmem(request, size, "\r\n\r\n", 4) == NULL) {
        ssize_t count = recv(peer, request + size, sizeof request - size, 0);
        if (count <= 0) {
            return;
        }
        size += (size_t)count;
    }
    pthread_mutex_lock(&lock);
    memcpy(answer, answer_bytes, answer_size);
    size = answer_size;
    pthread_mutex_unlock(&lock);
    (void)send(peer, answer, size, MSG_NOSIGNAL);
    (void)shutdown(peer, SHUT_WR);
    while (recv(peer, request, sizeof request, 0) > 0) {
    }
}

static void *answer_all(void *context) {
    (void)context;
    for (;;) {
        int peer = accept(listener, NULL, NULL);
        if (peer >= 0) {
            answer_one(peer);
            close(peer);
        }
    }
}

static void start_listening(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    pthread_t thread;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    ASSERT(listener >= 0 && bind(listener, (struct sockaddr *)&address, size) == 0);
    ASSERT(listen(listener, 5) == 0);
    ASSERT(getsockname(listener, (struct sockaddr *)&address, &size) == 0);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", ntohs(address.sin_port));
    ASSERT(pthread_create(&thread, NULL, answer_all, NULL) == 0);
    pthread_detach(thread);
}

static void check(const struct gate_request *request, const struct gate_answer *answer) {
    bool is_done = answer->status == GATE_OK || answer->status == GATE_NEW;
    bool has_text = answer->text != NULL;
    ASSERT(answer->status != GATE_CANCELLED);
    ASSERT(has_text == (!is_done && answer->status != GATE_GAP));
    ASSERT(answer->retry_after_s <= 3600);
    if (is_done && request->kind == GATE_LEASE) {
        ASSERT(answer->gate >= 1 && answer->gate <= PACKET_GATE_MAX);
        ASSERT(memchr(answer->secret, 0, sizeof answer->secret) > (void *)answer->secret);
    }
    if (answer->lines.size > 0) {
        ASSERT(is_done && request->kind == GATE_TAKE);
        ASSERT(answer->lines.size <= MASTER_ANSWER_BYTES);
        ASSERT(answer->lines.data[answer->lines.size - 1] == '\n');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char text[512];
    if (size == 0) {
        return 0;
    }
    if (url[0] == '\0') {
        start_listening();
    }
    struct master_link_options options = {.urls = url};
    struct master_link *link = master_link_create(&options, text);
    ASSERT(link != NULL);
    struct gate_request request = {.kind = (enum gate_request_kind)(data[0] % 4),
                                   .gate = 7,
                                   .secret = "00112233445566778899aabbccddeeff",
                                   .number = 1,
                                   .lines = BYTES_LITERAL("a line\n")};
    struct gate_answer answer;
    pthread_mutex_lock(&lock);
    answer_size = size - 1 < sizeof answer_bytes ? size - 1 : sizeof answer_bytes;
    memcpy(answer_bytes, data + 1, answer_size);
    pthread_mutex_unlock(&lock);
    master_link_ask(link, &request, &answer);
    check(&request, &answer);
    master_link_destroy(link);
    return 0;
}
