// The users of a broker (shell/secrets/passwords.h) while their file may be read again: whoever
// checks a password has a file that stays until the check is done, and a password that has just
// been replaced is not found right any more.
//
// Any thread may call any of these but create and destroy.
#ifndef SESSION_BROKER_USERS_USER_BOOK_H
#define SESSION_BROKER_USERS_USER_BOOK_H

#include "shell/secrets/passwords.h"

struct user_book;

// Takes the passwords over. NULL: there is no memory.
struct user_book *user_book_create(struct passwords *passwords);
void user_book_destroy(struct user_book *book);

bool user_book_check(struct user_book *book, struct bytes user, struct bytes password);
// As passwords_scram; `book` is a struct user_book.
bool user_book_scram(void *book, struct bytes user, struct scram_verifier *verifier);

// Puts these in the place of the old ones, which user_book_settle frees.
void user_book_replace(struct user_book *book, struct passwords *passwords);
// Whether the user has the same password as before the last user_book_replace. Only between it and
// user_book_settle.
bool user_book_is_as_before(struct user_book *book, struct bytes user);
void user_book_settle(struct user_book *book);

#endif
