#include "base/timer.h"

#include "base/assert.h"

void timers_init(struct timers *timers, struct memory *memory) {
    *timers = (struct timers){.memory = memory};
}

void timers_deinit(struct timers *timers) {
    memory_free(timers->memory, timers->heap, timers->capacity * sizeof(struct timer *));
    timers_init(timers, timers->memory);
}

static int is_before(const struct timer *a, const struct timer *b) {
    return a->due != b->due ? a->due < b->due : a->sequence < b->sequence;
}

static void put(struct timers *timers, uint32_t place, struct timer *timer) {
    timers->heap[place] = timer;
    timer->place = place + 1;
}

static void move_up(struct timers *timers, struct timer *timer, uint32_t place) {
    while (place > 0 && is_before(timer, timers->heap[(place - 1) / 2])) {
        put(timers, place, timers->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(timers, place, timer);
}

static void move_down(struct timers *timers, struct timer *timer, uint32_t place) {
    for (;;) {
        uint32_t child = 2 * place + 1;
        if (child + 1 < timers->count && is_before(timers->heap[child + 1], timers->heap[child])) {
            child++;
        }
        if (child >= timers->count || !is_before(timers->heap[child], timer)) {
            break;
        }
        put(timers, place, timers->heap[child]);
        place = child;
    }
    put(timers, place, timer);
}

void timers_set(struct timers *timers, struct timer *timer, uint64_t due) {
    timers_remove(timers, timer);
    timer->due = due;
    timer->sequence = ++timers->sequence;
    timers->heap = memory_grow(timers->memory, (void *)timers->heap, &timers->capacity,
                               timers->count + 1, sizeof(struct timer *));
    move_up(timers, timer, timers->count++);
}

void timers_remove(struct timers *timers, struct timer *timer) {
    if (timer->place == 0) {
        return;
    }
    uint32_t place = timer->place - 1;
    ASSERT(place < timers->count && timers->heap[place] == timer);
    timer->place = 0;
    struct timer *last = timers->heap[--timers->count];
    if (last != timer) {
        move_up(timers, last, place);
        move_down(timers, last, last->place - 1);
    }
}

struct timer *timers_first(const struct timers *timers) {
    return timers->count == 0 ? NULL : timers->heap[0];
}
