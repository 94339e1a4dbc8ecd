// What several tests need. Include this first in every test: it brings cmocka with what it needs.
#ifndef TEST_SUPPORT_H
#define TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/memory.h"

// How often a test is to do something: a number in the environment, for longer runs, or else this.
unsigned support_setting(const char *name, unsigned preset);

// A fresh folder of the test's own; the caller removes it with support_remove_folder, which frees
// the name.
char *support_make_folder(void);
void support_remove_folder(char *folder);

// folder/name, to be freed by the caller.
char *support_path(const char *folder, const char *name);

// The file's content with a NUL behind it, to be freed by the caller; *size may be NULL. NULL if it
// cannot be read.
char *support_read_file(const char *path, size_t *size);
void support_write_file(const char *path, struct bytes content);

// A port of this machine that nobody listens at.
uint16_t support_free_port(void);

// Fails the test unless both are the same bytes; prints both when not.
#define assert_bytes_equal(actual, expected) \
    support_assert_bytes_equal((actual), (expected), __FILE__, __LINE__)
void support_assert_bytes_equal(struct bytes actual, struct bytes expected, const char *file,
                                int line);

// A small random stream for property tests; print the seed when a test fails.
uint64_t support_random(uint64_t *state);

#endif
