#include "store/broker/record_rows.h"

#include "base/assert.h"

#define NUMBER_BYTES_MAX 10

// ---- written -----------------------------------------------------------------------------------

static uint8_t *put_number(uint8_t *at, uint64_t number) {
    number++;
    while (number >= 0x80) {
        *at++ = (uint8_t)(number | 0x80);
        number >>= 7;
    }
    *at++ = (uint8_t)number;
    return at;
}

static uint8_t *put_text(uint8_t *at, struct bytes text) {
    at = put_number(at, text.size);
    if (text.size > 0) {
        memcpy(at, text.data, text.size);
    }
    return at + text.size;
}

void record_rows_append(struct record_rows rows, struct buffer *to,
                        const struct journal_record *record) {
    ASSERT(record->kind < rows.count && rows.count <= RECORD_ROWS_KINDS_MAX);
    const struct journal_kind *row = &rows.kinds[record->kind];
    size_t most = 1 + NUMBER_BYTES_MAX * (size_t)(row->numbers + row->texts);
    for (unsigned i = 0; i < row->texts; i++) {
        most += record->text[i].size;
    }
    uint8_t *begin = buffer_reserve(to, most);
    uint8_t *at = begin;
    *at++ = (uint8_t)record->kind;
    for (unsigned i = 0; i < row->numbers; i++) {
        at = put_number(at, record->number[i]);
    }
    for (unsigned i = 0; i < row->texts; i++) {
        at = put_text(at, record->text[i]);
    }
    to->size += (size_t)(at - begin);
}

// ---- read --------------------------------------------------------------------------------------

// False: the bytes end before the number does, or it has more than 64 bits, or could be shorter.
static bool take_number(struct bytes *bytes, uint64_t *number) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && bytes->size > 0; shift += 7) {
        uint8_t byte = *bytes->data;
        *bytes = bytes_make(bytes->data + 1, bytes->size - 1);
        bool is_too_large = shift == 63 && byte > 1;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *number = value - 1;
            return !is_too_large && (byte != 0 || shift == 0);
        }
    }
    return false;
}

static bool take_text(struct bytes *bytes, struct bytes *text) {
    uint64_t size;
    if (!take_number(bytes, &size) || size > bytes->size) {
        return false;
    }
    *text = bytes_make(bytes->data, (size_t)size);
    *bytes = bytes_make(bytes->data + size, bytes->size - (size_t)size);
    return true;
}

enum record_rows_found record_rows_next(struct record_rows rows, struct bytes *bytes,
                                        struct journal_record *record) {
    if (bytes->size == 0) {
        return RECORD_ROWS_END;
    }
    *record = (struct journal_record){.kind = *bytes->data};
    *bytes = bytes_make(bytes->data + 1, bytes->size - 1);
    if (record->kind >= rows.count) {
        return RECORD_ROWS_WRONG;
    }
    const struct journal_kind *row = &rows.kinds[record->kind];
    bool is_whole = true;
    for (unsigned i = 0; i < row->numbers && is_whole; i++) {
        is_whole = take_number(bytes, &record->number[i]);
    }
    for (unsigned i = 0; i < row->texts && is_whole; i++) {
        is_whole = take_text(bytes, &record->text[i]);
    }
    return is_whole ? RECORD_ROWS_RECORD : RECORD_ROWS_WRONG;
}
