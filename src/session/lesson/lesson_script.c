#include "session/lesson/lesson_script.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/assert.h"
#include "base/utf8.h"
#include "shell/printable.h"

#define MARGIN 8 // where texts begin

// What stands before a word's text.
enum naming {
    NAMELESS,
    NAME_FIRST,  // NAME: text
    NAME_OR_ALL, // the same, or a text about the last `show`
    NAME_ALONE,  // nothing but a name
    FILE_FIRST,  // FILE: text
};

struct word_row {
    const char *text;
    enum naming naming;
    bool is_block; // may go on in further lines
};

static const struct word_row words[LESSON_WORDS] = {
    [LESSON_TITLE] = {"title", NAMELESS, false},
    [LESSON_ABOUT] = {"about", NAMELESS, false},
    [LESSON_SCREEN] = {"screen", NAMELESS, false},
    [LESSON_SAY] = {"say", NAMELESS, true},
    [LESSON_RUN] = {"run", NAME_FIRST, false},
    [LESSON_SHOW] = {"show", NAMELESS, false},
    [LESSON_TYPE] = {"type", NAME_FIRST, false},
    [LESSON_EXPECT] = {"expect", NAME_OR_ALL, false},
    [LESSON_AWAIT] = {"await", NAME_FIRST, false},
    [LESSON_NEXT] = {"next", NAME_FIRST, false},
    [LESSON_SKIP] = {"skip", NAME_ALONE, false},
    [LESSON_NEVER] = {"never", NAME_OR_ALL, false},
    [LESSON_APPEND] = {"append", FILE_FIRST, false},
    [LESSON_FREEZE] = {"freeze", NAME_ALONE, false},
    [LESSON_THAW] = {"thaw", NAME_ALONE, false},
    [LESSON_KILL] = {"kill", NAME_ALONE, false},
    [LESSON_END] = {"end", NAME_ALONE, false},
    [LESSON_GONE] = {"gone", NAME_ALONE, false},
    [LESSON_ASK] = {"ask", NAMELESS, true},
    [LESSON_ANSWER] = {"answer", NAMELESS, false},
    [LESSON_WHY] = {"why", NAMELESS, true},
    [LESSON_TRY] = {"try", NAMELESS, true},
};

// What is known while the file is read, a line at a time: the script as far as it is there, the
// programs that have names, and whether a question still wants its answer and its `why`.
struct parsing {
    struct lesson_script *script;
    const char *file;
    struct buffer *complaint;
    unsigned line;
    struct bytes programs[LESSON_PROGRAMS_MAX];
    unsigned program_count;
    bool was_shown;   // there is a last `show`
    unsigned asked;   // the line of a question that has no `why` yet; 0: none
    bool is_answered; // its answer stands in the file
};

const char *lesson_word_text(enum lesson_word word) {
    return words[word].text;
}

struct bytes lesson_take_line(struct bytes *rest) {
    const uint8_t *end = rest->size > 0 ? memchr(rest->data, '\n', rest->size) : NULL;
    size_t size = end != NULL ? (size_t)(end - rest->data) : rest->size;
    struct bytes line = bytes_make(rest->data, size);
    size_t taken = size + (end != NULL);
    *rest = taken == 0 ? *rest : bytes_make(rest->data + taken, rest->size - taken);
    return line;
}

static bool is_blank(uint8_t byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct bytes lesson_trim(struct bytes text) {
    while (text.size > 0 && is_blank(text.data[text.size - 1])) {
        text.size--;
    }
    while (text.size > 0 && is_blank(text.data[0])) {
        text = bytes_make(text.data + 1, text.size - 1);
    }
    return text;
}

// Blanks at the beginning of the first line are layout.
static struct bytes trim_block(struct bytes text) {
    while (text.size > 0 && text.data[0] == '\n') {
        text = bytes_make(text.data + 1, text.size - 1);
    }
    while (text.size > 0 && is_blank(text.data[text.size - 1])) {
        text.size--;
    }
    return text;
}

char lesson_choice(struct bytes line) {
    struct bytes text = lesson_trim(line);
    bool is_one =
        text.size > 3 && text.data[0] >= 'a' && text.data[0] <= 'z' && text.data[1] == ')';
    return (char)(is_one ? text.data[0] : 0);
}

__attribute__((format(printf, 2, 3))) static bool complain(struct parsing *parsing,
                                                           const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    printable_format(parsing->complaint, "%s:%u: %s", parsing->file, parsing->line, text);
    return false;
}

static struct bytes keep(struct parsing *parsing, struct bytes text) {
    struct buffer *storage = &parsing->script->storage;
    size_t start = storage->size;
    ASSERT(storage->size + text.size <= storage->capacity); // so that texts stay where they are
    buffer_append(storage, text);
    return bytes_make(storage->data + start, text.size);
}

// ---- names ----------------------------------------------------------------------------------

static bool is_name_byte(uint8_t byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-';
}

// The name that stands before a colon; empty: there is none.
static struct bytes name_of(struct bytes text) {
    size_t size = 0;
    while (size < text.size && is_name_byte(text.data[size])) {
        size++;
    }
    bool is_one = size > 0 && size <= LESSON_NAME_MAX && size < text.size && text.data[size] == ':';
    return bytes_make(text.data, is_one ? size : 0);
}

static bool is_running(const struct parsing *parsing, struct bytes name) {
    for (unsigned i = 0; i < parsing->program_count; i++) {
        if (bytes_equal(parsing->programs[i], name)) {
            return true;
        }
    }
    return false;
}

static bool complain_of_name(struct parsing *parsing, struct bytes name) {
    char known[LESSON_PROGRAMS_MAX * (LESSON_NAME_MAX + 2) + 1] = "none";
    size_t size = 0;
    for (unsigned i = 0; i < parsing->program_count; i++) {
        size += (size_t)snprintf(known + size, sizeof known - size, "%s%.*s", i > 0 ? ", " : "",
                                 (int)parsing->programs[i].size,
                                 (const char *)parsing->programs[i].data);
    }
    return complain(parsing, "no program is called \"%.*s\" here; so far there are: %s",
                    (int)(name.size < 64 ? name.size : 64), (const char *)name.data, known);
}

static bool add_program(struct parsing *parsing, struct bytes name) {
    if (is_running(parsing, name)) {
        return true; // started again after it ended
    }
    if (parsing->program_count == LESSON_PROGRAMS_MAX) {
        return complain(parsing, "a lesson has at most %d programs", LESSON_PROGRAMS_MAX);
    }
    parsing->programs[parsing->program_count++] = name;
    return true;
}

// Takes the name off the step's text, as its word has it.
static bool take_name(struct parsing *parsing, struct lesson_step *step) {
    enum naming naming = words[step->word].naming;
    const char *word = words[step->word].text;
    if (naming == NAMELESS) {
        return true;
    }
    if (naming == NAME_ALONE) {
        step->name = step->text;
        step->text = (struct bytes){0};
        return is_running(parsing, step->name) || complain_of_name(parsing, step->name);
    }
    struct bytes name = name_of(step->text);
    if (naming == NAME_OR_ALL && !is_running(parsing, name)) {
        return parsing->was_shown || complain(parsing,
                                              "%s: which program? write %s NAME: text, or put a "
                                              "show before it",
                                              word, word);
    }
    if (name.size == 0) {
        return complain(
            parsing,
            naming == FILE_FIRST
                ? "%s: a file's name of up to %d small letters, "
                  "digits and -, and a colon come first, as in %s "
                  "network: ..."
                : "%s: a name of up to %d small letters, digits and -, and a colon come "
                  "first, as in %s anna: ...",
            word, LESSON_NAME_MAX, word);
    }
    step->name = name;
    step->text =
        lesson_trim(bytes_make(step->text.data + name.size + 1, step->text.size - name.size - 1));
    if (step->word == LESSON_RUN) {
        return add_program(parsing, name);
    }
    return naming == FILE_FIRST || is_running(parsing, name) || complain_of_name(parsing, name);
}

// ---- questions ------------------------------------------------------------------------------

static bool has_choice(struct bytes question, char letter) {
    while (question.size > 0) {
        char choice = lesson_choice(lesson_take_line(&question));
        if (choice != 0 && (letter == 0 || choice == letter)) {
            return true;
        }
    }
    return false;
}

static bool check_question(struct parsing *parsing, const struct lesson_step *step) {
    if (parsing->asked > 0) {
        return complain(parsing, "the question of line %u has no %s yet", parsing->asked,
                        parsing->is_answered ? "why" : "answer");
    }
    parsing->asked = step->line;
    parsing->is_answered = false;
    return has_choice(step->text, 0) ||
           complain(parsing, "a question needs choices, each in a line: a) ...");
}

static bool check_answer(struct parsing *parsing, const struct lesson_step *step) {
    const struct lesson_script *script = parsing->script;
    if (script->count == 0 || script->steps[script->count - 1].word != LESSON_ASK) {
        return complain(parsing, "answer: stands right behind its ask");
    }
    parsing->is_answered = true;
    struct bytes question = script->steps[script->count - 1].text;
    return (step->text.size == 1 && has_choice(question, (char)step->text.data[0])) ||
           complain(parsing, "answer: is one of the letters of the question in line %u",
                    parsing->asked);
}

static bool check_why(struct parsing *parsing) {
    if (parsing->asked > 0 && !parsing->is_answered) {
        return complain(parsing, "the question of line %u has no answer yet", parsing->asked);
    }
    parsing->asked = 0;
    return true;
}

// ---- steps ----------------------------------------------------------------------------------

static bool add_step(struct parsing *parsing, struct lesson_step step) {
    struct lesson_script *script = parsing->script;
    if (script->count == 0 && step.word != LESSON_SCREEN) {
        return complain(parsing, "%s: a lesson begins with title, about and screen",
                        words[step.word].text);
    }
    if (script->count == LESSON_STEPS_MAX) {
        return complain(parsing, "a lesson has at most %d steps", LESSON_STEPS_MAX);
    }
    script->screens += step.word == LESSON_SCREEN;
    parsing->was_shown = parsing->was_shown || step.word == LESSON_SHOW;
    script->steps = memory_grow(script->memory, script->steps, &script->capacity, script->count + 1,
                                sizeof *script->steps);
    script->steps[script->count++] = step;
    return true;
}

static bool set_head(struct parsing *parsing, struct bytes *head, const struct lesson_step *step) {
    if (head->size > 0 || parsing->script->count > 0) {
        return complain(parsing, "%s: stands once, before the first screen",
                        words[step->word].text);
    }
    *head = step->text;
    return true;
}

// A step that is whole, with its further lines.
static bool finish_step(struct parsing *parsing, struct lesson_step *step) {
    parsing->line = step->line;
    step->text = trim_block(step->text);
    if (!take_name(parsing, step)) {
        return false;
    }
    if (step->text.size == 0 && words[step->word].naming != NAME_ALONE) {
        return complain(parsing, "%s: nothing stands behind it", words[step->word].text);
    }
    switch (step->word) {
    case LESSON_TITLE:
        return set_head(parsing, &parsing->script->title, step);
    case LESSON_ABOUT:
        return set_head(parsing, &parsing->script->about, step);
    case LESSON_ASK:
        return check_question(parsing, step) && add_step(parsing, *step);
    case LESSON_ANSWER:
        return check_answer(parsing, step) && add_step(parsing, *step);
    case LESSON_WHY:
        return check_why(parsing) && add_step(parsing, *step);
    case LESSON_SCREEN:
    case LESSON_SAY:
    case LESSON_RUN:
    case LESSON_SHOW:
    case LESSON_TYPE:
    case LESSON_EXPECT:
    case LESSON_AWAIT:
    case LESSON_NEXT:
    case LESSON_SKIP:
    case LESSON_NEVER:
    case LESSON_APPEND:
    case LESSON_FREEZE:
    case LESSON_THAW:
    case LESSON_KILL:
    case LESSON_END:
    case LESSON_GONE:
    case LESSON_TRY:
    case LESSON_WORDS:
        break;
    }
    return add_step(parsing, *step);
}

// The word that a line begins with, which *line then no longer has; LESSON_WORDS: it is none.
static enum lesson_word take_word(struct bytes *line) {
    size_t size = 0;
    while (size < line->size && !is_blank(line->data[size])) {
        size++;
    }
    struct bytes first = bytes_make(line->data, size);
    for (unsigned word = 0; word < LESSON_WORDS; word++) {
        if (bytes_equal(first, bytes_of_text(words[word].text))) {
            *line = bytes_make(line->data + size, line->size - size);
            return (enum lesson_word)word;
        }
    }
    return LESSON_WORDS;
}

static bool complain_of_word(struct parsing *parsing, struct bytes line) {
    char known[256];
    size_t size = 0;
    for (unsigned word = 0; word < LESSON_WORDS; word++) {
        size += (size_t)snprintf(known + size, sizeof known - size, "%s%s", word > 0 ? ", " : "",
                                 words[word].text);
    }
    int shown = (int)(line.size < 20 ? line.size : 20);
    return complain(parsing, "\"%.*s\": a line begins with a word or with %d blanks; words are %s",
                    shown, (const char *)line.data, MARGIN, known);
}

static size_t indentation(struct bytes line) {
    size_t size = 0;
    while (size < line.size && line.data[size] == ' ') {
        size++;
    }
    return size;
}

// One more line of a step's text. The texts of one step stand one behind the other.
static bool add_line(struct parsing *parsing, struct lesson_step *step, struct bytes line) {
    if (step->word == LESSON_WORDS) {
        return complain(parsing, "nothing stands before it that could go on");
    }
    if (!words[step->word].is_block) {
        return complain(parsing, "%s: takes one line", words[step->word].text);
    }
    (void)keep(parsing, BYTES_LITERAL("\n"));
    struct bytes kept = keep(parsing, bytes_make(line.data + MARGIN, line.size - MARGIN));
    step->text.size += 1 + kept.size;
    return true;
}

static bool add_blank(struct parsing *parsing, struct lesson_step *step) {
    if (step->word != LESSON_WORDS && words[step->word].is_block) {
        (void)keep(parsing, BYTES_LITERAL("\n"));
        step->text.size++;
    }
    return true;
}

static bool read_line(struct parsing *parsing, struct lesson_step *step, struct bytes line) {
    unsigned number = parsing->line;
    while (line.size > 0 && is_blank(line.data[line.size - 1])) {
        line.size--;
    }
    if (line.size == 0) {
        return add_blank(parsing, step);
    }
    if (line.data[0] == '#') {
        return true;
    }
    if (indentation(line) >= MARGIN) {
        return add_line(parsing, step, line);
    }
    struct bytes rest = line;
    enum lesson_word word = take_word(&rest);
    if (word == LESSON_WORDS) {
        return complain_of_word(parsing, line);
    }
    if (step->word != LESSON_WORDS && !finish_step(parsing, step)) {
        return false;
    }
    parsing->line = number;
    *step = (struct lesson_step){.word = word, .line = number};
    step->text = keep(parsing, lesson_trim(rest));
    return true;
}

static bool check_whole(struct parsing *parsing) {
    if (parsing->script->title.size == 0 || parsing->script->about.size == 0 ||
        parsing->script->count == 0) {
        return complain(parsing, "the lesson has no title, no about or no screen");
    }
    return parsing->asked == 0 ||
           complain(parsing, "the question of line %u has no why", parsing->asked);
}

bool lesson_script_parse(struct lesson_script *script, struct memory *memory, const char *file,
                         struct bytes text, struct buffer *complaint) {
    struct parsing parsing = {.script = script, .file = file, .complaint = complaint, .line = 1};
    struct lesson_step step = {.word = LESSON_WORDS};
    *script = (struct lesson_script){.memory = memory};
    buffer_init(&script->storage, memory);
    if (text.size > LESSON_FILE_MAX) {
        return complain(&parsing, "a lesson has at most %d bytes", LESSON_FILE_MAX);
    }
    if (!utf8_is_valid(text)) {
        return complain(&parsing, "is no text in UTF-8");
    }
    (void)buffer_reserve(&script->storage, text.size + 1);
    for (unsigned line = 1; text.size > 0; line++) {
        parsing.line = line;
        if (!read_line(&parsing, &step, lesson_take_line(&text))) {
            return false;
        }
    }
    return (step.word == LESSON_WORDS || finish_step(&parsing, &step)) && check_whole(&parsing);
}

void lesson_script_deinit(struct lesson_script *script) {
    memory_free(script->memory, script->steps, script->capacity * sizeof *script->steps);
    buffer_deinit(&script->storage);
    *script = (struct lesson_script){0};
}
