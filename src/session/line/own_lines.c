#include "session/line/own_lines.h"

void own_lines_note_written(struct own_lines *lines) {
    lines->outstanding++;
}

bool own_lines_is_foreign(struct own_lines *lines, uint32_t sender) {
    if (sender != lines->address || !lines->is_settled) {
        return false;
    }
    bool is_foreign = lines->outstanding == 0;
    lines->outstanding -= !is_foreign;
    return is_foreign;
}

void own_lines_unsettle(struct own_lines *lines) {
    lines->is_settled = false;
}

void own_lines_settle(struct own_lines *lines) {
    lines->is_settled = true;
    lines->outstanding = 0;
}
