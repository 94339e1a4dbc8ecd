#include "store/serve.h"

#include "base/assert.h"

#include <stdlib.h>

#define NANOSECONDS_IN_MS UINT64_C(1000000)

_Static_assert(STORE_SECRET_SIZE == MASTER_SECRET_SIZE, "one secret");

static uint64_t nanoseconds(uint64_t ms) {
    return ms > UINT64_MAX / NANOSECONDS_IN_MS ? UINT64_MAX : ms * NANOSECONDS_IN_MS;
}

void serve_init(struct serve *serve, const struct store_limits *limits) {
    struct master_limits master_limits = {.gates = limits->gates,
                                          .mailbox_packets = limits->mailbox_packets,
                                          .mailbox_bytes = limits->mailbox_bytes,
                                          .silence = nanoseconds(limits->silence_ms),
                                          .classic_silence =
                                              nanoseconds(limits->classic_silence_ms)};
    *serve = (struct serve){.packets = NULL};
    memory_init(&serve->memory);
    serve->memory.limit = limits->memory_bytes;
    master_init(&serve->master, &serve->memory, &master_limits);
}

void serve_deinit(struct serve *serve) {
    master_deinit(&serve->master);
    memory_free(&serve->memory, serve->packets, serve->packets_capacity * sizeof *serve->packets);
    ASSERT(serve->memory.blocks_in_use == 0);
}

static void clear(struct store_request *request) {
    request->uploaded = request->last = request->missing = 0;
    request->accepted = request->unreachable = 0;
    request->gates = NULL;
    request->gate_count = 0;
    request->lines.size = 0;
}

uint32_t *serve_begin(struct store_request *const *requests, size_t count) {
    uint32_t *gates = calloc(count + 1, sizeof *gates);
    ASSERT_MESSAGE(gates != NULL, "out of memory");
    for (size_t i = 0; i < count; i++) {
        gates[i] = requests[i]->gate; // the answer takes its place
        clear(requests[i]);
    }
    return gates;
}

void serve_undo(struct store_request *const *requests, const uint32_t *begun, size_t from,
                size_t count) {
    for (size_t i = from; i < count; i++) {
        struct store_request *request = requests[i];
        memory_free(request->lines.memory, request->gates,
                    request->gate_count * sizeof *request->gates);
        clear(request);
        request->gate = begun[i];
        request->status = GATE_UNAVAILABLE;
    }
}

static int compare_gates(const void *a, const void *b) {
    uint32_t x = ((const struct store_gate *)a)->gate;
    uint32_t y = ((const struct store_gate *)b)->gate;
    return (x > y) - (x < y);
}

void serve_sort(struct store_gate *gates, uint32_t count) {
    if (count > 1) {
        qsort(gates, count, sizeof *gates, compare_gates);
    }
}

static struct master_batch batch_of(struct serve *serve, const struct store_request *request) {
    serve->packets = memory_grow(&serve->memory, serve->packets, &serve->packets_capacity,
                                 request->packet_count, sizeof *serve->packets);
    for (uint32_t i = 0; i < request->packet_count; i++) {
        serve->packets[i] =
            (struct master_packet){request->packets[i].gate, request->packets[i].line};
    }
    return (struct master_batch){request->first, serve->packets, request->packet_count};
}

static void list(const struct master *master, struct store_request *request) {
    uint32_t count = 0;
    request->gates =
        memory_resize(request->lines.memory, NULL, 0, master->gates_count * sizeof *request->gates);
    request->gate_count = master->gates_count;
    for (uint32_t i = 0; i < master->gates_used; i++) {
        const struct master_gate *gate = master_gate_at(master, i);
        if (gate != NULL) {
            request->gates[count++] =
                (struct store_gate){.gate = gate->gate,
                                    .classic = gate->is_classic,
                                    .since_ms = gate->since / NANOSECONDS_IN_MS,
                                    .heard_ms = gate->heard / NANOSECONDS_IN_MS,
                                    .packets = gate->mailbox.lines,
                                    .bytes = gate->mailbox.bytes,
                                    .dropped = gate->dropped};
        }
    }
    ASSERT(count == master->gates_count);
    serve_sort(request->gates, count);
}

static struct gate_answer answer_of(struct serve *serve, struct store_request *request) {
    struct master *master = &serve->master;
    struct master_holder holder = {request->gate, request->secret};
    struct master_taking taking = {request->acknowledged, request->bytes_max, &request->lines};
    uint64_t now = nanoseconds(request->now_ms);
    struct master_batch batch;
    switch (request->operation) {
    case STORE_LEASE:
        return master_lease(master, holder, now);
    case STORE_UPLOAD:
        batch = batch_of(serve, request);
        return master_upload(master, holder, &batch, now);
    case STORE_TAKE:
        return master_take(master, holder, &taking, now);
    case STORE_GIVE_BACK:
        return master_give_back(master, holder, now);
    case STORE_RENEW:
        return master_renew(master, holder, now);
    case STORE_POP:
        return master_pop(master, request->gate, &request->lines, now);
    case STORE_PUT:
        batch = batch_of(serve, request);
        return master_put(master, request->gate, &batch, now);
    case STORE_LIST:
        master_drop_silent(master, now);
        list(master, request);
        break;
    }
    return (struct gate_answer){.gate = request->gate};
}

bool serve_execute(struct serve *serve, struct store_request *request) {
    clear(request);
    struct gate_answer answer = answer_of(serve, request);
    request->status = answer.status;
    request->gate = answer.gate;
    request->uploaded = answer.uploaded;
    request->accepted = answer.accepted;
    request->unreachable = (uint32_t)answer.unreachable;
    request->last = answer.last;
    request->missing = answer.missing;
    return answer.is_promise;
}
