// Input: a file of access lists, then a zero byte, a user, a zero byte and a topic. What can be
// read is asked about them; who asks twice gets the same answer.
#include "base/assert.h"
#include "topic/access.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct bytes take_part(struct bytes *rest) {
    const uint8_t *end = rest->size == 0 ? NULL : memchr(rest->data, 0, rest->size);
    struct bytes part =
        bytes_make(rest->data, end == NULL ? rest->size : (size_t)(end - rest->data));
    size_t taken = part.size + (end != NULL);
    *rest = bytes_make(rest->data + taken, rest->size - taken);
    return part;
}

static void ask(const struct access *access, struct bytes user, struct bytes topic) {
    struct access_client clients[] = {
        {.has_user = false, .client_id = user},
        {.has_user = true, .user = user, .client_id = BYTES_LITERAL("c/+")},
    };
    for (unsigned i = 0; i < 2; i++) {
        bool may_read = access_allows(access, &clients[i], ACCESS_READ, topic);
        (void)access_allows(access, &clients[i], ACCESS_WRITE, topic);
        ASSERT(access_allows(access, &clients[i], ACCESS_READ, topic) == may_read);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct memory memory;
    struct access access;
    struct access_error error = {.fault = ACCESS_OK};
    struct bytes rest = bytes_make(data, size);
    if (size == 0) {
        return 0;
    }
    struct bytes text = take_part(&rest);
    struct bytes user = take_part(&rest);
    memory_init(&memory);
    access_init(&access, &memory, 1);
    if (access_read(&access, text, &error)) {
        ask(&access, user, rest.size == 0 ? BYTES_LITERAL("a/b") : rest);
    } else {
        ASSERT(error.fault != ACCESS_OK && error.line > 0);
        ASSERT(access_fault_text(error.fault) != NULL);
    }
    access_deinit(&access);
    ASSERT(memory.bytes_in_use == 0);
    return 0;
}
