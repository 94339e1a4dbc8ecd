#include "base/heap.h"

#include "base/assert.h"

#define CAPACITY_KEPT 64 // of a heap that is not empty

void heap_init(struct heap *heap, struct memory *memory) {
    *heap = (struct heap){.memory = memory};
}

void heap_deinit(struct heap *heap) {
    memory_free(heap->memory, heap->items, heap->capacity * sizeof *heap->items);
    heap_init(heap, heap->memory);
}

static bool is_before(const struct heap_item *a, const struct heap_item *b) {
    return a->due != b->due ? a->due < b->due : a->sequence < b->sequence;
}

static void put(struct heap *heap, uint32_t at, struct heap_item item) {
    heap->items[at] = item;
    if (item.place != NULL) {
        *item.place = at + 1;
    }
}

// Puts the item at the free place `at` or above it, and returns where it came to be.
static uint32_t rise(struct heap *heap, struct heap_item item, uint32_t at) {
    while (at > 0 && is_before(&item, &heap->items[(at - 1) / 2])) {
        put(heap, at, heap->items[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put(heap, at, item);
    return at;
}

// Likewise at `at` or below it.
static void sink(struct heap *heap, struct heap_item item, uint32_t at) {
    for (uint32_t child; (child = 2 * at + 1) < heap->count; at = child) {
        uint32_t other = child + 1;
        if (other < heap->count && is_before(&heap->items[other], &heap->items[child])) {
            child = other;
        }
        if (!is_before(&heap->items[child], &item)) {
            break;
        }
        put(heap, at, heap->items[child]);
    }
    put(heap, at, item);
}

static void settle(struct heap *heap, struct heap_item item, uint32_t at) {
    if (rise(heap, item, at) == at) {
        sink(heap, item, at);
    }
}

static void resize(struct heap *heap, uint32_t capacity) {
    heap->items = memory_resize(heap->memory, heap->items, heap->capacity * sizeof *heap->items,
                                capacity * sizeof *heap->items);
    heap->capacity = capacity;
}

static void shrink(struct heap *heap) {
    if (heap->count == 0) {
        resize(heap, 0);
    } else if (heap->capacity > CAPACITY_KEPT && heap->count < heap->capacity / 4) {
        resize(heap, heap->capacity / 2);
    }
}

void heap_add(struct heap *heap, struct heap_item item) {
    heap->items = memory_grow(heap->memory, heap->items, &heap->capacity, heap->count + 1,
                              sizeof *heap->items);
    (void)rise(heap, item, heap->count++);
}

static void assert_noted(const struct heap *heap, uint32_t at) {
    ASSERT(at < heap->count);
    ASSERT(heap->items[at].place == NULL || *heap->items[at].place == at + 1);
}

void heap_move(struct heap *heap, uint32_t at, uint64_t due, uint64_t sequence) {
    assert_noted(heap, at);
    settle(heap, (struct heap_item){due, sequence, heap->items[at].place}, at);
}

void heap_remove(struct heap *heap, uint32_t at) {
    assert_noted(heap, at);
    if (heap->items[at].place != NULL) {
        *heap->items[at].place = 0;
    }
    struct heap_item last = heap->items[--heap->count];
    if (at < heap->count) {
        settle(heap, last, at);
    }
    shrink(heap);
}

void heap_filter(struct heap *heap, bool (*keeps)(void *context, const struct heap_item *item),
                 void *context) {
    uint32_t count = heap->count;
    heap->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct heap_item item = heap->items[i];
        if (keeps(context, &item)) {
            (void)rise(heap, item, heap->count++);
        } else if (item.place != NULL) {
            *item.place = 0;
        }
    }
    shrink(heap);
}

void heap_check(const struct heap *heap) {
    ASSERT(heap->count <= heap->capacity);
    for (uint32_t i = 0; i < heap->count; i++) {
        assert_noted(heap, i);
        ASSERT(i == 0 || !is_before(&heap->items[i], &heap->items[(i - 1) / 2]));
    }
}
