// Connection requests at the line door whose credentials are still being checked: the parts of a
// creq that are needed to answer it. A device has at most one. How many there may be is up to
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
    // Its pre-key or its public key, whichever the suite needs, and the user of its credentials;
    // behind this struct.
    struct bytes key;
    struct bytes user;
};

struct line_logins {
    struct memory *memory;
    struct line_login *first;
};

void line_logins_init(struct line_logins *logins, struct memory *memory);
// How much memory it takes to keep it, including the copy of its credentials.
size_t line_logins_cost(const struct line_login *login);
// Keeps a copy. The device must not have one yet. Until it is removed, the copy of its
// credentials is charged to the memory account.
void line_logins_add(struct line_logins *logins, const struct line_login *login);
// NULL: there is none.
struct line_login *line_logins_find(const struct line_logins *logins, uint32_t address);
struct line_login *line_logins_numbered(const struct line_logins *logins, uint64_t number);
void line_logins_remove(struct line_logins *logins, struct line_login *login);

#endif
