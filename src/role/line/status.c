#include "role/line/status.h"

#include "base/assert.h"
#include "base/decimal.h"

const char *status_text(unsigned status) {
    static const struct {
        unsigned status;
        const char *text;
    } texts[] = {
        {STATUS_NONE, "waiting for the answer"},
        {STATUS_OK, "OK"},
        {STATUS_MALFORMED, "malformed"},
        {STATUS_UNAUTHORIZED, "not connected or bad credentials"},
        {STATUS_FORBIDDEN, "not allowed with this suite"},
        {STATUS_TIMED_OUT, "timed out"},
        {STATUS_TAKEN, "taken"},
        {STATUS_UNAVAILABLE, "not available"},
        {STATUS_FULL, "too many connections or subscriptions"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i].status == status) {
            return texts[i].text;
        }
    }
    return "unknown status";
}

struct bytes status_write(unsigned status, char text[static STATUS_TEXT_SIZE]) {
    ASSERT(status >= 100 && status <= 999);
    text[0] = (char)('0' + status / 100);
    text[1] = (char)('0' + status / 10 % 10);
    text[2] = (char)('0' + status % 10);
    text[3] = '\0';
    return bytes_make(text, STATUS_TEXT_SIZE - 1);
}

unsigned status_read(struct bytes element) {
    uint64_t status;
    return element.size == 3 && decimal_read(element, 999, &status) && status >= 100
               ? (unsigned)status
               : STATUS_NONE;
}
