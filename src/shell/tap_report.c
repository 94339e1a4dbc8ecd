#include "shell/tap_report.h"

void tap_report_flush(struct tap *tap, struct report *report) {
    const char *wrong = tap == NULL ? NULL : tap_flush(tap);
    if (wrong != NULL) {
        report_error(report, wrong);
    }
}

void tap_report_follow(struct tap *tap, struct report *report) {
    struct tap_error said;
    if (tap == NULL) {
        return;
    }
    if (!tap_follow(tap, &said)) {
        report_error(report, said.text);
    } else if (said.text[0] != '\0') {
        report_notice(report, said.text);
    }
}
