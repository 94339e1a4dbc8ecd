#include "role/master/waiting.h"

#include "base/assert.h"

// ---- lists ------------------------------------------------------------------------------------

static void list_init(struct waiting_list *list) {
    list->first = NULL;
    list->end = &list->first;
}

static void list_add(struct waiting_list *list, struct waiting_request *request) {
    request->next = NULL;
    *list->end = request;
    list->end = &request->next;
}

static struct waiting_request *list_take(struct waiting_list *list) {
    struct waiting_request *request = list->first;
    if (request != NULL) {
        list->first = request->next;
        if (list->first == NULL) {
            list->end = &list->first;
        }
    }
    return request;
}

// ---- those that wait --------------------------------------------------------------------------

void waiting_init(struct waiting *waiting, struct memory *memory, uint64_t renewal, uint64_t seed) {
    *waiting = (struct waiting){.memory = memory, .renewal = renewal};
    map_init(&waiting->places, memory, seed);
    timers_init(&waiting->timers, memory);
    list_init(&waiting->woken);
    list_init(&waiting->over);
}

void waiting_deinit(struct waiting *waiting) {
    memory_free(waiting->memory, waiting->requests,
                waiting->capacity * sizeof(struct waiting_request *));
    map_deinit(&waiting->places);
    timers_deinit(&waiting->timers);
}

static struct waiting_request *request_of(const struct waiting *waiting, uint32_t gate) {
    uint32_t place = map_get(&waiting->places, gate);
    return place == MAP_NONE ? NULL : waiting->requests[place];
}

bool waiting_has(const struct waiting *waiting, uint32_t gate) {
    return request_of(waiting, gate) != NULL;
}

static void end_wait(struct waiting *waiting, struct waiting_request *request,
                     struct waiting_list *list) {
    ASSERT(waiting->requests[request->place] == request);
    struct waiting_request *last = waiting->requests[--waiting->count];
    timers_remove(&waiting->timers, &request->timer);
    map_remove(&waiting->places, request->gate);
    if (last != request) {
        last->place = request->place;
        waiting->requests[last->place] = last;
        map_put(&waiting->places, last->gate, last->place);
    }
    list_add(list, request);
}

bool waiting_may(struct waiting_request *request, uint64_t span, uint64_t now) {
    if (request->ends_at == 0) {
        request->ends_at = now + span;
    }
    return request->ends_at > now;
}

void waiting_begin(struct waiting *waiting, struct waiting_request *request, uint32_t gate,
                   uint64_t now) {
    ASSERT(request->ends_at > now);
    struct waiting_request *older = request_of(waiting, gate);
    if (older != NULL) {
        end_wait(waiting, older, &waiting->over);
    }
    waiting->requests = memory_grow(waiting->memory, waiting->requests, &waiting->capacity,
                                    waiting->count + 1, sizeof(struct waiting_request *));
    request->gate = gate;
    request->place = waiting->count;
    waiting->requests[waiting->count++] = request;
    map_put(&waiting->places, gate, request->place);
    uint64_t renewal = now + waiting->renewal;
    timers_set(&waiting->timers, &request->timer,
               request->ends_at < renewal ? request->ends_at : renewal);
}

// ---- what wakes -------------------------------------------------------------------------------

void waiting_wake(struct waiting *waiting, uint32_t gate) {
    struct waiting_request *request = request_of(waiting, gate);
    if (request != NULL) {
        end_wait(waiting, request, &waiting->woken);
    }
}

void waiting_wake_all(struct waiting *waiting, uint32_t but) {
    for (uint32_t i = waiting->count; i > 0; i--) {
        struct waiting_request *request = waiting->requests[i - 1];
        if (request->gate != but) {
            end_wait(waiting, request, &waiting->woken);
        }
    }
}

void waiting_wake_receivers(struct waiting *waiting, uint32_t sender, struct grouping_gates gates) {
    uint32_t before = 0; // packets for one gate often stand together
    for (uint32_t i = 0; i < gates.count; i++) {
        uint32_t gate = grouping_gate_at(gates, i);
        if (gate == 0) {
            waiting_wake_all(waiting, sender);
        } else if (gate != before) {
            waiting_wake(waiting, gate);
        }
        before = gate;
    }
}

void waiting_tick(struct waiting *waiting, uint64_t now) {
    while (waiting_deadline(waiting) <= now) {
        struct waiting_request *request = (struct waiting_request *)timers_first(&waiting->timers);
        end_wait(waiting, request, request->ends_at <= now ? &waiting->over : &waiting->woken);
    }
}

uint64_t waiting_deadline(const struct waiting *waiting) {
    return timers_first_due(&waiting->timers);
}

struct waiting_request *waiting_take_woken(struct waiting *waiting) {
    return list_take(&waiting->woken);
}

struct waiting_request *waiting_take_over(struct waiting *waiting) {
    return list_take(&waiting->over);
}
