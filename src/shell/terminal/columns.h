// Text in the columns of a terminal. Each character counts for one column, which is near enough for
// tables: wide and combining ones shift what stands behind them.
#ifndef SHELL_TERMINAL_COLUMNS_H
#define SHELL_TERMINAL_COLUMNS_H

#include "base/buffer.h"

// How many columns the text takes. It is UTF-8.
size_t columns_of(struct bytes text);

// The longest start of the text that takes at most so many columns.
struct bytes columns_cut(struct bytes text, size_t columns);

// The text in exactly so many columns (1 or more): filled with blanks, or cut with a "…".
void columns_append(struct buffer *out, struct bytes text, size_t columns);

// Takes the next line of a text that is wrapped at blanks, and the blank behind it, off *rest. A
// word longer than a line (1 column or more) is cut.
struct bytes columns_take_line(struct bytes *rest, size_t columns);

#endif
