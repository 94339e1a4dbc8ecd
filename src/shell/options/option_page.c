#include "shell/options/option_page.h"

#include "base/assert.h"
#include "shell/options/option_row.h"

#include <ctype.h>
#include <stdlib.h>

#define PAGE_WIDTH 80
#define MANUAL_INDENT 7    // of the text of a manual page
#define HELP_COLUMN_MAX 32 // where the text of an option begins at the latest

// A fixed date, since a page must not change from build to build and mandoc wants one.
#define MANUAL_DATE "2026-01-01"

// Filled text, either for a terminal (indented) or for man(7), which fills it once more.
struct page {
    FILE *out;
    bool roff;
    size_t indent;
    size_t column; // 0: nothing on this line yet
    bool fresh;    // nothing but indent on this line
};

// A minus is a minus, quotes are typewriter quotes, and no word of ours can be a request.
static void page_put(struct page *page, struct bytes text) {
    if (!page->roff) {
        fwrite(text.data, 1, text.size, page->out);
        return;
    }
    if (text.size > 0 && text.data[0] == '.') {
        fputs("\\&", page->out);
    }
    for (size_t i = 0; i < text.size; i++) {
        static const char special[] = "-\\'`^~";
        static const char *const escapes[] = {"\\-", "\\e", "\\(aq", "\\(ga", "\\(ha", "\\(ti"};
        const char *found = text.data[i] == '\0' ? NULL : strchr(special, text.data[i]);
        if (found) {
            fputs(escapes[found - special], page->out);
        } else {
            fputc(text.data[i], page->out);
        }
    }
}

static void page_put_text(struct page *page, const char *text) {
    page_put(page, bytes_of_text(text));
}

static void page_end_line(struct page *page) {
    if (page->column > 0) {
        fputc('\n', page->out);
    }
    page->column = 0;
}

static void page_begin_line(struct page *page) {
    fprintf(page->out, "%*s", (int)page->indent, "");
    page->column = page->indent;
    page->fresh = true;
}

// UTF-8: continuation bytes take no column of their own.
static size_t text_columns(struct bytes text) {
    size_t columns = 0;
    for (size_t i = 0; i < text.size; i++) {
        columns += (text.data[i] & 0xc0) != 0x80;
    }
    return columns;
}

static void page_word(struct page *page, struct bytes word) {
    size_t width = text_columns(word);
    if (page->column > 0 && !page->fresh && page->column + 1 + width > PAGE_WIDTH) {
        page_end_line(page);
    }
    if (page->column == 0) {
        page_begin_line(page);
    }
    if (!page->fresh) {
        fputc(' ', page->out);
        page->column++;
    }
    page_put(page, word);
    page->column += width;
    page->fresh = false;
}

static void page_fill(struct page *page, struct bytes text) {
    size_t at = 0;
    while (at < text.size) {
        size_t start = at;
        while (at < text.size && text.data[at] != ' ' && text.data[at] != '\n') {
            at++;
        }
        if (at > start) {
            page_word(page, bytes_make(text.data + start, at - start));
        } else {
            at++;
        }
    }
}

static void page_heading(struct page *page, const char *request, const char *title) {
    page_end_line(page);
    if (!page->roff) {
        fprintf(page->out, "\n%s:\n", title);
        return;
    }
    bool shout = strcmp(request, ".SH") == 0;
    fprintf(page->out, "%s ", request);
    for (const char *at = title; *at != '\0'; at++) {
        char letter = shout ? (char)toupper((unsigned char)*at) : *at;
        page_put(page, bytes_make(&letter, 1));
    }
    fputc('\n', page->out);
}

// Where a section's text stands between two lines.
enum layout { LAYOUT_START, LAYOUT_PROSE, LAYOUT_VERBATIM };

static void page_paragraph(struct page *page) {
    page_end_line(page);
    fputs(page->roff ? ".PP\n" : "\n", page->out);
}

static void page_verbatim_part(struct page *page, size_t indent, struct bytes part) {
    fprintf(page->out, "%*s", (int)indent, "");
    page_put(page, part);
    fputc('\n', page->out);
}

// Where the text of a line begins that has a word or more before it: behind two blanks or more.
// What is not laid out so is continued a little further in.
static size_t text_begin(struct bytes line) {
    size_t at = 0;
    while (at < line.size && line.data[at] == ' ') {
        at++;
    }
    size_t otherwise = at + 4;
    while (at + 2 < line.size && memcmp(line.data + at, "  ", 2) != 0) {
        at++;
    }
    while (at < line.size && line.data[at] == ' ') {
        at++;
    }
    return at + 2 < line.size && at < PAGE_WIDTH / 2 ? at : otherwise;
}

// How much of the line comes before the last blank up to `room` columns; all of it if there is none
// behind `begin`.
static size_t part_within(struct bytes line, size_t begin, size_t room) {
    for (size_t at = line.size; at > begin; at--) {
        bool is_end = at < line.size && line.data[at] == ' ';
        if (is_end && text_columns(bytes_make(line.data, at)) <= room) {
            return at;
        }
    }
    return line.size;
}

// Lines stay as they are, but for those that are too long: these go on under their text.
static void page_verbatim(struct page *page, struct bytes line) {
    page_end_line(page);
    size_t room = PAGE_WIDTH - (page->roff ? MANUAL_INDENT : page->indent);
    size_t begin = text_begin(line);
    size_t indent = 0;
    while (text_columns(line) > room - indent) {
        size_t part = part_within(line, indent == 0 ? begin : 0, room - indent);
        if (part == line.size) {
            break;
        }
        page_verbatim_part(page, page->indent + indent, bytes_make(line.data, part));
        line = bytes_make(line.data + part + 1, line.size - part - 1);
        indent = begin;
    }
    page_verbatim_part(page, page->indent + indent, line);
}

static enum layout page_change(struct page *page, enum layout from, enum layout to) {
    if (page->roff && from != to && (from == LAYOUT_VERBATIM || to == LAYOUT_VERBATIM)) {
        page_end_line(page);
        fputs(to == LAYOUT_VERBATIM ? ".nf\n" : ".fi\n", page->out);
    }
    return to;
}

static void page_section(struct page *page, const struct option_section *section) {
    page_heading(page, ".SH", section->title);
    page->indent = page->roff ? 0 : 2;
    enum layout layout = LAYOUT_START;
    bool parted = false; // a blank line waits for something to stand before
    for (const char *at = section->text; *at != '\0';) {
        struct bytes line = bytes_make(at, strcspn(at, "\n"));
        at += line.size + (at[line.size] == '\n');
        if (line.size == 0) {
            parted = layout != LAYOUT_START;
            continue;
        }
        bool verbatim = bytes_starts_with(line, BYTES_LITERAL("  "));
        if (parted) {
            layout = page_change(page, layout, LAYOUT_PROSE);
            page_paragraph(page);
            parted = false;
        }
        layout = page_change(page, layout, verbatim ? LAYOUT_VERBATIM : LAYOUT_PROSE);
        if (verbatim) {
            page_verbatim(page, line);
        } else {
            page_fill(page, line);
        }
    }
    page_change(page, layout, LAYOUT_PROSE);
    page_end_line(page);
}

static size_t row_left_columns(const struct option_row *row) {
    return strlen("  -x, --") + strlen(row->name) + (row->argument ? 1 + strlen(row->argument) : 0);
}

static void help_row_left(struct page *page, const struct option_row *row) {
    if (row->letter) {
        fprintf(page->out, "  -%c, --%s", row->letter, row->name);
    } else {
        fprintf(page->out, "      --%s", row->name);
    }
    fprintf(page->out, "%s%s", row->argument ? " " : "", row->argument ? row->argument : "");
    size_t columns = row_left_columns(row);
    if (columns + 2 <= page->indent) {
        fprintf(page->out, "%*s", (int)(page->indent - columns), "");
        page->column = page->indent;
        page->fresh = true;
    } else {
        fputc('\n', page->out);
        page->column = 0;
    }
}

static void man_row_left(struct page *page, const struct option_row *row) {
    fputs(".TP\n", page->out);
    if (row->letter) {
        fprintf(page->out, "\\fB\\-%c\\fR, ", row->letter);
    }
    fputs("\\fB", page->out);
    page_put_text(page, "--");
    page_put_text(page, row->name);
    fputs("\\fR", page->out);
    if (row->argument) {
        fputs(" \\fI", page->out);
        page_put_text(page, row->argument);
        fputs("\\fR", page->out);
    }
    fputc('\n', page->out);
}

// Kept on one line, to be found by who searches for it.
static void page_default(struct page *page, const char *preset, bool alone) {
    char *text = NULL;
    int size = asprintf(&text, alone ? "Default %s." : "(default %s).", preset);
    ASSERT(size >= 0);
    page_word(page, bytes_make(text, (size_t)size));
    free(text);
}

// The sentence that is added to a row's help: "From 1 to 3600 seconds (default 10)."
static void page_facts(struct page *page, const struct option_row *row) {
    char *rule = option_row_rule(row, false);
    char *preset = option_row_default(row);
    char *sentence = NULL;
    rule[0] = (char)toupper((unsigned char)rule[0]);
    bool is_last = preset == NULL && rule[0] != '\0';
    int size = asprintf(&sentence, "%s%s", rule, is_last ? "." : "");
    ASSERT(size >= 0);
    page_fill(page, bytes_of_text(sentence));
    if (preset != NULL) {
        page_default(page, preset, rule[0] == '\0');
    }
    free(sentence);
    free(preset);
    free(rule);
}

static void page_row(struct page *page, const struct option_row *row) {
    if (page->roff) {
        man_row_left(page, row);
    } else {
        help_row_left(page, row);
    }
    page_fill(page, bytes_of_text(row->help));
    page_facts(page, row);
    page_end_line(page);
}

static size_t help_column(const struct program *program) {
    size_t column = 0;
    for (size_t i = 0; i < option_row_count(program); i++) {
        size_t wanted = row_left_columns(option_row_at(program, i)) + 2;
        column = wanted > column ? wanted : column;
    }
    return column < HELP_COLUMN_MAX ? column : HELP_COLUMN_MAX;
}

// The group that begins with this row.
static void page_group(struct page *page, const struct program *program, size_t first) {
    const char *group = option_row_at(program, first)->group;
    if (group != NULL || !page->roff) {
        page_heading(page, ".SS", group != NULL ? group : "Options");
    }
    for (size_t i = first; i < option_row_count(program); i++) {
        const struct option_row *row = option_row_at(program, i);
        if (option_row_is_of(row, group)) {
            page->indent = page->roff ? 0 : help_column(program);
            page_row(page, row);
        }
    }
}

static void page_options(struct page *page, const struct program *program) {
    for (size_t i = 0; i < option_row_count(program); i++) {
        if (option_row_begins_group(program, i)) {
            page_group(page, program, i);
        }
    }
}

void option_page_help(const struct program *program, const char *called, FILE *out) {
    struct page page = {.out = out};
    fprintf(page.out, "Usage: %s %s\n", called, program->synopsis);
    page_fill(&page, bytes_of_text(program->summary));
    fputc('.', page.out);
    page_end_line(&page);
    page_options(&page, program);
    for (size_t i = 0; i < program->section_count; i++) {
        page_section(&page, &program->sections[i]);
    }
}

static bool section_is_description(const struct option_section *section) {
    return strcasecmp(section->title, "description") == 0;
}

static void man_sections(struct page *page, const struct program *program, bool descriptions) {
    for (size_t i = 0; i < program->section_count; i++) {
        if (section_is_description(&program->sections[i]) == descriptions) {
            page_section(page, &program->sections[i]);
        }
    }
}

static void man_begin(struct page *page, const struct program *program) {
    fputs(".TH MQTTSIM\\-", page->out);
    for (const char *at = program->name; *at != '\0'; at++) {
        page_put(page, bytes_make(&(char){(char)toupper((unsigned char)*at)}, 1));
    }
    fputs(" 1 \"" MANUAL_DATE "\" \"mqttsim " MQTTSIM_VERSION "\" \"MQTT_simulator\"\n", page->out);
    fputs(".SH NAME\nmqttsim\\-", page->out);
    page_put_text(page, program->name);
    fputs(" \\- ", page->out);
    page_put_text(page, program->summary);
    fputs("\n.SH SYNOPSIS\n.B mqttsim\\-", page->out);
    page_put_text(page, program->name);
    fputc('\n', page->out);
    page_put_text(page, program->synopsis);
    fputc('\n', page->out);
}

void option_page_manual(const struct program *program, FILE *out) {
    struct page page = {.out = out, .roff = true};
    man_begin(&page, program);
    man_sections(&page, program, true);
    fputs(".SH OPTIONS\n", page.out);
    page_options(&page, program);
    man_sections(&page, program, false);
}
