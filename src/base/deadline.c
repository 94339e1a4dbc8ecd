#include "base/deadline.h"

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
