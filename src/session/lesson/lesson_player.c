#include "session/lesson/lesson_player.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/assert.h"
#include "session/lesson/lesson_page.h"
#include "session/lesson/lesson_screen.h"
#include "session/lesson/lesson_stage.h"
#include "session/lesson/lesson_values.h"
#include "shell/clock.h"
#include "shell/live_page.h"
#include "shell/terminal/columns.h"
#include "shell/printable.h"
#include "shell/program_exit.h"

#define MILLISECOND UINT64_C(1000000)
#define AGAIN_MS 50 // until what is shown is asked for again
#define TYPED_MAX LESSON_TYPED_MAX
#define FILES_MAX 12       // that a page shows
#define EXPLAINED_LINES 12 // of what a program has printed that are shown when it fails
#define SHOWN_NAME BYTES_LITERAL("show")

// A lesson that is played. Step by step: `at` is the next one. What a program prints is looked at
// once, line by line; `shown` is the last one that was shown, among the programs of the stage. The
// first thing that goes wrong is said in `complaint`, and ends it; `left`, if its user had enough.
struct player {
    const struct lesson_script *script;
    const struct lesson_player_options *options;
    struct lesson_sums *sums;
    struct buffer *complaint;
    struct lesson_stage stage;
    struct lesson_screen screen;
    struct lesson_values values;
    struct memory memory;
    struct buffer text; // of the step at hand, its values put in
    uint32_t at;
    const struct lesson_step *heading; // of the screen at hand; NULL: there is none yet
    struct lesson_program *shown;
    char guess;  // 0: none
    char answer; // of the last question
    bool left;
    struct live_page watch; // of the page
    struct lesson_page page;
    struct lesson_page *in_page; // NULL: it plays at a terminal
    bool has_taps;               // programs of the script write some
};

// ---- complaints -----------------------------------------------------------------------------

__attribute__((format(printf, 3, 4))) static bool
fail(struct player *player, const struct lesson_step *step, const char *format, ...) {
    va_list arguments;
    char text[1024];
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    player->complaint->size = 0;
    printable_format(player->complaint, "%s:%u: %s", player->options->file, step->line, text);
    return false;
}

// Where the last so many lines begin.
static struct bytes last_lines(struct bytes text, unsigned lines) {
    size_t start = text.size;
    while (start > 0 && (text.data[start - 1] != '\n' || start == text.size || lines-- > 1)) {
        start--;
    }
    return text.size > 0 ? bytes_make(text.data + start, text.size - start) : text;
}

static void append_heard(struct player *player, const struct lesson_program *program) {
    struct bytes rest = last_lines(buffer_bytes(&program->heard), EXPLAINED_LINES);
    buffer_append_text(player->complaint, rest.size > 0 ? "; it printed last:"
                                                        : "; it printed "
                                                          "nothing");
    while (rest.size > 0) {
        buffer_append_text(player->complaint, "\n    ");
        printable_append_message(player->complaint, lesson_take_line(&rest));
    }
}

static bool fail_of(struct player *player, const struct lesson_step *step,
                    const struct lesson_program *program, const char *what) {
    const char *quote = player->text.size > 0 ? "\"" : "";
    (void)fail(player, step, "%s %s %s%.*s%s", program->name, what, quote, (int)player->text.size,
               (const char *)player->text.data, quote);
    append_heard(player, program);
    return false;
}

// ---- the user -------------------------------------------------------------------------------

// Waits for a line of the user's, while programs are heard. False: there is none any more.
static bool read_typed_in_page(struct player *player, char text[static TYPED_MAX]) {
    while (!player->stage.interrupted && player->in_page->socket >= 0) {
        if (lesson_page_take(player->in_page, text)) {
            return true;
        }
        (void)lesson_stage_hear(&player->stage, -1, -1);
    }
    return false;
}

static bool read_typed(struct player *player, char text[static TYPED_MAX]) {
    if (player->in_page != NULL) {
        return read_typed_in_page(player, text);
    }
    while (!player->stage.interrupted) {
        if (lesson_stage_hear(&player->stage, STDIN_FILENO, -1)) {
            ssize_t got = read(STDIN_FILENO, text, TYPED_MAX - 1);
            if (got < 0 && errno == EINTR) {
                continue;
            }
            text[got > 0 ? got : 0] = '\0';
            return got > 0;
        }
    }
    return false;
}

static void leave(struct player *player) {
    player->left = true;
}

// The end of a screen, where a person goes on by Enter.
static void await_enter(struct player *player) {
    char typed[TYPED_MAX];
    if (!player->options->interactive) {
        player->screen.rows++; // the row it would take
        return;
    }
    lesson_screen_prompt(&player->screen, "enter", "Enter: go on   q: leave > ");
    if (!read_typed(player, typed) || typed[0] == 'q') {
        leave(player);
    }
}

// ---- what is printed ------------------------------------------------------------------------

// The step's text with the values it names, in player->text.
static bool expand(struct player *player, const struct lesson_step *step) {
    struct bytes missing;
    player->text.size = 0;
    return lesson_values_expand(&player->values, step->text, &player->text, &missing) ||
           fail(player, step, "{%.*s} has no value yet; an expect before it has to find it",
                (int)missing.size, (const char *)missing.data);
}

static void show_line(struct player *player, const struct lesson_program *program,
                      struct bytes line) {
    char lead[LESSON_NAME_MAX + 3];
    (void)snprintf(lead, sizeof lead, "%s: ", program->name);
    lesson_screen_wrapped(&player->screen, COLOUR_CYAN, lead, line);
}

static bool check_screen(struct player *player) {
    const struct lesson_screen *screen = &player->screen;
    if (!player->options->strict) {
        return true;
    }
    if (screen->rows > LESSON_ROWS) {
        return fail(player, player->heading, "this screen has %u rows; a terminal has %d",
                    screen->rows, LESSON_ROWS);
    }
    return screen->widest <= LESSON_COLUMNS ||
           fail(player, player->heading, "this screen has a row of %zu columns; a terminal has %d",
                screen->widest, LESSON_COLUMNS);
}

// Ends the screen that there is.
static bool finish_screen(struct player *player) {
    if (player->heading == NULL) {
        return true;
    }
    await_enter(player);
    return check_screen(player);
}

static bool play_screen(struct player *player, const struct lesson_step *step) {
    char count[32];
    if (!finish_screen(player) || player->left) {
        return false;
    }
    player->heading = step;
    player->sums->screens++;
    (void)snprintf(count, sizeof count, "%u of %u", player->sums->screens, player->script->screens);
    lesson_screen_begin(&player->screen, player->options->label, buffer_bytes(&player->text),
                        count);
    return true;
}

static bool play_say(struct player *player, const struct lesson_step *step) {
    (void)step;
    lesson_screen_text(&player->screen, COLOUR_PLAIN, buffer_bytes(&player->text));
    return true;
}

// ---- questions ------------------------------------------------------------------------------

static bool play_ask(struct player *player, const struct lesson_step *step) {
    char typed[TYPED_MAX];
    (void)step;
    lesson_screen_text(&player->screen, COLOUR_YELLOW, buffer_bytes(&player->text));
    player->guess = 0;
    if (!player->options->interactive) {
        player->screen.rows++;
        return true;
    }
    lesson_screen_prompt(&player->screen, "guess", "Your guess (Enter: none, q: leave) > ");
    if (!read_typed(player, typed) || typed[0] == 'q') {
        leave(player);
        return false;
    }
    player->guess = typed[0];
    return true;
}

static bool play_answer(struct player *player, const struct lesson_step *step) {
    (void)step;
    player->answer = (char)player->text.data[0];
    return true;
}

static bool play_why(struct player *player, const struct lesson_step *step) {
    char line[64];
    (void)step;
    if (player->answer != 0) {
        bool guessed = player->guess >= 'a' && player->guess <= 'z';
        (void)snprintf(line, sizeof line,
                       !guessed                          ? "The answer is %c."
                       : player->guess == player->answer ? "The answer is %c, as you guessed."
                                                         : "The answer is %c; you guessed %c.",
                       player->answer, player->guess);
        lesson_screen_verdict(&player->screen, line);
        player->answer = 0;
    }
    lesson_screen_text(&player->screen, COLOUR_PLAIN, buffer_bytes(&player->text));
    return true;
}

// ---- programs -------------------------------------------------------------------------------

static bool has_text(struct bytes text, const char *part) {
    struct bytes wanted = bytes_of_text(part);
    return memmem(text.data, text.size, wanted.data, wanted.size) != NULL;
}

// Where a lesson writes no taps, the page has its own of those that can: else it would show nothing
// of their clients.
static bool is_to_be_tapped(const struct player *player, struct bytes command) {
    bool is_broker =
        bytes_starts_with(command, BYTES_LITERAL("broker ")) && has_text(command, " --mqtt");
    return !player->has_taps && (is_broker || bytes_starts_with(command, BYTES_LITERAL("master ")));
}

static bool play_run(struct player *player, const struct lesson_step *step) {
    char lead[LESSON_NAME_MAX + 3];
    struct buffer why;
    buffer_init(&why, &player->memory);
    struct buffer command;
    buffer_init(&command, &player->memory);
    buffer_append(&command, buffer_bytes(&player->text));
    if (player->in_page != NULL && is_to_be_tapped(player, buffer_bytes(&player->text))) {
        printable_format(&command, " --tap %.*s.pcapng", (int)step->name.size,
                         (const char *)step->name.data);
    }
    bool starts =
        lesson_stage_start(&player->stage, step->name, buffer_bytes(&command), true, &why) != NULL;
    buffer_deinit(&command);
    if (!starts) {
        (void)fail(player, step, "%.*s", (int)why.size, (const char *)why.data);
    }
    (void)snprintf(lead, sizeof lead, "%.*s$ ", (int)step->name.size,
                   (const char *)step->name.data);
    lesson_screen_wrapped(&player->screen, COLOUR_BOLD, lead, buffer_bytes(&player->text));
    buffer_deinit(&why);
    return starts;
}

static struct lesson_program *program_of(struct player *player, const struct lesson_step *step) {
    struct lesson_program *program =
        step->name.size > 0 ? lesson_stage_find(&player->stage, step->name) : player->shown;
    ASSERT(program != NULL); // the script was checked for it
    return program;
}

static bool play_type(struct player *player, const struct lesson_step *step) {
    char lead[LESSON_NAME_MAX + 3];
    struct lesson_program *program = program_of(player, step);
    (void)snprintf(lead, sizeof lead, "%s> ", program->name);
    lesson_screen_wrapped(&player->screen, COLOUR_BOLD, lead, buffer_bytes(&player->text));
    return lesson_program_type(program, buffer_bytes(&player->text)) ||
           fail_of(player, step, program, "does not take");
}

// How much longer something may be awaited, for poll.
static int left_ms(uint64_t deadline) {
    uint64_t now = clock_steady();
    return now >= deadline ? 0 : (int)((deadline - now) / MILLISECOND + 1);
}

static bool await_line(struct player *player, const struct lesson_step *step) {
    bool shows = step->word != LESSON_AWAIT;
    struct lesson_program *program = program_of(player, step);
    uint64_t deadline = clock_steady() + player->options->timeout;
    struct bytes line;
    for (;;) {
        while (lesson_program_take_line(program, &line)) {
            if (shows) {
                show_line(player, program, line);
            }
            if (lesson_values_match(&player->values, step->text, line)) {
                player->sums->expectations++;
                return true;
            }
            if (step->word == LESSON_NEXT) {
                return fail_of(player, step, program, "did not print next");
            }
        }
        int wait = left_ms(deadline);
        if (program->out < 0 || wait == 0) {
            return fail_of(player, step, program, wait > 0 ? "has ended without" : "did not print");
        }
        (void)lesson_stage_hear(&player->stage, -1, wait);
        if (player->stage.interrupted) {
            leave(player);
            return false;
        }
    }
}

static void drop_new_of(struct lesson_program *program) {
    struct bytes line;
    while (lesson_program_take_line(program, &line)) {
    }
}

static bool play_skip(struct player *player, const struct lesson_step *step) {
    (void)lesson_stage_hear(&player->stage, -1, 0);
    drop_new_of(program_of(player, step));
    return true;
}

static bool play_never(struct player *player, const struct lesson_step *step) {
    const struct lesson_program *program = program_of(player, step);
    struct bytes rest = buffer_bytes(&program->heard);
    struct lesson_values values = player->values;
    while (rest.size > 0) {
        if (lesson_values_match(&values, step->text, lesson_take_line(&rest))) {
            return fail_of(player, step, program, "was never to print");
        }
    }
    player->sums->expectations++;
    return true;
}

// ---- what runs to its end and is shown ------------------------------------------------------

static bool is_about_shown(const struct lesson_step *step) {
    return step->word == LESSON_EXPECT && step->name.size == 0;
}

// Whether what it printed is what the steps behind `show` expect, in their order; the first that
// does not come is in *missing.
static bool is_as_expected(struct player *player, struct bytes heard,
                           const struct lesson_step **missing) {
    struct lesson_values values = player->values;
    const struct lesson_script *script = player->script;
    for (uint32_t i = player->at; i < script->count && is_about_shown(&script->steps[i]); i++) {
        bool found = false;
        while (!found && heard.size > 0) {
            found = lesson_values_match(&values, script->steps[i].text, lesson_take_line(&heard));
        }
        if (!found) {
            *missing = &script->steps[i];
            return false;
        }
    }
    player->values = values;
    return true;
}

// Runs it once, to its end.
static bool run_shown(struct player *player, const struct lesson_step *step) {
    uint64_t deadline = clock_steady() + player->options->timeout;
    struct buffer why;
    buffer_init(&why, &player->memory);
    player->shown =
        lesson_stage_start(&player->stage, SHOWN_NAME, buffer_bytes(&player->text), false, &why);
    bool starts =
        player->shown != NULL || fail(player, step, "%.*s", (int)why.size, (const char *)why.data);
    buffer_deinit(&why);
    while (starts && player->shown->out >= 0) {
        int wait = left_ms(deadline);
        if (wait == 0) {
            return fail_of(player, step, player->shown, "does not end:");
        }
        (void)lesson_stage_hear(&player->stage, -1, wait);
        if (player->stage.interrupted) {
            leave(player);
            return false;
        }
    }
    return starts;
}

// What it looks at may not be there yet.
static bool can_come_yet(const struct lesson_program *program) {
    return program->code <= PROGRAM_FAILED || program->code == PROGRAM_UNUSABLE;
}

// Shows all that it printed, and goes behind the expectations that it fulfilled.
static void show_all(struct player *player) {
    struct bytes rest = buffer_bytes(&player->shown->heard);
    while (rest.size > 0) {
        lesson_screen_line(&player->screen, COLOUR_PLAIN, lesson_take_line(&rest));
    }
    while (player->at < player->script->count &&
           is_about_shown(&player->script->steps[player->at])) {
        player->sums->expectations++;
        player->at++;
    }
}

// What it looks at may be written a moment later, so it is asked again until it is as expected.
static bool play_show(struct player *player, const struct lesson_step *step) {
    uint64_t deadline = clock_steady() + player->options->timeout;
    const struct lesson_step *missing = step;
    lesson_screen_wrapped(&player->screen, COLOUR_BOLD, "$ ", buffer_bytes(&player->text));
    while (run_shown(player, step)) {
        const struct lesson_program *shown = player->shown;
        if (shown->code <= PROGRAM_FAILED &&
            is_as_expected(player, buffer_bytes(&shown->heard), &missing)) {
            show_all(player);
            return true;
        }
        bool is_over = left_ms(deadline) == 0;
        if (!can_come_yet(shown) || (is_over && missing == step)) {
            return fail_of(player, step, shown, "fails:");
        }
        if (is_over) {
            player->text.size = 0;
            buffer_append(&player->text, missing->text);
            return fail_of(player, missing, shown, "did not print");
        }
        (void)lesson_stage_hear(&player->stage, -1, AGAIN_MS);
    }
    return false;
}

// ---- what is done to programs ---------------------------------------------------------------

// What a program stops doing at once, as people see it.
static void show_deed(struct player *player, const struct lesson_program *program,
                      const char *deed) {
    char lead[LESSON_NAME_MAX + 32];
    (void)snprintf(lead, sizeof lead, "(%s %s)", program->name, deed);
    lesson_screen_line(&player->screen, COLOUR_MAGENTA, bytes_of_text(lead));
}

static bool await_end(struct player *player, const struct lesson_step *step,
                      struct lesson_program *program) {
    uint64_t deadline = clock_steady() + player->options->timeout;
    while (program->out >= 0) {
        int wait = left_ms(deadline);
        if (wait == 0) {
            return fail_of(player, step, program, "does not end");
        }
        (void)lesson_stage_hear(&player->stage, -1, wait);
    }
    return true;
}

static bool has_ended_well(struct player *player, const struct lesson_step *step,
                           const struct lesson_program *program) {
    char what[64];
    // One that was about to end when it was asked to may no longer take the signal.
    if (program->was_killed || program->code <= PROGRAM_FAILED || program->code == 128 + SIGTERM) {
        return true;
    }
    player->text.size = 0;
    (void)snprintf(what, sizeof what, "has ended with code %d", program->code);
    return fail_of(player, step, program, what);
}

static bool play_freeze(struct player *player, const struct lesson_step *step) {
    struct lesson_program *program = program_of(player, step);
    show_deed(player, program, "is frozen: it does nothing");
    lesson_program_signal(program, SIGSTOP);
    return true;
}

static bool play_thaw(struct player *player, const struct lesson_step *step) {
    struct lesson_program *program = program_of(player, step);
    show_deed(player, program, "goes on");
    lesson_program_signal(program, SIGCONT);
    return true;
}

static bool play_kill(struct player *player, const struct lesson_step *step) {
    struct lesson_program *program = program_of(player, step);
    show_deed(player, program, "is killed");
    lesson_program_signal(program, SIGKILL);
    return await_end(player, step, program);
}

static bool play_end(struct player *player, const struct lesson_step *step) {
    struct lesson_program *program = program_of(player, step);
    show_deed(player, program, "is ended");
    lesson_program_signal(program, SIGTERM);
    return await_end(player, step, program) && has_ended_well(player, step, program);
}

static bool play_gone(struct player *player, const struct lesson_step *step) {
    struct lesson_program *program = program_of(player, step);
    if (!await_end(player, step, program)) {
        return false;
    }
    show_deed(player, program, "has ended");
    return has_ended_well(player, step, program);
}

// A line of a network may be long; the screen has what fits.
static bool play_append(struct player *player, const struct lesson_step *step) {
    char lead[LESSON_NAME_MAX + 8];
    struct bytes line = buffer_bytes(&player->text);
    int size = snprintf(lead, sizeof lead, "%.*s << ", (int)step->name.size,
                        (const char *)step->name.data);
    ASSERT(size > 0 && size < LESSON_COLUMNS);
    lesson_screen_wrapped(&player->screen, COLOUR_BOLD, lead,
                          columns_cut(line, (size_t)(LESSON_COLUMNS - size)));
    return lesson_stage_append(&player->stage, step->name, line) ||
           fail(player, step, "%.*s: %s", (int)step->name.size, (const char *)step->name.data,
                strerror(errno));
}

// ---- trying by hand -------------------------------------------------------------------------

// What programs have printed since, line by line.
static void show_new(struct player *player) {
    struct bytes line;
    for (unsigned i = 0; i < player->stage.count; i++) {
        struct lesson_program *program = &player->stage.programs[i];
        while (program != player->shown && lesson_program_take_line(program, &line)) {
            show_line(player, program, line);
        }
    }
}

static void drop_new(struct player *player) {
    (void)lesson_stage_hear(&player->stage, -1, 0);
    for (unsigned i = 0; i < player->stage.count; i++) {
        drop_new_of(&player->stage.programs[i]);
    }
}

// A line `anna: publ a 1`, or without the colon, into that program.
static void pass_on(struct player *player, struct bytes typed) {
    size_t size = 0;
    while (size < typed.size && typed.data[size] != ' ' && typed.data[size] != ':') {
        size++;
    }
    struct lesson_program *program =
        lesson_stage_find(&player->stage, bytes_make(typed.data, size));
    size += size < typed.size;
    struct bytes line = lesson_trim(bytes_make(typed.data + size, typed.size - size));
    if (program == NULL || program == player->shown || !lesson_program_type(program, line)) {
        lesson_screen_line(
            &player->screen, COLOUR_RED,
            BYTES_LITERAL("no program takes this; type its name, a blank and the line"));
    }
}

// What is typed next, while what programs print is shown. False: the user leaves.
static bool hear_typed(struct player *player, char typed[static TYPED_MAX], size_t *size) {
    struct lesson_page *page = player->in_page;
    while (!player->stage.interrupted && (page == NULL || page->socket >= 0)) {
        int also = page == NULL ? STDIN_FILENO : -1;
        bool can_read = lesson_stage_hear(&player->stage, also, -1);
        show_new(player);
        if (page != NULL && lesson_page_take(page, typed)) {
            *size = bytes_of_text(typed).size;
            return true;
        }
        if (can_read) {
            ssize_t got = read(STDIN_FILENO, typed, TYPED_MAX);
            if (got < 0 && errno == EINTR) {
                continue;
            }
            *size = got > 0 ? (size_t)got : 0;
            return true;
        }
    }
    return false;
}

static bool play_try(struct player *player, const struct lesson_step *step) {
    char typed[TYPED_MAX];
    (void)step;
    lesson_screen_text(&player->screen, COLOUR_PLAIN, buffer_bytes(&player->text));
    player->screen.rows += !player->options->interactive; // of the prompt
    if (!player->options->interactive) {
        return true;
    }
    drop_new(player);
    lesson_screen_prompt(&player->screen, "try", "NAME LINE: type it there   Enter: go on > ");
    size_t size = 0;
    while (hear_typed(player, typed, &size)) {
        struct bytes line = lesson_trim(bytes_make(typed, size));
        if (line.size == 0) {
            return true;
        }
        pass_on(player, line);
        if (player->in_page != NULL) {
            lesson_page_await(player->in_page, "try");
        }
    }
    leave(player);
    return false;
}

// ---- the lesson -----------------------------------------------------------------------------

static bool (*const plays[LESSON_WORDS])(struct player *, const struct lesson_step *) = {
    [LESSON_SCREEN] = play_screen, [LESSON_SAY] = play_say,       [LESSON_RUN] = play_run,
    [LESSON_SHOW] = play_show,     [LESSON_TYPE] = play_type,     [LESSON_EXPECT] = await_line,
    [LESSON_AWAIT] = await_line,   [LESSON_NEVER] = play_never,   [LESSON_FREEZE] = play_freeze,
    [LESSON_THAW] = play_thaw,     [LESSON_KILL] = play_kill,     [LESSON_END] = play_end,
    [LESSON_ASK] = play_ask,       [LESSON_ANSWER] = play_answer, [LESSON_WHY] = play_why,
    [LESSON_TRY] = play_try,       [LESSON_GONE] = play_gone,     [LESSON_NEXT] = await_line,
    [LESSON_SKIP] = play_skip,     [LESSON_APPEND] = play_append,
};

// What is expected keeps its names in braces: it may give them their values.
static bool keeps_names(enum lesson_word word) {
    return word == LESSON_EXPECT || word == LESSON_AWAIT || word == LESSON_NEXT ||
           word == LESSON_NEVER;
}

static bool play_step(struct player *player, const struct lesson_step *step) {
    ASSERT(plays[step->word] != NULL); // title and about are no steps
    if (keeps_names(step->word)) {
        player->text.size = 0;
        buffer_append(&player->text, step->text);
    } else if (!expand(player, step)) {
        return false;
    }
    return plays[step->word](player, step);
}

// Programs that stay end in order, and before those that they need, which were started earlier; one
// that crashed before or does so now is found. Those that are frozen are killed.
static bool end_programs(struct player *player) {
    const struct lesson_step *last = &player->script->steps[player->script->count - 1];
    bool are_well = true;
    for (unsigned i = player->stage.count; i > 0 && are_well; i--) {
        struct lesson_program *program = &player->stage.programs[i - 1];
        player->text.size = 0;
        lesson_program_signal(program, program->is_frozen ? SIGKILL : SIGTERM);
        are_well = await_end(player, last, program) && has_ended_well(player, last, program);
    }
    return are_well;
}

static bool play_steps(struct player *player) {
    const struct lesson_script *script = player->script;
    while (player->at < script->count) {
        const struct lesson_step *step = &script->steps[player->at++];
        if (!play_step(player, step) || player->left) {
            return false;
        }
    }
    return finish_screen(player) && end_programs(player);
}

// ---- the page -------------------------------------------------------------------------------

// The files that the programs of a lesson write, and which a page shows.
struct shown_files {
    struct buffer paths[FILES_MAX];
    const char *texts[FILES_MAX];
    size_t count;
};

static void show_file(struct player *player, struct shown_files *files, struct bytes name,
                      const char *suffix) {
    if (files->count == FILES_MAX || memchr(name.data, '{', name.size) != NULL) {
        return;
    }
    struct buffer *path = &files->paths[files->count];
    buffer_init(path, &player->memory);
    printable_format(path, "%s/%.*s%s", player->stage.folder, (int)name.size,
                     (const char *)name.data, suffix);
    buffer_append_byte(path, 0);
    for (size_t i = 0; i < files->count; i++) {
        if (bytes_equal(buffer_bytes(path), buffer_bytes(&files->paths[i]))) {
            buffer_deinit(path);
            return;
        }
    }
    files->texts[files->count++] = (const char *)path->data;
}

// The word behind an option of a command; none: it has no such option.
static struct bytes word_behind(struct bytes command, const char *option) {
    struct bytes wanted = bytes_of_text(option);
    const uint8_t *at = memmem(command.data, command.size, wanted.data, wanted.size);
    if (at == NULL) {
        return bytes_make(NULL, 0);
    }
    at += wanted.size;
    size_t left = (size_t)(command.data + command.size - at);
    const uint8_t *end = memchr(at, ' ', left);
    return bytes_make(at, end != NULL ? (size_t)(end - at) : left);
}

static void show_files_of(struct player *player, struct shown_files *files,
                          const struct lesson_step *step) {
    struct bytes tap = word_behind(step->text, " --tap ");
    struct bytes network = word_behind(step->text, " --network ");
    bool is_device =
        bytes_starts_with(step->text, BYTES_LITERAL("broker ")) ||
        (bytes_starts_with(step->text, BYTES_LITERAL("client ")) && !has_text(step->text, " -m "));
    if (network.size > 0 || is_device) {
        show_file(player, files, network.size > 0 ? network : BYTES_LITERAL("network"), "");
    }
    if (tap.size > 0) {
        show_file(player, files, tap, "");
    } else if (is_to_be_tapped(player, step->text)) {
        show_file(player, files, step->name, ".pcapng");
    }
}

static void note_taps(struct player *player) {
    for (uint32_t i = 0; i < player->script->count; i++) {
        const struct lesson_step *step = &player->script->steps[i];
        player->has_taps |= step->word == LESSON_RUN && has_text(step->text, " --tap ");
    }
}

static bool open_page(struct player *player) {
    struct shown_files files = {0};
    if (player->options->web == NULL) {
        return true;
    }
    note_taps(player);
    for (uint32_t i = 0; i < player->script->count; i++) {
        if (player->script->steps[i].word == LESSON_RUN) {
            show_files_of(player, &files, &player->script->steps[i]);
        }
    }
    bool starts =
        live_page_start(&player->watch, &(struct live_page_options){.program = "lesson",
                                                                    .place = player->options->web,
                                                                    .files = files.texts,
                                                                    .file_count = files.count,
                                                                    .control = true});
    for (size_t i = 0; i < files.count; i++) {
        buffer_deinit(&files.paths[i]);
    }
    if (!starts) {
        printable_format(player->complaint, "%s: the page of --web does not start",
                         player->options->file);
    } else {
        lesson_page_init(&player->page, &player->memory, player->watch.control);
        player->in_page = player->stage.page = player->screen.page = &player->page;
    }
    return starts;
}

// What went wrong stands in the page, too, and it stays until it was read.
static void close_page(struct player *player, bool played) {
    char typed[TYPED_MAX];
    if (player->in_page == NULL) {
        return;
    }
    if (!player->left) {
        lesson_page_add(player->in_page, played ? "verdict" : "deed", "",
                        played ? BYTES_LITERAL("The lesson is over.")
                               : buffer_bytes(player->complaint));
        lesson_page_await(player->in_page, "close");
        (void)read_typed(player, typed);
    }
    live_page_end(&player->watch);
    lesson_page_deinit(&player->page);
}

enum lesson_result lesson_play(const struct lesson_script *script,
                               const struct lesson_player_options *options,
                               struct lesson_sums *sums, struct buffer *complaint) {
    struct player player = {
        .script = script, .options = options, .sums = sums, .complaint = complaint};
    memory_init(&player.memory);
    *sums = (struct lesson_sums){0};
    if (!lesson_stage_open(&player.stage, &player.memory)) {
        printable_format(complaint, "the folder %s cannot be made: %s", player.stage.folder,
                         strerror(errno));
        return LESSON_FAILED;
    }
    lesson_screen_init(&player.screen, &player.memory);
    player.screen.is_silent = options->silent;
    player.screen.is_coloured = options->coloured;
    buffer_init(&player.text, &player.memory);
    bool is_open = open_page(&player);
    bool played = is_open && play_steps(&player);
    close_page(&player, played);
    lesson_stage_close(&player.stage);
    lesson_screen_deinit(&player.screen);
    buffer_deinit(&player.text);
    ASSERT(player.memory.bytes_in_use == 0);
    return played ? LESSON_PLAYED : player.left ? LESSON_LEFT : LESSON_FAILED;
}
