// Watches what SQLite has synced, so that a test can see what a loss of power would leave.
#ifndef TEST_STORE_POWER_H
#define TEST_STORE_POWER_H

#include <stdbool.h>
#include <stdint.h>

// Databases that are opened from now on are watched. Beside each of their files lies a copy, made
// when the file was last synced.
void power_watch(void);
void power_unwatch(void);

// From now on the disk takes nothing more, or something again. Any thread may call it.
void power_fill_disk(bool is);

// Puts into `to` what a loss of power might have left of the database `name` in `from`: of each of
// its files, by chance, what was synced or what is there.
void power_cut(const char *from, const char *to, const char *name, uint64_t *random);

#endif
