// The commands that change a password file (shell/secrets/passwords.h): a user is added, given
// another password, or taken out. All other lines, comments too, stay as they are.
//
// The file is written anew beside the old one and put in its place, so a broker reads one or the
// other, and a full disk leaves the old one. It keeps its owner and its rights; a new one can be
// read by its owner only. Two commands at the same time: one of the changes may be lost.
#ifndef SESSION_BROKER_USERS_USER_FILE_H
#define SESSION_BROKER_USERS_USER_FILE_H

#include "shell/secrets/passwords.h"

// The password is asked for twice on a terminal, else it is the first line of standard input.
// Returns an exit code after a message.
int user_file_add(const char *path, const char *user, enum passwords_format form);
// PROGRAM_FAILED if there is no such user.
int user_file_delete(const char *path, const char *user);

#endif
