// Lines of networks and events of captures, from several files, put into the order of their times.
//
// What comes from a file waits here until each other file has shown what comes next, or that it is
// read to its end. Each file keeps its own order: a time that goes back, is missing, or lies in the
// future (a line may say anything) counts as that of what came before. Lines have whole seconds;
// within one they stand before the packets of captures, whatever came first.
//
// Memory: what was put and not taken yet. The caller reads of a file only while nothing of it
// waits (watch_merge_wants), so that is one turn of reading for each file.
#ifndef WATCH_WATCH_MERGE_H
#define WATCH_WATCH_MERGE_H

#include "base/memory.h"
#include "medium/capture/tap_event.h"

#define WATCH_MERGE_OWNERS_MAX 1000 // of captures that are told apart; others are left out

struct watch_merge;

struct watch_merge *watch_merge_create(uint32_t file_count, struct memory *memory);
void watch_merge_destroy(struct watch_merge *merge);

// `now_ns` is the wall clock's. Everything is copied.
void watch_merge_put_line(struct watch_merge *merge, uint32_t file, struct bytes line,
                          uint64_t now_ns);
void watch_merge_put_event(struct watch_merge *merge, uint32_t file, const struct tap_event *event,
                           uint64_t now_ns);

// Whether nothing of the file waits.
bool watch_merge_wants(const struct watch_merge *merge, uint32_t file);

// Whether the file is read to its end: then nobody waits for it.
void watch_merge_set_end(struct watch_merge *merge, uint32_t file, bool is_at_end);

struct watch_merge_taker {
    void *context;
    void (*line)(void *context, uint32_t file, struct bytes line);
    void (*event)(void *context, uint32_t file, const struct tap_event *event);
};

// Hands out what is next, if that is known. False: it is not, or nothing waits.
bool watch_merge_take(struct watch_merge *merge, const struct watch_merge_taker *taker);

#endif
