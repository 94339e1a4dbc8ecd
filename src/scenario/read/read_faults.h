// What happens in a fault, one line that reads as English: a rule of faults (fault/parse.h), or
// what befalls parts of the world:
//
//     link WHO down                      link WHO as LINK
//     partition WHO from WHOM [one way]
//     crash WHO [without journal]        restart WHO                pause WHO
//     step clock of WHO [back] by TIME
//     limit queue of BROKER to N         limit mailbox of ROUTER to N
//     surge WHO by N
//
// WHO is a network, a broker, a router, a group of devices, `master`, or devices by a pattern as in
// soil-1*. Where names are not clear, `network`, `broker`, `router`, `group` or `devices` stands
// before them.
#ifndef SCENARIO_READ_READ_FAULTS_H
#define SCENARIO_READ_READ_FAULTS_H

#include "scenario/read/read_context.h"

// The field is the struct plan_fault whose times are read beside. False: it was wrong, and said so.
bool read_fault(const struct read_field *field);

struct read_fault_row {
    const char *word; // it begins with
    const char *form;
    const char *help;
};

// The lines above, for people; NULL behind the last one.
const struct read_fault_row *read_fault_row(unsigned index);

#endif
