// The console on a terminal. libedit reads a line by asking for one character after the other;
// while it waits for one we also wait for texts to print. To print, the line being typed is wiped,
// the texts are written, and libedit draws the line anew below them.
#include "shell/terminal/terminal.h"

#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "shell/terminal/history_file.h"
#include "shell/printable.h"

#define HISTORY_LINES 500
#define KILL_LINE L'\025'  // ^U
#define QUOTE_NEXT L'\026' // ^V
#define TAB_STOP 8
// Asks the terminal to say where what is pasted begins and ends (ESC [200~, ESC [201~).
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

struct terminal {
    struct console *console;
    EditLine *edit;
    bool is_warned; // that one more Ctrl-C ends
    bool is_paste;  // what comes was not typed (bracketed paste)
    bool has_tab;   // of a paste: it comes behind a QUOTE_NEXT
};

static struct terminal *terminal_of(EditLine *edit) {
    void *data = NULL;
    el_get(edit, EL_CLIENTDATA, &data);
    return data;
}

static char *prompt(EditLine *edit) {
    return (char *)(uintptr_t)terminal_of(edit)->console->prompt;
}

static unsigned columns(void) {
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static void write_text(const char *text) {
    (void)!write(STDOUT_FILENO, text, strlen(text)); // a terminal that is gone ends the input too
}

// Rows between the start of the line being typed and the cursor.
static unsigned rows_above(const struct terminal *terminal) {
    const LineInfo *line = el_line(terminal->edit);
    const char *at = line->buffer;
    mbstate_t state = {0};
    unsigned width = columns();
    unsigned column = (unsigned)strlen(terminal->console->prompt);
    unsigned rows = column / width;
    for (column %= width; at < line->cursor;) {
        wchar_t character;
        size_t size = mbrtowc(&character, at, (size_t)(line->cursor - at), &state);
        bool whole = size != 0 && size <= (size_t)(line->cursor - at);
        int columns_taken = whole ? wcwidth(character) : 1;
        unsigned taken = *at == '\t'          ? TAB_STOP - column % TAB_STOP
                         : columns_taken >= 0 ? (unsigned)columns_taken
                                              : 2; // libedit shows ^X
        at += whole ? size : 1;
        rows += column + taken >= width;
        // A wide character that does not fit the end of a row stands at the start of the next.
        column = column + taken > width ? taken : (column + taken) % width;
    }
    return rows;
}

// Moves to the start of the line being typed, which may take several rows, and clears what follows.
static void wipe_line(struct terminal *terminal) {
    for (unsigned row = rows_above(terminal); row > 0; row--) {
        write_text("\033[A");
    }
    write_text("\r\033[J");
}

// After being stopped and continued the shell has left the terminal in its own mode, while libedit
// believes in the mode that it set: it has to go back first. In the background, touching the
// terminal would stop us.
static void restore_mode(struct terminal *terminal) {
    struct termios mode;
    if (tcgetattr(STDIN_FILENO, &mode) == 0 && (mode.c_lflag & ICANON) != 0 &&
        tcgetpgrp(STDIN_FILENO) == getpgrp()) {
        el_set(terminal->edit, EL_PREP_TERM, 0);
        el_set(terminal->edit, EL_PREP_TERM, 1);
    }
}

static void print_above(struct terminal *terminal) {
    wipe_line(terminal);
    console_streams_print(terminal->console);
    el_resize(terminal->edit);
    restore_mode(terminal);
    if (!terminal->console->over) {
        el_set(terminal->edit, EL_REFRESH);
    }
}

// One character of UTF-8, or -1 at the end of input.
static int read_character(wchar_t *character) {
    mbstate_t state = {0};
    for (;;) {
        char byte;
        ssize_t got = read(STDIN_FILENO, &byte, 1);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return -1;
        }
        if (got < 0) {
            continue;
        }
        size_t size = mbrtowc(character, &byte, 1, &state);
        if (size == (size_t)-1) { // not UTF-8: begin anew behind it
            memset(&state, 0, sizeof state);
        } else if (size != (size_t)-2) {
            return 1;
        }
    }
}

// Ctrl-C: clears what is typed; with nothing typed it says so, and ends the second time. True: a
// character for libedit is in *character.
static bool take_interrupt(struct terminal *terminal, wchar_t *character) {
    const LineInfo *line = el_line(terminal->edit);
    if (line->lastchar > line->buffer) {
        terminal->is_warned = false;
        *character = KILL_LINE;
        return true;
    }
    if (terminal->is_warned) {
        terminal->console->owner->leave(terminal->console->owner->context);
        return false;
    }
    terminal->is_warned = true;
    wipe_line(terminal);
    write_text("Ctrl-C once more ends, as exit does\n");
    el_set(terminal->edit, EL_REFRESH);
    return false;
}

// What libedit is given for a character that was read. A TAB in a paste is not the key.
static wchar_t given_for(struct terminal *terminal, wchar_t character) {
    terminal->is_warned = false;
    terminal->has_tab = terminal->is_paste && character == L'\t';
    return terminal->has_tab ? QUOTE_NEXT : character;
}

static int get_character(EditLine *edit, wchar_t *character) {
    struct terminal *terminal = terminal_of(edit);
    if (terminal->has_tab) {
        terminal->has_tab = false;
        *character = L'\t';
        return 1;
    }
    while (!terminal->console->over) {
        struct pollfd places[2] = {
            {.fd = terminal->console->output->wake, .events = POLLIN},
            {.fd = STDIN_FILENO, .events = POLLIN},
        };
        if (poll(places, 2, -1) < 0 && errno != EINTR) {
            return 0;
        }
        if (places[0].revents != 0) {
            print_above(terminal);
            if (atomic_exchange(terminal->console->interrupt, false) &&
                take_interrupt(terminal, character)) {
                return 1;
            }
        } else if (places[1].revents != 0) {
            if (read_character(character) != 1) {
                return 0;
            }
            *character = given_for(terminal, *character);
            return 1;
        }
    }
    return 0;
}

static unsigned char begin_paste(EditLine *edit, int key) {
    (void)key;
    terminal_of(edit)->is_paste = true;
    return CC_NORM;
}

static unsigned char end_paste(EditLine *edit, int key) {
    (void)key;
    terminal_of(edit)->is_paste = false;
    return CC_NORM;
}

// ---- completion -----------------------------------------------------------------------------

struct completion {
    struct buffer words; // the candidates, one a line
    struct buffer common;
    struct buffer shown; // the candidate at hand
    size_t count;
    size_t typed; // bytes of the word before the cursor
    struct bytes word;
};

// A word that a terminal cannot show as it is, as it would be typed.
static void quote(struct buffer *out, struct bytes word) {
    buffer_append_byte(out, '"');
    for (size_t at = 0; at < word.size;) {
        const uint8_t *mark = memchr(word.data + at, '"', word.size - at);
        size_t size = (mark != NULL ? (size_t)(mark - word.data) : word.size) - at;
        printable_append(out, bytes_make(word.data + at, size));
        buffer_append_text(out, mark != NULL ? "\\\"" : "");
        at += size + (mark != NULL);
    }
    buffer_append_byte(out, '"');
}

static void add_shown(struct completion *completion, struct bytes word) {
    if (!bytes_starts_with(word, completion->word)) {
        return;
    }
    if (completion->count++ == 0) {
        buffer_append(&completion->common, word);
    }
    size_t same = 0;
    while (same < completion->common.size && same < word.size &&
           completion->common.data[same] == word.data[same]) {
        same++;
    }
    completion->common.size = same;
    if (completion->words.size > 0) {
        buffer_append_text(&completion->words, "  ");
    }
    buffer_append(&completion->words, word);
}

static void add_word(void *context, struct bytes word) {
    struct completion *completion = context;
    struct buffer *shown = &completion->shown;
    shown->size = 0;
    printable_append_message(shown, word);
    if (!bytes_equal(buffer_bytes(shown), word)) {
        shown->size = 0;
        quote(shown, word);
    }
    add_shown(completion, buffer_bytes(shown));
}

static void show_words(struct terminal *terminal, struct completion *completion) {
    wipe_line(terminal);
    buffer_append_text(&completion->words, "\n");
    (void)!write(STDOUT_FILENO, completion->words.data, completion->words.size);
    el_set(terminal->edit, EL_REFRESH);
}

static void insert_rest(struct terminal *terminal, struct completion *completion) {
    buffer_consume(&completion->common, completion->typed);
    if (completion->count == 1) {
        buffer_append_byte(&completion->common, ' ');
    }
    buffer_append_byte(&completion->common, 0);
    el_insertstr(terminal->edit, (const char *)completion->common.data);
}

static unsigned char complete(EditLine *edit, int key) {
    (void)key;
    struct terminal *terminal = terminal_of(edit);
    const struct console_owner *owner = terminal->console->owner;
    const LineInfo *info = el_line(edit);
    struct bytes line = bytes_make(info->buffer, (size_t)(info->cursor - info->buffer));
    struct completion completion = {0};
    while (completion.typed < line.size && line.data[line.size - completion.typed - 1] != ' ') {
        completion.typed++;
    }
    completion.word = bytes_make(line.data + line.size - completion.typed, completion.typed);
    buffer_init(&completion.words, &terminal->console->memory);
    buffer_init(&completion.common, &terminal->console->memory);
    buffer_init(&completion.shown, &terminal->console->memory);
    owner->complete(owner->context, line, &completion, add_word);
    bool longer = completion.common.size > completion.typed;
    if (completion.count == 1 || longer) {
        insert_rest(terminal, &completion);
    } else if (completion.count > 1) {
        show_words(terminal, &completion);
    }
    unsigned char result = completion.count == 0 ? CC_ERROR : CC_REFRESH;
    buffer_deinit(&completion.words);
    buffer_deinit(&completion.common);
    buffer_deinit(&completion.shown);
    return result;
}

// ---- the loop -------------------------------------------------------------------------------

static void use_utf8(void) {
    setlocale(LC_CTYPE, "");
    if (MB_CUR_MAX == 1) {
        setlocale(LC_CTYPE, "C.UTF-8");
    }
}

static void take_old_line(void *context, const char *line) {
    HistEvent event;
    history(context, &event, H_ENTER, line);
}

static void keep_line(struct terminal *terminal, History *lines, const char *line, size_t size) {
    HistEvent event;
    history(lines, &event, H_ENTER, line);
    if (terminal->console->history != NULL) {
        history_file_add(terminal->console->history, bytes_make(line, size));
    }
}

static void read_lines(struct terminal *terminal, History *lines) {
    while (!terminal->console->over) {
        int count = 0;
        const char *line = el_gets(terminal->edit, &count);
        if (line == NULL || count <= 0) {
            return;
        }
        size_t size = (size_t)count - (line[count - 1] == '\n');
        if (size > 0) {
            keep_line(terminal, lines, line, size);
        }
        console_streams_add(terminal->console, bytes_make(line, size));
    }
}

static void set_keys(struct terminal *terminal) {
    EditLine *edit = terminal->edit;
    // The narrow form of this call copies the texts and never frees them.
    el_wset(edit, EL_ADDFN, L"complete-word", L"complete the word", complete);
    el_wset(edit, EL_ADDFN, L"begin-paste", L"what comes is pasted", begin_paste);
    el_wset(edit, EL_ADDFN, L"end-paste", L"what comes is typed", end_paste);
    el_set(edit, EL_BIND, "\t", "complete-word", NULL);
    el_set(edit, EL_BIND, "\033[200~", "begin-paste", NULL);
    el_set(edit, EL_BIND, "\033[201~", "end-paste", NULL);
    el_set(edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
    el_set(edit, EL_BIND, "^U", "em-kill-line", NULL);
    el_set(edit, EL_BIND, "^V", "ed-quoted-insert", NULL);
}

static void set_up(struct terminal *terminal, History *lines) {
    HistEvent event;
    history(lines, &event, H_SETSIZE, HISTORY_LINES);
    history(lines, &event, H_SETUNIQUE, 1);
    if (terminal->console->history != NULL) {
        history_file_read(terminal->console->history, lines, take_old_line);
    }
    el_set(terminal->edit, EL_CLIENTDATA, terminal);
    el_set(terminal->edit, EL_EDITOR, "emacs");
    el_set(terminal->edit, EL_PROMPT, prompt);
    el_set(terminal->edit, EL_HIST, history, lines);
    set_keys(terminal);
    el_set(terminal->edit, EL_GETCFN, get_character);
}

void terminal_run(struct console *console) {
    use_utf8();
    struct terminal terminal = {.console = console};
    terminal.edit = el_init("mqttsim", stdin, stdout, stderr);
    History *lines = history_init();
    if (terminal.edit == NULL || lines == NULL) {
        return; // read plainly then
    }
    set_up(&terminal, lines);
    write_text(PASTE_ON);
    read_lines(&terminal, lines);
    write_text(PASTE_OFF);
    if (!console->over) {
        write_text("\n");
    }
    el_end(terminal.edit);
    history_end(lines);
    console->reads = false;
    input_end(console->input);
    console->owner->wake(console->owner->context);
}
