#include "sim/schedule.h"

#include <stddef.h>
#include <string.h>

#include "base/assert.h"

#define SLOT_MASK (SIM_SLOTS - 1)
#define INSERTION_MAX 16

static uint64_t slot_of(uint64_t time) {
    return time >> SIM_SLOT_BITS;
}

static uint64_t far_slot_of(uint64_t time) {
    return time >> (SIM_SLOT_BITS + SIM_SLOTS_BITS);
}

// ---- heap ---------------------------------------------------------------------------------------

static void heap_push(struct sim_heap *heap, struct memory *memory, const struct sim_event *event) {
    if (heap->count == heap->capacity) {
        heap->items =
            memory_grow(memory, heap->items, &heap->capacity, heap->count + 1, sizeof *heap->items);
    }
    uint32_t at = heap->count++;
    while (at > 0 && sim_event_before(event, &heap->items[(at - 1) / 4])) {
        heap->items[at] = heap->items[(at - 1) / 4];
        at = (at - 1) / 4;
    }
    heap->items[at] = *event;
}

// The first of the up to four events behind `at`; `count` if there are none.
static uint32_t first_behind(const struct sim_heap *heap, uint32_t at) {
    uint32_t child = 4 * at + 1;
    if (child >= heap->count) {
        return heap->count;
    }
    uint32_t end = child + 4 < heap->count ? child + 4 : heap->count;
    uint32_t best = child;
    for (uint32_t i = child + 1; i < end; i++) {
        if (sim_event_before(&heap->items[i], &heap->items[best])) {
            best = i;
        }
    }
    return best;
}

static struct sim_event heap_pop(struct sim_heap *heap) {
    struct sim_event first = heap->items[0];
    const struct sim_event last = heap->items[--heap->count];
    uint32_t at = 0;
    for (uint32_t child = first_behind(heap, at);
         child < heap->count && sim_event_before(&heap->items[child], &last);
         child = first_behind(heap, at)) {
        heap->items[at] = heap->items[child];
        at = child;
    }
    if (heap->count > 0) {
        heap->items[at] = last;
    }
    return first;
}

static void heap_free(struct sim_heap *heap, struct memory *memory) {
    memory_free(memory, heap->items, heap->capacity * sizeof *heap->items);
}

// ---- sorting ------------------------------------------------------------------------------------

static void sort_few(struct sim_event *events, size_t count) {
    for (size_t i = 1; i < count; i++) {
        struct sim_event event = events[i];
        size_t at = i;
        for (; at > 0 && sim_event_before(&event, &events[at - 1]); at--) {
            events[at] = events[at - 1];
        }
        events[at] = event;
    }
}

// Moves events[at] down to its place among the first `count` of a heap of the latest.
static void sift_latest(struct sim_event *events, size_t at, size_t count) {
    struct sim_event event = events[at];
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        child += child + 1 < count && sim_event_before(&events[child], &events[child + 1]);
        if (!sim_event_before(&event, &events[child])) {
            break;
        }
        events[at] = events[child];
        at = child;
    }
    events[at] = event;
}

// Never worse than n log n, whatever the events.
static void sort_by_heap(struct sim_event *events, size_t count) {
    for (size_t i = count / 2; i-- > 0;) {
        sift_latest(events, i, count);
    }
    for (size_t left = count; left-- > 1;) {
        struct sim_event latest = events[0];
        events[0] = events[left];
        events[left] = latest;
        sift_latest(events, 0, left);
    }
}

// The middle one of three, by order.
static struct sim_event middle_of(const struct sim_event *events, size_t count) {
    struct sim_event three[3] = {events[0], events[count / 2], events[count - 1]};
    sort_few(three, 3);
    return three[1];
}

// Quicksort; `depth` more halvings, then by heap.
static void sort_events(struct sim_event *events, size_t count, unsigned depth) {
    while (count > INSERTION_MAX) {
        if (depth-- == 0) {
            sort_by_heap(events, count);
            return;
        }
        struct sim_event pivot = middle_of(events, count);
        size_t low = 0;
        size_t high = count - 1;
        for (;;) {
            for (; sim_event_before(&events[low], &pivot); low++) {
            }
            for (; sim_event_before(&pivot, &events[high]); high--) {
            }
            if (low >= high) {
                break;
            }
            struct sim_event other = events[low];
            events[low++] = events[high];
            events[high--] = other;
        }
        sort_events(events + low, count - low, depth);
        count = low;
    }
    sort_few(events, count);
}

// ---- wheel --------------------------------------------------------------------------------------

static void put_into(struct sim_schedule *schedule, struct sim_chunk **slot,
                     const struct sim_event *event) {
    struct sim_chunk *chunk = *slot;
    if (chunk == NULL || chunk->count == SIM_CHUNK_EVENTS) {
        chunk = schedule->free;
        if (chunk == NULL) {
            chunk = memory_allocate(schedule->memory, sizeof *chunk);
        } else {
            schedule->free = chunk->next;
        }
        chunk->next = *slot;
        chunk->count = 0;
        *slot = chunk;
    }
    chunk->events[chunk->count++] = *event;
}

static void place(struct sim_schedule *schedule, const struct sim_event *event) {
    uint64_t slot = slot_of(event->time);
    uint64_t far_slot = far_slot_of(event->time);
    uint64_t current_far = schedule->slot >> SIM_SLOTS_BITS;
    if (slot <= schedule->slot) {
        heap_push(&schedule->heap, schedule->memory, event);
    } else if (far_slot == current_far) {
        put_into(schedule, &schedule->near[slot & SLOT_MASK], event);
        schedule->near_count++;
    } else if (far_slot - current_far < SIM_SLOTS) {
        put_into(schedule, &schedule->far[far_slot & SLOT_MASK], event);
        schedule->far_count++;
    } else {
        heap_push(&schedule->beyond, schedule->memory, event);
    }
}

// The slot is empty behind it; its chunks are to be freed one by one.
static struct sim_chunk *take_slot(struct sim_chunk **slot) {
    struct sim_chunk *chunk = *slot;
    *slot = NULL;
    return chunk;
}

static struct sim_chunk *free_chunk(struct sim_schedule *schedule, struct sim_chunk *chunk) {
    struct sim_chunk *next = chunk->next;
    chunk->next = schedule->free;
    schedule->free = chunk;
    return next;
}

// The next slot, which is the first one of a far slot.
static void enter_far_slot(struct sim_schedule *schedule) {
    uint64_t far_slot = schedule->slot >> SIM_SLOTS_BITS;
    struct sim_chunk *chunk = take_slot(&schedule->far[far_slot & SLOT_MASK]);
    while (chunk != NULL) {
        for (uint64_t i = 0; i < chunk->count; i++) {
            schedule->far_count--;
            place(schedule, &chunk->events[i]);
        }
        chunk = free_chunk(schedule, chunk);
    }
    while (schedule->beyond.count > 0 &&
           far_slot_of(schedule->beyond.items[0].time) - far_slot < SIM_SLOTS) {
        struct sim_event event = heap_pop(&schedule->beyond);
        place(schedule, &event);
    }
}

static void gather_slot(struct sim_schedule *schedule) {
    struct sim_chunk *chunk = take_slot(&schedule->near[schedule->slot & SLOT_MASK]);
    schedule->ready_at = 0;
    schedule->ready_count = 0;
    while (chunk != NULL) {
        uint32_t needed = schedule->ready_count + (uint32_t)chunk->count;
        if (needed > schedule->ready_capacity) {
            schedule->ready =
                memory_grow(schedule->memory, schedule->ready, &schedule->ready_capacity, needed,
                            sizeof(struct sim_event));
        }
        memcpy(schedule->ready + schedule->ready_count, chunk->events,
               chunk->count * sizeof(struct sim_event));
        schedule->ready_count = needed;
        chunk = free_chunk(schedule, chunk);
    }
    schedule->near_count -= schedule->ready_count;
    sort_events(schedule->ready, schedule->ready_count, 48);
}

// Where nothing is near, all slots up to the next far one are passed over at once.
static void next_slot(struct sim_schedule *schedule) {
    if (schedule->near_count > 0) {
        schedule->slot++;
    } else if (schedule->far_count > 0 || schedule->beyond.count == 0) {
        schedule->slot = ((schedule->slot >> SIM_SLOTS_BITS) + 1) << SIM_SLOTS_BITS;
    } else {
        schedule->slot = far_slot_of(schedule->beyond.items[0].time) << SIM_SLOTS_BITS;
    }
    if ((schedule->slot & SLOT_MASK) == 0) {
        enter_far_slot(schedule);
    }
    gather_slot(schedule);
}

static void become_wheel(struct sim_schedule *schedule) {
    struct sim_heap all = schedule->heap;
    schedule->heap = (struct sim_heap){0};
    schedule->is_wheel = true;
    schedule->near = memory_allocate(schedule->memory, SIM_SLOTS * sizeof(struct sim_chunk *));
    schedule->far = memory_allocate(schedule->memory, SIM_SLOTS * sizeof(struct sim_chunk *));
    schedule->slot = slot_of(schedule->last.time);
    for (uint32_t i = 0; i < all.count; i++) {
        place(schedule, &all.items[i]);
    }
    heap_free(&all, schedule->memory);
}

// ---- all ----------------------------------------------------------------------------------------

void sim_schedule_init(struct sim_schedule *schedule, struct memory *memory, uint32_t heap_max) {
    *schedule = (struct sim_schedule){.memory = memory, .heap_max = heap_max};
}

static void free_slots(struct sim_schedule *schedule, struct sim_chunk **slots) {
    for (uint32_t i = 0; slots != NULL && i < SIM_SLOTS; i++) {
        for (struct sim_chunk *chunk = slots[i]; chunk != NULL;) {
            chunk = free_chunk(schedule, chunk);
        }
    }
    memory_free(schedule->memory, slots, slots != NULL ? SIM_SLOTS * sizeof *slots : 0);
}

void sim_schedule_deinit(struct sim_schedule *schedule) {
    free_slots(schedule, schedule->near);
    free_slots(schedule, schedule->far);
    while (schedule->free != NULL) {
        struct sim_chunk *chunk = schedule->free;
        schedule->free = chunk->next;
        memory_free(schedule->memory, chunk, sizeof *chunk);
    }
    heap_free(&schedule->heap, schedule->memory);
    heap_free(&schedule->beyond, schedule->memory);
    memory_free(schedule->memory, schedule->ready,
                schedule->ready_capacity * sizeof(struct sim_event));
    *schedule = (struct sim_schedule){0};
}

void sim_schedule_add(struct sim_schedule *schedule, const struct sim_event *event) {
    ASSERT(event->order != 0 && event->time != SIM_NEVER);
    ASSERT(event->time > schedule->last.time || schedule->last.order == 0);
    schedule->count++;
    if (schedule->is_wheel) {
        place(schedule, event);
        return;
    }
    heap_push(&schedule->heap, schedule->memory, event);
    if (schedule->heap.count > schedule->heap_max) {
        become_wheel(schedule);
    }
}

// The first event; NULL: there is none.
static const struct sim_event *first_of(struct sim_schedule *schedule) {
    if (schedule->count == 0) {
        return NULL;
    }
    while (schedule->heap.count == 0 && schedule->ready_at == schedule->ready_count) {
        next_slot(schedule);
    }
    if (schedule->ready_at == schedule->ready_count) {
        return schedule->heap.items;
    }
    const struct sim_event *ready = &schedule->ready[schedule->ready_at];
    bool is_ready_first =
        schedule->heap.count == 0 || sim_event_before(ready, schedule->heap.items);
    return is_ready_first ? ready : schedule->heap.items;
}

bool sim_schedule_take(struct sim_schedule *schedule, uint64_t end, struct sim_event *event) {
    const struct sim_event *first = first_of(schedule);
    if (first == NULL || first->time >= end) {
        return false;
    }
    if (first == schedule->heap.items) {
        *event = heap_pop(&schedule->heap);
    } else {
        *event = *first;
        schedule->ready_at++;
    }
    ASSERT_MESSAGE(sim_event_before(&schedule->last, event) || schedule->last.order == 0,
                   "an event came before one that had happened");
    schedule->last = *event;
    schedule->count--;
    return true;
}

uint64_t sim_schedule_due(struct sim_schedule *schedule) {
    const struct sim_event *first = first_of(schedule);
    return first == NULL ? SIM_NEVER : first->time;
}

// ---- invariants ---------------------------------------------------------------------------------

static void check_heap(const struct sim_heap *heap) {
    ASSERT(heap->count <= heap->capacity);
    for (uint32_t i = 1; i < heap->count; i++) {
        ASSERT(!sim_event_before(&heap->items[i], &heap->items[(i - 1) / 4]));
    }
}

static uint64_t check_slots(struct sim_chunk *const *slots, unsigned shift) {
    uint64_t count = 0;
    for (uint32_t i = 0; slots != NULL && i < SIM_SLOTS; i++) {
        for (const struct sim_chunk *chunk = slots[i]; chunk != NULL; chunk = chunk->next) {
            ASSERT(chunk->count > 0 && chunk->count <= SIM_CHUNK_EVENTS);
            for (uint64_t k = 0; k < chunk->count; k++) {
                ASSERT((chunk->events[k].time >> shift & SLOT_MASK) == i);
            }
            count += chunk->count;
        }
    }
    return count;
}

void sim_schedule_check(const struct sim_schedule *schedule) {
    check_heap(&schedule->heap);
    check_heap(&schedule->beyond);
    ASSERT(schedule->ready_at <= schedule->ready_count);
    ASSERT(check_slots(schedule->near, SIM_SLOT_BITS) == schedule->near_count);
    ASSERT(check_slots(schedule->far, SIM_SLOT_BITS + SIM_SLOTS_BITS) == schedule->far_count);
    uint64_t ready = schedule->ready_count - schedule->ready_at;
    ASSERT(schedule->count == schedule->heap.count + schedule->beyond.count + ready +
                                  schedule->near_count + schedule->far_count);
    for (uint32_t i = schedule->ready_at; i + 1 < schedule->ready_count; i++) {
        ASSERT(sim_event_before(&schedule->ready[i], &schedule->ready[i + 1]));
    }
}
