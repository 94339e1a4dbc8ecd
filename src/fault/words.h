// The words that rules of faults are read with: a cursor over the text that remembers what could
// have stood where it could not go on, so that a mistake is answered with its place, what is
// allowed there and the nearest word.
//
// A reader never goes back behind what it has told to be wrong: the first mistake sticks.
#ifndef FAULT_WORDS_H
#define FAULT_WORDS_H

#include "base/bytes.h"

#define FAULT_EXPECTED_MAX 96
#define FAULT_ERROR_MAX 512

struct fault_error {
    unsigned column; // counted from 1, in bytes
    char
        text[FAULT_ERROR_MAX]; // for people, printable: the place, what it is, what may stand there
};

struct fault_expected {
    const char *text;
    bool is_word;   // a word to be typed as it is, so it may be what was meant
    bool is_listed; // named in a message; the words of a list are named by the list
};

struct fault_reader {
    struct bytes text;
    size_t at;
    bool has_failed;
    struct fault_error *error;
    size_t expected_at; // the furthest place where something was looked for
    unsigned expected_count;
    struct fault_expected expected[FAULT_EXPECTED_MAX];
};

void fault_reader_init(struct fault_reader *reader, struct bytes text, struct fault_error *error);

// Moves behind the blanks; whether nothing follows.
bool fault_reader_is_at_end(struct fault_reader *reader);

// Each of these takes what it is called after, or leaves the reader where it is, remembers what
// could have stood there and returns false.
bool fault_reader_word(struct fault_reader *reader, const char *word);
bool fault_reader_sign(struct fault_reader *reader, char sign);

// One of a list of words: its index; -1: none. `label` names the list ("a packet type").
typedef const char *fault_list(unsigned index); // NULL behind the last, "" for a gap
int fault_reader_one_of(struct fault_reader *reader, fault_list *list, const char *label);

// A number with up to six decimals, in millionths, of at most 10^12.
bool fault_reader_number(struct fault_reader *reader, uint64_t *millionths);
bool fault_reader_whole(struct fault_reader *reader, uint64_t *number);

// A name of up to `most` bytes, in double quotes or up to a blank. *is_quoted tells which.
bool fault_reader_name(struct fault_reader *reader, char *name, size_t most, bool *is_quoted);

// What was meant cannot be: says so. Returns false.
bool fault_reader_fail(struct fault_reader *reader, size_t at, const char *why);
// Nothing that could have stood here does: says what. Returns false.
bool fault_reader_fail_expecting(struct fault_reader *reader);

#endif
