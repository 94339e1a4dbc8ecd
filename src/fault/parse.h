// A rule of faults from its text, one line (docs/faults.md has the whole grammar):
//
//     ACTION [ITS ARGUMENTS] [every N | N %] [TYPE [N[-N]]]
//            [from WHOM] [to WHOM] [with WHOM] [on FILTER] [qos N]
//            [at TIME | after TIME] [every TIME] [for TIME]
//
// What follows the packets may come in any order. Words of the grammar may be typed in any case;
// names that are words of it, or have blanks, stand in double quotes.
#ifndef FAULT_PARSE_H
#define FAULT_PARSE_H

#include "fault/rule.h"
#include "fault/words.h"

// False: the text is no rule, and *error says why. Bytes from outside may be anything.
__attribute__((warn_unused_result)) bool fault_parse(struct bytes text, struct fault_rule *rule,
                                                     struct fault_error *error);

#endif
