#include "session/lesson/lesson_session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "session/lesson/lesson_player.h"
#include "session/lesson/lesson_shelf.h"
#include "shell/clock.h"
#include "shell/terminal/console.h"
#include "shell/printable.h"
#include "shell/program_exit.h"

#define NAME_COLUMNS 14

// One lesson on its way from its file to its end.
struct lecture {
    const struct lesson_session_options *options;
    struct memory memory;
    struct buffer source;
    struct buffer complaint;
    struct lesson_script script;
    char path[PATH_MAX];
    char label[128];
};

static void lecture_init(struct lecture *lecture, const struct lesson_session_options *options) {
    *lecture = (struct lecture){.options = options};
    memory_init(&lecture->memory);
    buffer_init(&lecture->source, &lecture->memory);
    buffer_init(&lecture->complaint, &lecture->memory);
    lecture->script.memory = &lecture->memory;
}

static void lecture_deinit(struct lecture *lecture) {
    lesson_script_deinit(&lecture->script);
    buffer_deinit(&lecture->source);
    buffer_deinit(&lecture->complaint);
}

static void complain(const struct buffer *complaint) {
    struct buffer page;
    buffer_init(&page, complaint->memory);
    buffer_append_text(&page, "lesson: ");
    printable_append_page(&page, buffer_bytes(complaint));
    buffer_append_text(&page, "\n");
    (void)fflush(stdout);
    (void)fwrite(page.data, 1, page.size, stderr);
    buffer_deinit(&page);
}

// Reads and parses the file at lecture->path.
static bool load(struct lecture *lecture) {
    if (!lesson_shelf_read(lecture->path, &lecture->source)) {
        printable_format(&lecture->complaint, "%s: %s", lecture->path, strerror(errno));
        return false;
    }
    return lesson_script_parse(&lecture->script, &lecture->memory, lecture->path,
                               buffer_bytes(&lecture->source), &lecture->complaint);
}

static void set_label(struct lecture *lecture, unsigned number) {
    struct bytes title = lecture->script.title;
    int size = (int)title.size;
    if (number > 0) {
        (void)snprintf(lecture->label, sizeof lecture->label, "%u. %.*s", number, size,
                       (const char *)title.data);
    } else {
        (void)snprintf(lecture->label, sizeof lecture->label, "%.*s", size,
                       (const char *)title.data);
    }
}

// ---- which ----------------------------------------------------------------------------------

static bool set_path(struct lecture *lecture, const struct lesson_shelf *shelf,
                     const struct lesson_entry *entry) {
    int size = snprintf(lecture->path, sizeof lecture->path, "%s/%s", shelf->folder, entry->file);
    return size > 0 && (size_t)size < sizeof lecture->path;
}

// A number, a name, or the path of a file.
static bool find(struct lecture *lecture, const struct lesson_shelf *shelf, const char *wanted,
                 unsigned *number) {
    const struct lesson_entry *entry = lesson_shelf_find(shelf, wanted);
    if (entry != NULL && set_path(lecture, shelf, entry)) {
        *number = entry->number;
        return true;
    }
    int size = snprintf(lecture->path, sizeof lecture->path, "%s", wanted);
    if (size > 0 && (size_t)size < sizeof lecture->path && access(wanted, R_OK) == 0) {
        *number = 0;
        return true;
    }
    printable_format(&lecture->complaint,
                     "%s: there is no lesson of that number or name, and no such file; lesson "
                     "alone lists them",
                     wanted);
    return false;
}

// ---- listing --------------------------------------------------------------------------------

static bool list_one(const struct lesson_session_options *options, const struct lesson_shelf *shelf,
                     const struct lesson_entry *entry) {
    struct lecture lecture;
    struct buffer line;
    lecture_init(&lecture, options);
    bool loaded = set_path(&lecture, shelf, entry) && load(&lecture);
    if (loaded) {
        buffer_init(&line, &lecture.memory);
        printable_format(&line, "%3u  %-*s %.*s\n", entry->number, NAME_COLUMNS, entry->name,
                         (int)lecture.script.about.size, (const char *)lecture.script.about.data);
        (void)fwrite(line.data, 1, line.size, stdout);
        buffer_deinit(&line);
    } else {
        complain(&lecture.complaint);
    }
    lecture_deinit(&lecture);
    return loaded;
}

static int list_all(const struct lesson_session_options *options,
                    const struct lesson_shelf *shelf) {
    bool are_well = true;
    for (unsigned i = 0; i < shelf->count; i++) {
        are_well = list_one(options, shelf, &shelf->entries[i]) && are_well;
    }
    (void)printf("\nlesson NUMBER plays one, at a terminal with pauses.\n");
    return are_well ? PROGRAM_OK : PROGRAM_FAILED;
}

// ---- playing --------------------------------------------------------------------------------

static enum lesson_result play(struct lecture *lecture, struct lesson_sums *sums) {
    bool check = lecture->options->check;
    return lesson_play(
        &lecture->script,
        &(struct lesson_player_options){.file = lecture->path,
                                        .label = lecture->label,
                                        .interactive = lecture->options->web != NULL ||
                                                       (!check && console_is_terminal()),
                                        .web = lecture->options->web,
                                        .silent = check || lecture->options->web != NULL,
                                        .strict = check,
                                        .coloured = lecture->options->coloured,
                                        .timeout = lecture->options->timeout},
        sums, &lecture->complaint);
}

static void report(const struct lecture *lecture, const struct lesson_sums *sums, uint64_t took) {
    (void)printf("ok  %-50.50s %2u screens %3u expectations %6.2f s\n", lecture->label,
                 sums->screens, sums->expectations, (double)took / 1e9);
    (void)fflush(stdout);
}

static bool play_one(const struct lesson_session_options *options, const struct lesson_shelf *shelf,
                     const char *wanted, bool *goes_on) {
    struct lecture lecture;
    struct lesson_sums sums;
    unsigned number = 0;
    uint64_t began = clock_steady();
    enum lesson_result result = LESSON_FAILED;
    lecture_init(&lecture, options);
    if (find(&lecture, shelf, wanted, &number) && load(&lecture)) {
        set_label(&lecture, number);
        result = play(&lecture, &sums);
    }
    if (result == LESSON_FAILED) {
        complain(&lecture.complaint);
    } else if (result == LESSON_PLAYED && options->check) {
        report(&lecture, &sums, clock_steady() - began);
    }
    *goes_on = result != LESSON_LEFT;
    lecture_deinit(&lecture);
    return result == LESSON_PLAYED || (result == LESSON_LEFT && !options->check);
}

static int play_wanted(const struct lesson_session_options *options,
                       const struct lesson_shelf *shelf) {
    bool are_well = true;
    bool goes_on = true;
    for (size_t i = 0; i < options->wanted_count && goes_on; i++) {
        are_well = play_one(options, shelf, options->wanted[i], &goes_on) && are_well;
    }
    return are_well ? PROGRAM_OK : PROGRAM_FAILED;
}

// A check of nothing is no success.
static int check_all(const struct lesson_session_options *options,
                     const struct lesson_shelf *shelf) {
    const char *names[LESSON_SHELF_MAX];
    for (unsigned i = 0; i < shelf->count; i++) {
        names[i] = shelf->entries[i].name;
    }
    struct lesson_session_options all = *options;
    all.wanted = names;
    all.wanted_count = shelf->count;
    if (shelf->count == 0) {
        printable_complain("lesson: %s: no lessons to check\n", shelf->folder);
        return PROGRAM_FAILED;
    }
    return play_wanted(&all, shelf);
}

int lesson_session_run(const struct lesson_session_options *options) {
    struct memory memory;
    struct buffer complaint;
    struct lesson_shelf shelf;
    memory_init(&memory);
    buffer_init(&complaint, &memory);
    bool is_there = lesson_shelf_open(&shelf, options->folder, &complaint);
    int code = PROGRAM_UNUSABLE;
    if (!is_there) {
        complain(&complaint);
    } else if (options->wanted_count > 0) {
        code = play_wanted(options, &shelf);
    } else {
        code = options->check ? check_all(options, &shelf) : list_all(options, &shelf);
    }
    buffer_deinit(&complaint);
    return code;
}
