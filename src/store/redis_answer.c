#include "store/redis_answer.h"

#include "base/decimal.h"
#include "packet/packet.h"
#include "store/redis_script.h"
#include "store/serve.h"

_Static_assert(GATE_OK == 0 && GATE_NEW == 1 && GATE_TAKEN == 2 && GATE_NO_LEASE == 3 &&
                   GATE_GAP == 4 && GATE_FULL == 5,
               "the numbers of redis_script.lua");

static struct bytes text_of(const redisReply *reply) {
    bool is_text = reply->type == REDIS_REPLY_STRING || reply->type == REDIS_REPLY_ERROR;
    return is_text ? bytes_make(reply->str, reply->len) : (struct bytes){0};
}

// ---- answers of the script --------------------------------------------------------------------

static uint64_t number_at(const redisReply *reply, size_t at) {
    const redisReply *element = reply->element[at];
    return element->type == REDIS_REPLY_INTEGER ? (uint64_t)element->integer : 0;
}

static void read_gates(struct store_request *request, const redisReply *reply) {
    size_t count = (reply->elements - 1) / REDIS_SCRIPT_GATE_ANSWERS;
    request->gates = memory_resize(request->lines.memory, NULL, 0, count * sizeof *request->gates);
    request->gate_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        size_t at = 1 + i * REDIS_SCRIPT_GATE_ANSWERS;
        request->gates[i] = (struct store_gate){.gate = (uint32_t)number_at(reply, at),
                                                .classic = number_at(reply, at + 1) != 0,
                                                .since_ms = number_at(reply, at + 2),
                                                .heard_ms = number_at(reply, at + 3),
                                                .packets = number_at(reply, at + 4),
                                                .bytes = number_at(reply, at + 5),
                                                .dropped = number_at(reply, at + 6)};
    }
    serve_sort(request->gates, request->gate_count);
}

static void read_fields(struct store_request *request, const redisReply *reply) {
    request->gate = (uint32_t)number_at(reply, 1);
    request->uploaded = number_at(reply, 2);
    request->accepted = (uint32_t)number_at(reply, 3);
    request->unreachable = (uint32_t)number_at(reply, 4);
    request->last = number_at(reply, 5);
    request->missing = number_at(reply, 6);
    struct bytes lines = text_of(reply->element[7]);
    if (lines.size > 0) {
        buffer_append(&request->lines, lines);
    }
}

static bool is_answer(const redisReply *reply, const struct store_request *request) {
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements == 0 ||
        reply->element[0]->type != REDIS_REPLY_INTEGER || number_at(reply, 0) > GATE_FULL) {
        return false;
    }
    return request->operation == STORE_LIST ? reply->elements % REDIS_SCRIPT_GATE_ANSWERS == 1
                                            : reply->elements == REDIS_SCRIPT_ANSWERS;
}

bool redis_answer_read(const redisReply *reply, struct store_request *request) {
    if (!is_answer(reply, request)) {
        return false;
    }
    request->status = (enum gate_status)number_at(reply, 0);
    if (request->operation == STORE_LIST) {
        read_gates(request, reply);
    } else {
        read_fields(request, reply);
    }
    return true;
}

bool redis_answer_has_no_script(const redisReply *reply) {
    return reply->type == REDIS_REPLY_ERROR &&
           bytes_starts_with(text_of(reply), BYTES_LITERAL("NOSCRIPT"));
}

// ---- what others woke -------------------------------------------------------------------------

// A message is the name of a master and, each behind a blank, the gates that it woke.
static void take_message(struct bytes message, struct bytes own,
                         void (*wake)(void *context, uint32_t gate), void *context) {
    const uint8_t *end = message.data + message.size;
    const uint8_t *at = memchr(message.data, ' ', message.size);
    if (bytes_starts_with(message, own)) {
        return;
    }
    while (at != NULL) {
        const uint8_t *next = memchr(at + 1, ' ', (size_t)(end - at - 1));
        size_t size = (size_t)((next != NULL ? next : end) - at - 1);
        uint64_t gate;
        if (decimal_read(bytes_make(at + 1, size), PACKET_GATE_MAX, &gate)) {
            wake(context, (uint32_t)gate);
        }
        at = next;
    }
}

// Its kind, the channel, and the message.
void redis_answer_wake(const redisReply *reply, const char *own_name,
                       void (*wake)(void *context, uint32_t gate), void *context) {
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 3 ||
        reply->element[0]->type != REDIS_REPLY_STRING) {
        return;
    }
    struct bytes message = text_of(reply->element[2]);
    if (bytes_equal(text_of(reply->element[0]), BYTES_LITERAL("subscribe"))) {
        wake(context, 0);
    } else if (message.size > 0) {
        take_message(message, bytes_of_text(own_name), wake, context);
    }
}
