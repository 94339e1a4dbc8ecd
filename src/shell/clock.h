// The two clocks of a session. Roles live by the steady one, which never jumps; people and packets
// are shown the wall clock. So a clock that is set while sessions run changes what is displayed and
// nothing that is done.
#ifndef SHELL_CLOCK_H
#define SHELL_CLOCK_H

#include <stddef.h>
#include <stdint.h>

// Steady nanoseconds: since 1970 by the wall clock when the program first asked, so that times that
// outlive it mean something to the next one.
uint64_t clock_steady(void);

// UnixTime in whole seconds, now.
uint64_t clock_unix(void);

// The same in nanoseconds.
uint64_t clock_unix_nanoseconds(void);

// UnixTime of a steady moment.
uint64_t clock_unix_of(uint64_t steady);

#define CLOCK_TEXT_SIZE 24

// "12:00:27" if that was today by local time, else "2026-11-24 12:00:27".
void clock_text(uint64_t unix_time, char text[static CLOCK_TEXT_SIZE]);

#endif
