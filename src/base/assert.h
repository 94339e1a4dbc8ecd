// Assertions that stay in release builds: they state what only a fault of our own could break. What
// comes from outside (a packet, a file, a user) never reaches one; it is answered with a value.
#ifndef BASE_ASSERT_H
#define BASE_ASSERT_H

// Prints the place and the message to standard error and aborts.
_Noreturn void assert_fail(const char *file, int line, const char *message);

#define ASSERT_MESSAGE(condition, message) \
    ((condition) ? (void)0 : assert_fail(__FILE__, __LINE__, message))
#define ASSERT(condition) ASSERT_MESSAGE(condition, "assertion failed: " #condition)

#endif
