// Requests for connections at the line door that wait until their credentials are checked: what of
// a creq is needed to answer it then. A device has at most one; how many there may be is said by
// those who check.
//
// For the line door only.
#ifndef ROLE_BROKER_LINE_LOGINS_H
#define ROLE_BROKER_LINE_LOGINS_H

#include "base/memory.h"
#include "cipher/cipher.h"

struct line_login {
    struct line_login *next;
    uint64_t number; // never given out twice
    uint32_t address;
    bool names_suite;
    const struct cipher_suite *suite;
    size_t credentials_bytes; // of which a copy waits with those who check them
    // Its pre-key or its public key, whichever the suite needs; behind this struct.
    struct bytes key;
};

struct line_logins {
    struct memory *memory;
    struct line_login *first;
};

void line_logins_init(struct line_logins *logins, struct memory *memory);
// What keeping it takes of memory, the copy of its credentials included.
size_t line_logins_cost(const struct line_login *login);
// A copy. There must be none of that device. The copy of its credentials is charged to the memory's
// account for as long.
void line_logins_add(struct line_logins *logins, const struct line_login *login);
// NULL: there is none.
struct line_login *line_logins_find(const struct line_logins *logins, uint32_t address);
struct line_login *line_logins_numbered(const struct line_logins *logins, uint64_t number);
void line_logins_remove(struct line_logins *logins, struct line_login *login);

#endif
