#include "session/broker/users/user_book.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/assert.h"

// The passwords of one reading of the file. The book's own use of it counts as one.
struct edition {
    struct passwords *passwords;
    unsigned users;
};

struct user_book {
    pthread_mutex_t lock;
    struct edition *present;
    struct edition *before; // NULL, but between replacing and settling
};

static struct edition *make_edition(struct passwords *passwords) {
    struct edition *edition = malloc(sizeof *edition);
    ASSERT_MESSAGE(edition != NULL, "out of memory");
    *edition = (struct edition){passwords, 1};
    return edition;
}

static struct edition *take(struct user_book *book) {
    pthread_mutex_lock(&book->lock);
    struct edition *edition = book->present;
    edition->users++;
    pthread_mutex_unlock(&book->lock);
    return edition;
}

// Whether it is still the present one.
static bool give_back(struct user_book *book, struct edition *edition) {
    pthread_mutex_lock(&book->lock);
    bool is_present = edition == book->present;
    bool is_last = --edition->users == 0;
    pthread_mutex_unlock(&book->lock);
    if (is_last) {
        passwords_free(edition->passwords);
        free(edition);
    }
    return is_present;
}

struct user_book *user_book_create(struct passwords *passwords) {
    struct user_book *book = calloc(1, sizeof *book);
    if (book != NULL) {
        pthread_mutex_init(&book->lock, NULL);
        book->present = make_edition(passwords);
    }
    return book;
}

void user_book_destroy(struct user_book *book) {
    if (book != NULL) {
        user_book_settle(book);
        ASSERT(book->present->users == 1);
        (void)give_back(book, book->present);
        pthread_mutex_destroy(&book->lock);
        free(book);
    }
}

// A check takes long enough for the file to be read again meanwhile.
bool user_book_check(struct user_book *book, struct bytes user, struct bytes password) {
    bool is_good;
    bool is_present;
    do {
        struct edition *edition = take(book);
        is_good = passwords_check_user(edition->passwords, user, password);
        is_present = give_back(book, edition);
    } while (is_good && !is_present);
    return is_good;
}

bool user_book_scram(void *context, struct bytes user, struct scram_verifier *verifier) {
    struct user_book *book = context;
    struct edition *edition = take(book);
    bool is_found = passwords_scram(edition->passwords, user, verifier);
    (void)give_back(book, edition);
    return is_found;
}

void user_book_replace(struct user_book *book, struct passwords *passwords) {
    user_book_settle(book);
    pthread_mutex_lock(&book->lock);
    book->before = book->present;
    book->present = make_edition(passwords);
    pthread_mutex_unlock(&book->lock);
}

bool user_book_is_as_before(struct user_book *book, struct bytes user) {
    ASSERT(book->before != NULL);
    return passwords_are_equal(book->before->passwords, book->present->passwords, user);
}

void user_book_settle(struct user_book *book) {
    if (book->before != NULL) {
        (void)give_back(book, book->before);
        book->before = NULL;
    }
}
