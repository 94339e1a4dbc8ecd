// Watches what SQLite has synced, so that a test can see what a loss of power would leave.
#ifndef TEST_STORE_POWER_H
#define TEST_STORE_POWER_H

#include <stdint.h>

// Databases that are opened from now on are watched. Beside each of their files lies a copy, made
// when the file was last synced.
void power_watch(void);
void power_unwatch(void);

// Puts into `to` what a loss of power might have left of the files in `from`: of each, by chance,
// what was synced or what is there.
void power_cut(const char *from, const char *to, uint64_t *random);

#endif
