// What stands on a terminal after a program has written to it: as much of a terminal (TERM=xterm)
// as libedit asks for.
#ifndef TEST_PROCESS_SCREEN_H
#define TEST_PROCESS_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCREEN_ROWS 24
#define SCREEN_COLUMNS 100

struct screen {
    unsigned columns;
    unsigned row;
    unsigned column; // `columns`: behind the last one, the next character goes to the next row
    char cells[SCREEN_ROWS][SCREEN_COLUMNS][5]; // a character of UTF-8 each; "": a blank
    char line[SCREEN_COLUMNS * 4 + 1];
};

static inline void screen_line_feed(struct screen *screen) {
    if (++screen->row == SCREEN_ROWS) {
        memmove(screen->cells[0], screen->cells[1], sizeof screen->cells - sizeof *screen->cells);
        memset(screen->cells[SCREEN_ROWS - 1], 0, sizeof *screen->cells);
        screen->row--;
    }
}

static inline void screen_put(struct screen *screen, const char *character, size_t size) {
    if (screen->column >= screen->columns) {
        screen->column = 0;
        screen_line_feed(screen);
    }
    char *cell = screen->cells[screen->row][screen->column++];
    memset(cell, 0, 5);
    memcpy(cell, character, size < 4 ? size : 4);
}

static inline void screen_clear(struct screen *screen, unsigned row, unsigned from, unsigned to) {
    for (unsigned column = from; column < to; column++) {
        screen->cells[row][column][0] = '\0';
    }
}

// Makes room for, or takes away, `count` cells at the cursor.
static inline void screen_shift(struct screen *screen, unsigned count, bool insert) {
    unsigned left = screen->columns - screen->column;
    count = count < left ? count : left;
    char(*at)[5] = &screen->cells[screen->row][screen->column];
    if (insert) {
        memmove(at + count, at, sizeof *at * (left - count));
        memset(at, 0, sizeof *at * count);
    } else {
        memmove(at, at + count, sizeof *at * (left - count));
        memset(at + left - count, 0, sizeof *at * count);
    }
}

static inline void screen_control(struct screen *screen, char letter, unsigned number) {
    unsigned count = number == 0 ? 1 : number;
    switch (letter) {
    case 'A':
        screen->row -= count < screen->row ? count : screen->row;
        break;
    case 'B':
        screen->row = screen->row + count < SCREEN_ROWS ? screen->row + count : SCREEN_ROWS - 1;
        break;
    case 'C':
        screen->column += count;
        break;
    case 'D':
        screen->column -= count < screen->column ? count : screen->column;
        break;
    case 'G':
        screen->column = count - 1;
        break;
    case 'H':
        screen->row = screen->column = 0;
        break;
    case 'J':
        screen_clear(screen, screen->row, number == 2 ? 0 : screen->column, screen->columns);
        for (unsigned row = number == 2 ? 0 : screen->row + 1; row < SCREEN_ROWS; row++) {
            screen_clear(screen, row, 0, screen->columns);
        }
        break;
    case 'K':
        screen_clear(screen, screen->row, screen->column, screen->columns);
        break;
    case '@':
    case 'P':
        screen_shift(screen, count, letter == '@');
        break;
    default: // colours and modes
        break;
    }
}

// Reads what follows an ESC; returns where it ends.
static inline const char *screen_escape(struct screen *screen, const char *at, const char *end) {
    unsigned number = 0;
    if (at < end && *at != '[') {
        return at + (*at == '(' ? 2 : 1);
    }
    for (at++; at < end && ((unsigned char)*at < '@'); at++) {
        number = *at >= '0' && *at <= '9' ? number * 10 + (unsigned)(*at - '0') : 0;
    }
    if (at < end) {
        screen_control(screen, *at, number);
    }
    return at + 1;
}

static inline void screen_write(struct screen *screen, const char *at, size_t size) {
    for (const char *end = at + size; at < end;) {
        unsigned char byte = (unsigned char)*at++;
        if (byte == '\033') {
            at = screen_escape(screen, at, end);
        } else if (byte == '\r') {
            screen->column = 0;
        } else if (byte == '\n') {
            screen_line_feed(screen);
        } else if (byte == '\b') {
            screen->column -= screen->column > 0;
        } else if (byte >= 32) {
            size_t length = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
            screen_put(screen, at - 1, length);
            at += length - 1;
        }
    }
}

// A row as text without the blanks at its end, valid until the next call.
static inline const char *screen_row(struct screen *screen, unsigned row) {
    size_t size = 0;
    size_t last = 0;
    for (unsigned column = 0; column < screen->columns; column++) {
        const char *cell = screen->cells[row][column];
        size_t length = cell[0] == '\0' ? 1 : strlen(cell);
        memcpy(screen->line + size, cell[0] == '\0' ? " " : cell, length);
        size += length;
        last = cell[0] != '\0' && cell[0] != ' ' ? size : last;
    }
    screen->line[last] = '\0';
    return screen->line;
}

static inline void screen_print(struct screen *screen) {
    for (unsigned row = 0; row < SCREEN_ROWS; row++) {
        (void)fprintf(stderr, "|%s\n", screen_row(screen, row));
    }
    (void)fprintf(stderr, "cursor at %u, %u\n", screen->row, screen->column);
}

#endif
