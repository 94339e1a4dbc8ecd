#include "role/broker/session/door_record.h"

static uint64_t span_less(uint64_t span, uint64_t passed) {
    return span == ROLE_NEVER ? span : span > passed ? span - passed : 0;
}

void door_record_age(struct door_record *record, uint64_t passed) {
    if (record->kind == DOOR_RECORD_QUEUED || record->kind == DOOR_RECORD_RETAINED) {
        record->span = span_less(record->span, passed);
    } else if (record->kind == DOOR_RECORD_SESSION && !record->is_connected) {
        record->ends_in = span_less(record->ends_in, passed);
        record->will_delay = span_less(record->will_delay, passed);
    }
}
