#include "role/broker/line_logins.h"

#include "base/assert.h"

#define CHECK_COST 256 // of a check that waits, beside the credentials

static size_t size_of(const struct line_login *login) {
    return sizeof *login + login->key.size + login->user.size;
}

void line_logins_init(struct line_logins *logins, struct memory *memory) {
    *logins = (struct line_logins){.memory = memory};
}

static size_t check_cost(const struct line_login *login) {
    return login->credentials_bytes + CHECK_COST;
}

size_t line_logins_cost(const struct line_login *login) {
    return size_of(login) + MEMORY_BLOCK_COST + check_cost(login);
}

void line_logins_add(struct line_logins *logins, const struct line_login *login) {
    ASSERT(line_logins_find(logins, login->address) == NULL);
    memory_charge(logins->memory, check_cost(login));
    struct line_login *copy = memory_allocate(logins->memory, size_of(login));
    uint8_t *key = (uint8_t *)(copy + 1);
    *copy = *login;
    if (login->key.size > 0) {
        memcpy(key, login->key.data, login->key.size);
    }
    if (login->user.size > 0) {
        memcpy(key + login->key.size, login->user.data, login->user.size);
    }
    copy->key = bytes_make(key, login->key.size);
    copy->user = bytes_make(key + login->key.size, login->user.size);
    copy->next = logins->first;
    logins->first = copy;
}

struct line_login *line_logins_find(const struct line_logins *logins, uint32_t address) {
    struct line_login *login = logins->first;
    while (login != NULL && login->address != address) {
        login = login->next;
    }
    return login;
}

struct line_login *line_logins_numbered(const struct line_logins *logins, uint64_t number) {
    struct line_login *login = logins->first;
    while (login != NULL && login->number != number) {
        login = login->next;
    }
    return login;
}

void line_logins_remove(struct line_logins *logins, struct line_login *login) {
    struct line_login **at = &logins->first;
    while (*at != login) {
        at = &(*at)->next;
    }
    *at = login->next;
    memory_discharge(logins->memory, check_cost(login));
    memory_free(logins->memory, login, size_of(login));
}
