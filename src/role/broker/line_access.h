// Who the devices at the line door are, for access lists (topic/access.h): the user of the
// credentials that were checked, and the name of the device in place of a client identifier. A
// device calls itself as it likes, and so do clients of MQTT.
//
// Nothing is kept as long as there are no lists.
//
// For the line door only.
#ifndef ROLE_BROKER_LINE_ACCESS_H
#define ROLE_BROKER_LINE_ACCESS_H

#include "topic/access.h"

struct line_person;

struct line_access {
    struct memory *memory;
    struct line_person **people; // by the place of the connection; NULL: nothing is known
    uint32_t capacity;
    struct access_topic asked; // of the publishing with this serial
    uint64_t serial;
};

void line_access_init(struct line_access *access, struct memory *memory);
// Everybody has left.
void line_access_deinit(struct line_access *access);

// The connection at the place is this client's, whose texts are copied.
void line_access_enter(struct line_access *access, uint32_t place,
                       const struct access_client *client);
// Who that is; without a user if nothing is known.
struct access_client line_access_of(const struct line_access *access, uint32_t place);
void line_access_leave(struct line_access *access, uint32_t place);

bool line_access_allows(const struct line_access *access, const struct access *rules,
                        uint32_t place, enum access_kind kind, struct bytes topic);
// Whether who is at the place may read the publishing with the serial, about which many are asked.
// Adds to *patterns how many were looked at.
struct line_reading {
    const struct access *rules;
    struct bytes topic;
    uint64_t serial;
};
bool line_access_reads(struct line_access *access, const struct line_reading *reading,
                       uint32_t place, uint64_t *patterns);

#endif
