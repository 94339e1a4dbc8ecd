#include "sim/account/books.h"

#include <string.h>

#include "base/assert.h"
#include "sim/device/device.h"
#include "sim/device/judge.h"

// The shortest queue that a client may have: from there on a broker may lose messages.
static uint32_t shortest_queue(const struct plan *plan) {
    uint32_t shortest = UINT32_MAX;
    for (uint32_t i = 0; i < plan->broker_count; i++) {
        uint32_t limit = sim_broker_queue_messages(&plan->brokers[i]);
        shortest = limit < shortest ? limit : shortest;
    }
    for (uint32_t i = 0; i < plan->fault_count; i++) {
        const struct plan_fault *fault = &plan->faults[i];
        bool is_limit = fault->kind == PLAN_LIMIT_QUEUE && fault->limit < shortest;
        shortest = is_limit ? (uint32_t)fault->limit : shortest;
    }
    return shortest > 0 ? shortest : 1;
}

static struct histogram *make_histogram(struct memory *memory, bool is_wanted) {
    return is_wanted ? memory_allocate(memory, sizeof(struct histogram)) : NULL;
}

static void free_histogram(struct memory *memory, struct histogram *histogram) {
    memory_free(memory, histogram, histogram != NULL ? sizeof *histogram : 0);
}

void sim_books_init(struct sim_books *books, struct memory *memory, const struct plan *plan,
                    const struct sim_books_options *options) {
    *books = (struct sim_books){.memory = memory, .plan = plan};
    books->tallies = memory_allocate(memory, plan->group_count * sizeof *books->tallies);
    bool has_latencies = false;
    for (uint32_t i = 0; i < plan->group_count; i++) {
        struct sim_tally *tally = &books->tallies[i];
        tally->latency = make_histogram(memory, plan_wants_latency(plan, i, false));
        tally->arriving = make_histogram(memory, plan_wants_latency(plan, i, true));
        has_latencies = has_latencies || tally->latency != NULL || tally->arriving != NULL;
    }
    sim_ledger_init(&books->ledger, memory,
                    &(struct sim_ledger_options){
                        .now = options->now,
                        .sums = {options->counts, options->times, books->tallies, has_latencies},
                        .verdict = {.seed = plan->seed,
                                    .slack = 2 * PLAN_SECOND,
                                    .ring = options->ring,
                                    .queue_max = shortest_queue(plan)},
                        .islands = options->islands});
}

void sim_books_deinit(struct sim_books *books) {
    struct memory *memory = books->memory;
    sim_ledger_deinit(&books->ledger);
    for (uint32_t i = 0; i < books->plan->group_count; i++) {
        free_histogram(memory, books->tallies[i].latency);
        free_histogram(memory, books->tallies[i].arriving);
    }
    memory_free(memory, books->tallies, books->plan->group_count * sizeof *books->tallies);
    memory_free(memory, books->clients, books->client_capacity * sizeof(struct sim_device *));
}

void sim_books_add(struct sim_books *books, struct sim_device *device) {
    books->clients = memory_grow_little(books->memory, books->clients, &books->client_capacity,
                                        books->client_count + 1, sizeof(struct sim_device *));
    ASSERT(device->client == books->client_count);
    books->clients[books->client_count++] = device;
}

void sim_books_judge_rest(const struct sim_books *books) {
    for (uint32_t i = 0; i < books->client_count; i++) {
        if (books->clients[i]->rare->judge != NULL) {
            sim_judge_rest(books->clients[i]);
        }
    }
}

// Whether messages moved on the island, or anything on the stream, which may have opened just now.
static bool moved_lately(const struct sim_books *books, const struct sim_island *island,
                         const struct sim_stream *stream) {
    uint64_t here = island->counts.moved_at;
    uint64_t heard = books->ledger.sums.counts->moved_at;
    uint64_t moved = here > heard ? here : heard;
    return (moved > stream->heard ? moved : stream->heard) + SIM_REST_NS >= island->now;
}

void sim_books_note_busy(const struct sim_books *books) {
    for (uint32_t i = 0; i < books->client_count; i++) {
        const struct sim_device *device = books->clients[i];
        if (sim_device_speaks_mqtt(device) && device->mqtt.stream != NULL &&
            (sim_stream_is_stalled(device->mqtt.stream) ||
             (moved_lately(books, device->node.island, device->mqtt.stream) &&
              !sim_judge_is_still(device)))) {
            verdict_busy(books->ledger.verdict, i);
        }
    }
}

struct bytes sim_books_client_name(const struct sim_books *books, uint32_t client,
                                   uint8_t room[static PLAN_NAME_MAX]) {
    if (client >= books->client_count) {
        return (struct bytes){0};
    }
    const struct sim_device *device = books->clients[client];
    return plan_device_name(books->plan, device->group->plan, device->node.place.i, room);
}

struct bytes sim_books_stream_topic(const struct sim_books *books, uint32_t stream) {
    const struct sim_ledger *ledger = &books->ledger;
    return stream < ledger->stream_count ? sim_ledger_topic_of(ledger, stream) : (struct bytes){0};
}
