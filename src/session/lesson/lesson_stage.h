// The programs of a lesson: started in a folder of the lesson's own, fed with lines, heard, ended.
// They are those that lie beside the program that asks (broker, or mqttsim-broker once installed);
// no others are started, and no shell.
//
// Each has one pipe for what is typed and one for all it prints. While one is awaited all are
// heard, so that none is held up by a full pipe. They end with the lesson, also when it is killed.
//
// Limits: LESSON_PROGRAMS_MAX programs, LESSON_HEARD_MAX bytes of each, LESSON_ARGUMENTS_MAX words
// of a command line.
// One thread. SIGINT, SIGTERM and SIGHUP are taken by a descriptor while the stage is open.
#ifndef SESSION_LESSON_LESSON_STAGE_H
#define SESSION_LESSON_LESSON_STAGE_H

#include <limits.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "session/lesson/lesson_page.h"
#include "session/lesson/lesson_script.h"

#define LESSON_HEARD_MAX (4u * 1024 * 1024)
#define LESSON_ARGUMENTS_MAX 48

// One program of a lesson, from its start until it has ended and was collected. What it printed is
// kept in `heard`; `taken` moves on as the lesson looks at it. Both pipes are the stage's.
struct lesson_program {
    char name[LESSON_NAME_MAX + 1];
    pid_t id; // 0: it has ended and was collected, or was never started
    int in;   // -1: closed
    int out;  // likewise
    int code; // once collected; 128 and the signal that ended it
    bool has_ended;
    bool was_killed; // by the lesson
    bool is_frozen;
    struct buffer heard;
    size_t taken; // how much of it was looked at, whole lines
};

// A stage stands from lesson_stage_open to lesson_stage_close: a folder, the programs in it (the
// first `count`; a name stands once), and the descriptor of signals. What a signal asked for stays
// in `interrupted`, and everything that waits then returns.
struct lesson_stage {
    struct memory *memory;
    char folder[PATH_MAX];
    struct lesson_program programs[LESSON_PROGRAMS_MAX + 1]; // and the one that is shown
    unsigned count;
    int signals;
    struct lesson_page *page; // is served while programs are heard; NULL: there is none
    bool interrupted;
};

// False with errno set.
bool lesson_stage_open(struct lesson_stage *stage, struct memory *memory);
// Ends what is left, whatever it does, and removes the folder.
void lesson_stage_close(struct lesson_stage *stage);

struct lesson_program *lesson_stage_find(struct lesson_stage *stage, struct bytes name);

// Starts the command line's program under that name; `fed`: lines will be typed, else its input is
// at its end. What a former one of that name has printed is forgotten. NULL: `complaint` says why
// not.
struct lesson_program *lesson_stage_start(struct lesson_stage *stage, struct bytes name,
                                          struct bytes command, bool fed, struct buffer *complaint);

// Appends a line to a file of the folder, whose name has at most LESSON_NAME_MAX bytes. In the line
// \t, \\ and \xHH are escapes, as programs print them. False with errno set.
bool lesson_stage_append(struct lesson_stage *stage, struct bytes file, struct bytes line);

// Takes what the programs have printed; waits for it so long if there is nothing yet, or until
// `also` (-1: nothing) can be read. Returns whether that can be read.
bool lesson_stage_hear(struct lesson_stage *stage, int also, int wait_ms);

// Types a line. False: it does not read, or has ended.
bool lesson_program_type(struct lesson_program *program, struct bytes line);

// The next line that it has printed and that was not taken yet; the last may lack its end.
bool lesson_program_take_line(struct lesson_program *program, struct bytes *line);

void lesson_program_signal(struct lesson_program *program, int number);

#endif
