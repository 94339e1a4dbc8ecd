#include "base/timer.h"

void timers_init(struct timers *timers, struct memory *memory) {
    *timers = (struct timers){0};
    heap_init(&timers->heap, memory);
}

void timers_deinit(struct timers *timers) {
    heap_deinit(&timers->heap);
    timers->sequence = 0;
}

void timers_set(struct timers *timers, struct timer *timer, uint64_t due) {
    uint64_t sequence = ++timers->sequence;
    timer->due = due;
    if (timer->place == 0) {
        heap_add(&timers->heap, (struct heap_item){due, sequence, &timer->place});
    } else {
        heap_move(&timers->heap, timer->place - 1, due, sequence);
    }
}

void timers_remove(struct timers *timers, struct timer *timer) {
    if (timer->place != 0) {
        heap_remove(&timers->heap, timer->place - 1);
    }
}

struct timer *timers_first(const struct timers *timers) {
    if (timers->heap.count == 0) {
        return NULL;
    }
    char *place = (char *)timers->heap.items[0].place;
    return (struct timer *)(void *)(place - offsetof(struct timer, place));
}

uint64_t timers_first_due(const struct timers *timers) {
    return heap_due(&timers->heap);
}
