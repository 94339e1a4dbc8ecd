// Deadlines that are all the same span away when they are set: a list in the order of setting is in
// the order of falling due, so each costs O(1) and nothing is ever sorted. The links stand in the
// caller's records, found by index through the address of the first one and the record's size.
#ifndef BASE_DEADLINE_H
#define BASE_DEADLINE_H

#include <stddef.h>
#include <stdint.h>

#define DEADLINE_NONE UINT32_MAX

struct deadline_link {
    uint32_t earlier;
    uint32_t later;
};

struct deadline_list {
    uint32_t first;
    uint32_t last;
};

// Where the records' links are; computed anew by the caller whenever records may have moved.
struct deadline_links {
    struct deadline_link *link_of_first_record;
    size_t record_size;
};

void deadline_init(struct deadline_list *list);
// The record is in no list yet.
void deadline_append(struct deadline_list *list, struct deadline_links links, uint32_t record);
void deadline_remove(struct deadline_list *list, struct deadline_links links, uint32_t record);
// How many records stand in the list. Asserts that its links lead forth and back alike.
uint32_t deadline_check(const struct deadline_list *list, struct deadline_links links);

#endif
