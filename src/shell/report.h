// What a program says: notices, errors and answers, as lines for people or as JSON objects for
// programs, one a line. What it has to say of the events of its role comes on top
// (session/line/line_report.h, session/broker/report_mqtt.h).
//
// For people, what was asked for (updates, help, lists) goes to standard output, and what is said
// about it (who joined, what failed) to standard error. As JSON all of it goes to standard output;
// docs/json.md names the events and their members.
#ifndef SHELL_REPORT_H
#define SHELL_REPORT_H

#include "shell/log/log.h"
#include "shell/terminal/output.h"
#include "shell/report_rate.h"

#include <jansson.h>

// Where it says things and how much of what, then how many of each kind it said, and the line in
// the making. With a log, what is meant for standard error goes there, but for answers to commands.
struct report {
    struct output *output; // borrowed
    bool json;
    bool listening;       // show what passes (tgll)
    bool quiet;           // nothing is said about peers
    bool answers;         // a command, which may fail as often as the user likes
    json_t *said;         // if not NULL, notices and errors are appended to it, too; borrowed
    enum log_level level; // what is less urgent is not said, but to whom asked for it
    struct log *log; // for what goes to standard error otherwise; NULL: there is none. Borrowed
    struct report_rates rates;
    struct buffer line; // in the making
};

void report_init(struct report *report, struct output *output, struct memory *memory, bool json);
void report_deinit(struct report *report);

// Kinds of lines that have a rate. Those of events follow each other.
enum report_line {
    REPORT_NOTICE,
    REPORT_ERROR,
    REPORT_GATE,
    REPORT_PACKET,
    REPORT_FAULT,
    REPORT_EVENT,
    REPORT_MQTT_EVENT = REPORT_EVENT + 20,
};

// Whether what is so urgent is said at all. Commands are answered in any case.
bool report_has_level(const struct report *report, enum log_level level);
// Whether a line about peers may be said: not if all is to be quiet, or more of them came than the
// rate of the kind allows. Those are counted.
bool report_may_tell(struct report *report, unsigned line, const char *name);
// Likewise one that is not of the usual level, LOG_INFO.
bool report_may_tell_at(struct report *report, enum log_level level, unsigned line,
                        const char *name);
// Likewise a packet or an entry that passes. Many may come at once, since they were asked for; as
// JSON all of them are said.
bool report_may_show(struct report *report, unsigned line, const char *name);
// Tells what was left out, if it is time to; at the end it is.
void report_left_out(struct report *report, bool is_end);

// A fact about the session. `kind` is the event's name in JSON ("notice", "started").
void report_notice(struct report *report, const char *text);
void report_error(struct report *report, const char *text);

// For others that say events: an object under way, with its `event` and `time`, and its end; the
// line in `line` as text.
json_t *report_object(const char *event);
void report_emit(struct report *report, json_t *object);
void report_say(struct report *report, enum output_stream stream);
// Likewise a line for the log, with what is known of it; `text` is the line's. It has its level.
void report_log(struct report *report, struct log_record record);

// What a command was asked to show: text for people, or an object under the event's name `kind`.
void report_answer(struct report *report, const char *kind, struct bytes text);

#endif
