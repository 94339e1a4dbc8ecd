// What a program tells its user of its tap (medium/capture/tap.h). To be called where the program
// reports (shell/report.h). NULL for a tap is allowed, and nothing is told then.
#ifndef SHELL_TAP_REPORT_H
#define SHELL_TAP_REPORT_H

#include "medium/capture/tap.h"
#include "shell/report.h"

// Writes what there is to write; what goes wrong is told once.
void tap_report_flush(struct tap *tap, struct report *report);
// On SIGHUP: the tap follows its file (tap_follow), and what was done, or went wrong, is told.
void tap_report_follow(struct tap *tap, struct report *report);

#endif
