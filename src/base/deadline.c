#include "base/deadline.h"

#include "base/assert.h"

static struct deadline_link *link_of(struct deadline_links links, uint32_t record) {
    return (struct deadline_link *)((char *)links.link_of_first_record +
                                    record * links.record_size);
}

void deadline_init(struct deadline_list *list) {
    list->first = list->last = DEADLINE_NONE;
}

void deadline_append(struct deadline_list *list, struct deadline_links links, uint32_t record) {
    *link_of(links, record) = (struct deadline_link){list->last, DEADLINE_NONE};
    if (list->last == DEADLINE_NONE) {
        list->first = record;
    } else {
        link_of(links, list->last)->later = record;
    }
    list->last = record;
}

void deadline_remove(struct deadline_list *list, struct deadline_links links, uint32_t record) {
    struct deadline_link link = *link_of(links, record);
    if (link.earlier == DEADLINE_NONE) {
        list->first = link.later;
    } else {
        link_of(links, link.earlier)->later = link.later;
    }
    if (link.later == DEADLINE_NONE) {
        list->last = link.earlier;
    } else {
        link_of(links, link.later)->earlier = link.earlier;
    }
}

uint32_t deadline_check(const struct deadline_list *list, struct deadline_links links) {
    uint32_t count = 0;
    uint32_t earlier = DEADLINE_NONE;
    for (uint32_t record = list->first; record != DEADLINE_NONE;) {
        const struct deadline_link *link = link_of(links, record);
        ASSERT(link->earlier == earlier); // so it stands there once
        earlier = record;
        record = link->later;
        count++;
    }
    ASSERT(list->last == earlier);
    return count;
}
