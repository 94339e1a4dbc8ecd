#include "session/verdicts.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

struct check {
    struct check *next;
    struct mqtt_connection *connection;
    uint64_t number;
    size_t user_bytes;
    size_t password_bytes;
    uint8_t texts[]; // user and password
};

struct verdicts {
    const struct passwords *passwords;
    verdicts_found *found;
    void *context;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t added;
    struct check *first;
    struct check *last;
    unsigned waiting;
    bool ends;
};

static void free_check(struct check *check) {
    sodium_memzero(check->texts, check->user_bytes + check->password_bytes);
    free(check);
}

// NULL: it is to end.
static struct check *take(struct verdicts *verdicts) {
    pthread_mutex_lock(&verdicts->lock);
    while (verdicts->first == NULL && !verdicts->ends) {
        pthread_cond_wait(&verdicts->added, &verdicts->lock);
    }
    struct check *check = verdicts->ends ? NULL : verdicts->first;
    if (check != NULL) {
        verdicts->first = check->next;
        verdicts->waiting--;
    }
    pthread_mutex_unlock(&verdicts->lock);
    return check;
}

static void *run(void *context) {
    struct verdicts *verdicts = context;
    for (struct check *check; (check = take(verdicts)) != NULL;) {
        struct bytes user = bytes_make(check->texts, check->user_bytes);
        struct bytes password = bytes_make(check->texts + check->user_bytes, check->password_bytes);
        bool is_good = passwords_check_user(verdicts->passwords, user, password);
        verdicts->found(verdicts->context, check->connection, check->number, is_good);
        free_check(check);
    }
    return NULL;
}

struct verdicts *verdicts_create(const struct passwords *passwords, verdicts_found *found,
                                 void *context) {
    struct verdicts *verdicts = calloc(1, sizeof *verdicts);
    if (verdicts == NULL) {
        return NULL;
    }
    verdicts->passwords = passwords;
    verdicts->found = found;
    verdicts->context = context;
    pthread_mutex_init(&verdicts->lock, NULL);
    pthread_cond_init(&verdicts->added, NULL);
    if (pthread_create(&verdicts->thread, NULL, run, verdicts) != 0) {
        free(verdicts);
        return NULL;
    }
    return verdicts;
}

void verdicts_destroy(struct verdicts *verdicts) {
    pthread_mutex_lock(&verdicts->lock);
    verdicts->ends = true;
    pthread_cond_signal(&verdicts->added);
    pthread_mutex_unlock(&verdicts->lock);
    pthread_join(verdicts->thread, NULL);
    for (struct check *check; (check = verdicts->first) != NULL;) {
        verdicts->first = check->next;
        free_check(check);
    }
    pthread_cond_destroy(&verdicts->added);
    pthread_mutex_destroy(&verdicts->lock);
    free(verdicts);
}

static struct check *make_check(const struct mqtt_credentials *credentials) {
    struct bytes user = credentials->user_name;
    struct bytes password = credentials->password;
    struct check *check = malloc(sizeof *check + user.size + password.size);
    if (check != NULL) {
        *check = (struct check){.connection = credentials->connection,
                                .number = credentials->number,
                                .user_bytes = user.size,
                                .password_bytes = password.size};
        if (user.size > 0) {
            memcpy(check->texts, user.data, user.size);
        }
        if (password.size > 0) {
            memcpy(check->texts + user.size, password.data, password.size);
        }
    }
    return check;
}

bool verdicts_ask(struct verdicts *verdicts, const struct mqtt_credentials *credentials) {
    struct check *check = make_check(credentials);
    if (check == NULL) {
        return false;
    }
    pthread_mutex_lock(&verdicts->lock);
    bool has_room = verdicts->waiting < VERDICTS_WAITING_MAX;
    if (has_room) {
        if (verdicts->first == NULL) {
            verdicts->first = check;
        } else {
            verdicts->last->next = check;
        }
        verdicts->last = check;
        verdicts->waiting++;
        pthread_cond_signal(&verdicts->added);
    }
    pthread_mutex_unlock(&verdicts->lock);
    if (!has_room) {
        free_check(check);
    }
    return has_room;
}
