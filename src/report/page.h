// One self-contained page in HTML about a run: a verdict, facts, expectations, charts over time
// with bands behind them, a picture of the topology, tables, ladders. Whoever opens it needs no
// network: styles, scripts and the library of charts (Dygraphs) are in it, and it forbids itself to
// fetch anything.
//
// What goes in is put into one JSON object as it is added; page.js shows it. So a page can also be
// read by a program: the object stands in the element with the id `data`.
//
// Texts are borrowed until the call returns, any bytes: what is no UTF-8 is shown by U+FFFD.
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "base/buffer.h"

#include <jansson.h>

#define PAGE_SERIES_MAX 6
#define PAGE_POINTS_MAX 4000u // of a series; see page_chart

struct page {
    json_t *root;
};

// `subtitle` says how it came about; it may be empty.
void page_init(struct page *page, const char *title, const char *subtitle);
void page_deinit(struct page *page);

// In a word or two, and whether that is good.
void page_verdict(struct page *page, bool is_good, const char *text);
void page_fact(struct page *page, const char *name, const char *value);
void page_expectation(struct page *page, const char *text, const char *found, bool holds);

// A span of time, in seconds, that stands behind all charts.
void page_band(struct page *page, double from, double until, struct bytes label);

struct page_series {
    const char *name;
    const double *values; // as many as the chart's times; NaN: none
};

struct page_chart {
    const char *title;
    const char *unit;
    const double *times; // seconds, ascending
    size_t count;        // of points: PAGE_POINTS_MAX at most
    const struct page_series *series;
    size_t series_count; // PAGE_SERIES_MAX at most
};

void page_chart(struct page *page, const struct page_chart *chart);

// Nodes with the same area stand together in a box of that name; those without one stand above all.
// `kind` is broker, router, master or devices.
struct page_node {
    const char *kind;
    struct bytes area;
    struct bytes label;
    const char *note; // under it
};

// Numbered from 0 in the order of adding.
void page_node(struct page *page, const struct page_node *node);
void page_edge(struct page *page, uint32_t from, uint32_t to, const char *label);

// Each row has as many cells as there are columns; a table without rows is not shown. Those of all
// columns but the first stand on the right.
void page_table(struct page *page, const char *title, const char *const *columns, size_t count);
// Of the table that was added last.
void page_row(struct page *page, const char *const *cells, size_t count);

// What led to something, as a terminal shows it; `command` repeats it, and may be NULL.
void page_ladder(struct page *page, const char *title, struct bytes text, const char *command);

// Appends the whole page.
void page_write(const struct page *page, struct buffer *out);

#endif
