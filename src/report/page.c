#include "report/page.h"

#include "base/assert.h"

#include <math.h>
#include <stdlib.h>

// The assembler takes the files in as they are; their paths are seen from where make runs.
#define PAGE_PART(name, path)                        \
    __asm__(".pushsection .rodata\n"                 \
            ".global " #name "\n"                    \
            ".type " #name ", %object\n" #name ":\n" \
            ".incbin \"" path "\"\n"                 \
            ".byte 0\n"                              \
            ".size " #name ", . - " #name "\n"       \
            ".popsection\n")

PAGE_PART(page_palette, "src/report/palette.css");
PAGE_PART(page_style, "src/report/page.css");
PAGE_PART(page_script, "src/report/page.js");
PAGE_PART(page_charts_style, DYGRAPHS "/dygraph.min.css");
PAGE_PART(page_charts_script, DYGRAPHS "/dygraph.min.js");

extern const char page_palette[];
extern const char page_style[];
extern const char page_script[];
extern const char page_charts_style[];
extern const char page_charts_script[];

// ---- putting it together ------------------------------------------------------------------------

static json_t *text_of(struct bytes bytes) {
    if (bytes.size == 0) {
        return json_string("");
    }
    json_t *text = json_stringn((const char *)bytes.data, bytes.size);
    if (text == NULL) { // it is no UTF-8
        struct memory memory;
        memory_init(&memory);
        struct buffer clean;
        buffer_init(&clean, &memory);
        for (size_t i = 0; i < bytes.size; i++) {
            if (bytes.data[i] < 0x80) {
                buffer_append_byte(&clean, bytes.data[i]);
            } else {
                buffer_append_text(&clean, "\xef\xbf\xbd");
            }
        }
        text = json_stringn((const char *)clean.data, clean.size);
        buffer_deinit(&clean);
    }
    return text;
}

static json_t *text_of_ours(const char *text) {
    return text_of(bytes_of_text(text));
}

static json_t *list_of(const struct page *page, const char *name) {
    json_t *list = json_object_get(page->root, name);
    if (list == NULL) {
        list = json_array();
        json_object_set_new(page->root, name, list);
    }
    return list;
}

void page_init(struct page *page, const char *title, const char *subtitle) {
    page->root = json_object();
    ASSERT_MESSAGE(page->root != NULL, "out of memory");
    json_object_set_new(page->root, "title", text_of_ours(title));
    json_object_set_new(page->root, "subtitle", text_of_ours(subtitle));
}

void page_deinit(struct page *page) {
    json_decref(page->root);
}

void page_verdict(struct page *page, bool is_good, const char *text) {
    json_object_set_new(page->root, "verdict",
                        json_pack("{s:b,s:o}", "good", is_good, "text", text_of_ours(text)));
}

void page_fact(struct page *page, const char *name, const char *value) {
    json_array_append_new(list_of(page, "facts"),
                          json_pack("[o,o]", text_of_ours(name), text_of_ours(value)));
}

void page_expectation(struct page *page, const char *text, const char *found, bool holds) {
    json_array_append_new(list_of(page, "expectations"),
                          json_pack("{s:o,s:o,s:b}", "text", text_of_ours(text), "found",
                                    text_of_ours(found), "holds", holds));
}

void page_band(struct page *page, double from, double until, struct bytes label) {
    json_array_append_new(list_of(page, "bands"), json_pack("{s:f,s:f,s:o}", "from", from, "until",
                                                            until, "label", text_of(label)));
}

// What JSON has no number for becomes null.
static json_t *numbers(const double *values, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, isfinite(values[i]) ? json_real(values[i]) : json_null());
    }
    return list;
}

void page_chart(struct page *page, const struct page_chart *chart) {
    ASSERT(chart->count <= PAGE_POINTS_MAX && chart->series_count <= PAGE_SERIES_MAX);
    json_t *series = json_array();
    for (size_t i = 0; i < chart->series_count; i++) {
        json_array_append_new(series,
                              json_pack("{s:o,s:o}", "name", text_of_ours(chart->series[i].name),
                                        "values", numbers(chart->series[i].values, chart->count)));
    }
    json_array_append_new(list_of(page, "charts"),
                          json_pack("{s:o,s:o,s:o,s:o}", "title", text_of_ours(chart->title),
                                    "unit", text_of_ours(chart->unit), "times",
                                    numbers(chart->times, chart->count), "series", series));
}

void page_node(struct page *page, const struct page_node *node) {
    json_array_append_new(list_of(page, "nodes"),
                          json_pack("{s:s,s:o,s:o,s:o}", "kind", node->kind, "area",
                                    text_of(node->area), "label", text_of(node->label), "note",
                                    text_of_ours(node->note)));
}

void page_edge(struct page *page, uint32_t from, uint32_t to, const char *label) {
    size_t nodes = json_array_size(list_of(page, "nodes"));
    ASSERT(from < nodes && to < nodes);
    json_array_append_new(list_of(page, "edges"), json_pack("[I,I,o]", (json_int_t)from,
                                                            (json_int_t)to, text_of_ours(label)));
}

static json_t *texts(const char *const *items, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, text_of_ours(items[i]));
    }
    return list;
}

void page_table(struct page *page, const char *title, const char *const *columns, size_t count) {
    json_array_append_new(list_of(page, "tables"),
                          json_pack("{s:o,s:o,s:[]}", "title", text_of_ours(title), "columns",
                                    texts(columns, count), "rows"));
}

void page_row(struct page *page, const char *const *cells, size_t count) {
    json_t *tables = list_of(page, "tables");
    ASSERT(json_array_size(tables) > 0);
    json_t *table = json_array_get(tables, json_array_size(tables) - 1);
    ASSERT(json_array_size(json_object_get(table, "columns")) == count);
    json_array_append_new(json_object_get(table, "rows"), texts(cells, count));
}

void page_ladder(struct page *page, const char *title, struct bytes text, const char *command) {
    json_array_append_new(list_of(page, "ladders"),
                          json_pack("{s:o,s:o,s:o}", "title", text_of_ours(title), "text",
                                    text_of(text), "command",
                                    text_of_ours(command == NULL ? "" : command)));
}

// ---- writing ------------------------------------------------------------------------------------

static void append_escaped(struct buffer *out, const char *text) {
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<':
            buffer_append_text(out, "&lt;");
            break;
        case '&':
            buffer_append_text(out, "&amp;");
            break;
        default:
            buffer_append_byte(out, (uint8_t)*text);
        }
    }
}

// Inside of a script element only `<` can end it.
static void append_data(struct buffer *out, const json_t *root) {
    char *text = json_dumps(root, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(9));
    ASSERT_MESSAGE(text != NULL, "out of memory");
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '<') {
            buffer_append_text(out, "\\u003c");
        } else {
            buffer_append_byte(out, (uint8_t)*at);
        }
    }
    free(text);
}

void page_write(const struct page *page, struct buffer *out) {
    buffer_append_text(out,
                       "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, "
                       "initial-scale=1\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                       "'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
                       "<title>");
    append_escaped(out, json_string_value(json_object_get(page->root, "title")));
    buffer_append_text(out, "</title>\n<style>\n");
    buffer_append_text(out, page_charts_style);
    buffer_append_text(out, page_palette);
    buffer_append_text(out, page_style);
    buffer_append_text(out, "</style>\n</head>\n<body>\n<main id=\"page\">\n<noscript>This page "
                            "needs JavaScript, which is in it.</noscript>\n</main>\n"
                            "<script id=\"data\" type=\"application/json\">");
    append_data(out, page->root);
    buffer_append_text(out, "</script>\n<script>\n");
    buffer_append_text(out, page_charts_script);
    buffer_append_text(out, "\n</script>\n<script>\n");
    buffer_append_text(out, page_script);
    buffer_append_text(out, "</script>\n</body>\n</html>\n");
}
