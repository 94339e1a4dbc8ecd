// Input: a byte that says what was asked, and the bytes that a Redis sends, or whatever listens at
// its port. Whatever they are, each reply in them is an answer to the request or is none, and then
// the request is as it was; gates that are woken are gates.
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "packet/packet.h"
#include "store/redis_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ELEMENTS_MAX 1000
#define OWN_NAME "0123456789abcdef"

static void wake(void *context, uint32_t gate) {
    (void)context;
    ASSERT(gate <= PACKET_GATE_MAX);
}

static void check_gates(const struct store_request *request) {
    for (uint32_t i = 1; i < request->gate_count; i++) {
        ASSERT(request->gates[i - 1].gate <= request->gates[i].gate);
    }
}

static void take_reply(const redisReply *reply, enum store_operation operation) {
    struct memory memory;
    memory_init(&memory);
    struct store_request request = {.operation = operation};
    buffer_init(&request.lines, &memory);
    const struct store_request before = request;
    if (redis_answer_read(reply, &request)) {
        ASSERT(request.status < GATE_UNAVAILABLE);
        ASSERT(operation == STORE_LIST || request.gates == NULL);
        ASSERT(!redis_answer_has_no_script(reply));
        check_gates(&request);
    } else {
        ASSERT(request.status == before.status && request.gate == before.gate);
        ASSERT(request.gates == NULL && request.lines.size == 0);
    }
    redis_answer_wake(reply, OWN_NAME, wake, NULL);
    memory_free(&memory, request.gates, request.gate_count * sizeof *request.gates);
    buffer_deinit(&request.lines);
    ASSERT(memory.blocks_in_use == 0);
}

// hiredis takes room for as many elements as a reply announces. Before 1.0 it has no limit of its
// own, and the target would run out of memory for a number alone.
static redisReplyObjectFunctions functions;
static void *(*create_any_array)(const redisReadTask *task, int elements);

static void *create_small_array(const redisReadTask *task, int elements) {
    return elements <= ELEMENTS_MAX ? create_any_array(task, elements) : NULL;
}

static void limit_arrays(redisReader *reader) {
    functions = *reader->fn;
    create_any_array = functions.createArray;
    functions.createArray = create_small_array;
    reader->fn = &functions;
}

// In two parts, as they may come.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) {
        return 0;
    }
    redisReader *reader = redisReaderCreate();
    ASSERT(reader != NULL);
    limit_arrays(reader);
    enum store_operation operation = (enum store_operation)(data[0] % (STORE_LIST + 1));
    size_t first = (size - 1) * data[1] / 256;
    const struct bytes parts[] = {bytes_make(data + 1, first),
                                  bytes_make(data + 1 + first, size - 1 - first)};
    void *reply = NULL;
    for (size_t i = 0; i < 2; i++) {
        (void)redisReaderFeed(reader, (const char *)parts[i].data, parts[i].size);
        while (redisReaderGetReply(reader, &reply) == REDIS_OK && reply != NULL) {
            take_reply(reply, operation);
            freeReplyObject(reply);
        }
    }
    redisReaderFree(reader);
    return 0;
}
