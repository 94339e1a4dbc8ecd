#include "session/broker/users/user_file.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "shell/printable.h"
#include "shell/program_exit.h"

#define LINE_MAX_BYTES 65536 // of a password that is typed, with its end

// A file on its way to another content.
#define OTHERS_KEPT_OUT 07771

struct rewriting {
    const char *named;    // as the user calls it
    char path[PATH_MAX];  // what its links lead to
    char fresh[PATH_MAX]; // the new one, beside it
    FILE *in;             // NULL: there was none
    FILE *out;
    bool found; // the user
};

static void complain_of(const char *path, const char *what) {
    printable_complain("broker: --password-file %s: %s\n", path, what);
}

static bool open_fresh(struct rewriting *file) {
    struct stat status;
    if (realpath(file->named, file->path) == NULL) {
        (void)snprintf(file->path, sizeof file->path, "%s", file->named);
    }
    if ((size_t)snprintf(file->fresh, sizeof file->fresh, "%s.XXXXXX", file->path) >=
        sizeof file->fresh) {
        errno = ENAMETOOLONG;
        return false;
    }
    int fd = mkstemp(file->fresh);
    if (fd < 0) {
        return false;
    }
    file->out = fdopen(fd, "w");
    // Where root changes the file of another user, it stays that user's. The broker reads none that
    // others can read.
    return file->out != NULL &&
           (file->in == NULL || (fstat(fileno(file->in), &status) == 0 &&
                                 fchown(fd, status.st_uid, status.st_gid) == 0 &&
                                 fchmod(fd, status.st_mode & OTHERS_KEPT_OUT) == 0));
}

// False with errno set.
static bool open_both(struct rewriting *file, bool may_be_new) {
    file->in = fopen(file->named, "re");
    if (file->in == NULL && !(may_be_new && errno == ENOENT)) {
        return false;
    }
    return open_fresh(file);
}

static bool is_line_of(const char *line, const char *user) {
    size_t size = strlen(user);
    return strncmp(line, user, size) == 0 && line[size] == ':';
}

// `entry` takes the place of the user's first line, or stands behind all others; NULL: none does.
static void copy_lines(struct rewriting *file, const char *user, const char *entry) {
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    while (file->in != NULL && (size = getline(&line, &room, file->in)) > 0) {
        bool is_users = is_line_of(line, user);
        if (!is_users) {
            (void)fprintf(file->out, "%s%s", line, line[size - 1] == '\n' ? "" : "\n");
        } else if (!file->found && entry != NULL) {
            (void)fprintf(file->out, "%s:%s\n", user, entry);
        }
        file->found = file->found || is_users;
    }
    if (!file->found && entry != NULL) {
        (void)fprintf(file->out, "%s:%s\n", user, entry);
    }
    if (line != NULL) {
        sodium_memzero(line, room);
        free(line);
    }
}

// Puts the new file in the place of the old one. False with errno set.
static bool finish(struct rewriting *file) {
    bool is_written = (file->in == NULL || ferror(file->in) == 0) && fflush(file->out) == 0 &&
                      ferror(file->out) == 0 && fsync(fileno(file->out)) == 0;
    return is_written && rename(file->fresh, file->path) == 0;
}

// The old file stays. errno stays too.
static void give_up(const struct rewriting *file) {
    int error = errno;
    if (file->out != NULL) {
        (void)unlink(file->fresh);
    }
    errno = error;
}

static void close_both(const struct rewriting *file) {
    if (file->in != NULL) {
        (void)fclose(file->in);
    }
    if (file->out != NULL) {
        (void)fclose(file->out);
    }
}

// An exit code; whether the user was there is found out.
static int change(const char *path, const char *user, const char *entry, bool *found) {
    struct rewriting file = {.named = path};
    int code = PROGRAM_OK;
    if (!open_both(&file, entry != NULL)) {
        code = PROGRAM_UNUSABLE;
    } else {
        copy_lines(&file, user, entry);
        if (!file.found && entry == NULL) {
            code = PROGRAM_FAILED;
        } else if (!finish(&file)) {
            code = PROGRAM_UNUSABLE;
        }
    }
    if (code != PROGRAM_OK) {
        give_up(&file);
    }
    if (code == PROGRAM_UNUSABLE) {
        complain_of(path, strerror(errno));
    }
    close_both(&file);
    *found = file.found;
    return code;
}

// ---- the password ---------------------------------------------------------------------------

// One line of standard input without its end; false: there is none, or it is too long.
static bool read_line(char line[static LINE_MAX_BYTES]) {
    if (fgets(line, LINE_MAX_BYTES, stdin) == NULL || strlen(line) + 1 == LINE_MAX_BYTES) {
        return false;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return true;
}

static bool ask(const char *what, const char *user, char line[static LINE_MAX_BYTES]) {
    printable_complain("%s for %s:\n", what, user);
    return read_line(line);
}

// With the terminal's echo off.
static bool ask_twice(const char *user, char password[static LINE_MAX_BYTES]) {
    static char again[LINE_MAX_BYTES];
    struct termios before;
    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        return false;
    }
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    bool is_typed = ask("password", user, password) && ask("the same password again", user, again);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    bool is_same = is_typed && strcmp(password, again) == 0;
    sodium_memzero(again, sizeof again);
    if (is_typed && !is_same) {
        printable_complain("broker: the two passwords are not the same; nothing was changed\n");
    }
    return is_same;
}

static bool get_password(const char *user, char password[static LINE_MAX_BYTES]) {
    if (isatty(STDIN_FILENO)) {
        return ask_twice(user, password);
    }
    bool is_there = read_line(password);
    if (!is_there) {
        printable_complain("broker: --add-user: standard input has no line with the password\n");
    }
    return is_there;
}

// ---- the commands ---------------------------------------------------------------------------

static bool check_user(const char *option, const char *user) {
    bool is_good = user[0] != '\0' && user[0] != '#' && strpbrk(user, ":\r\n") == NULL &&
                   strlen(user) <= UINT16_MAX;
    if (!is_good) {
        printable_complain("broker: %s: a user name has no colon and no line end, and does not "
                           "begin with #\n",
                           option);
    }
    return is_good;
}

int user_file_add(const char *path, const char *user, enum passwords_format form) {
    static char password[LINE_MAX_BYTES];
    char text[PASSWORDS_TEXT_SIZE];
    if (!check_user("--add-user", user)) {
        return PROGRAM_USAGE;
    }
    if (!get_password(user, password)) {
        return PROGRAM_FAILED;
    }
    bool is_hidden = passwords_hide(bytes_of_text(password), form, text);
    sodium_memzero(password, sizeof password);
    if (!is_hidden) {
        printable_complain("broker: too little memory to hash a password\n");
        return PROGRAM_UNUSABLE;
    }
    bool found;
    int code = change(path, user, text, &found);
    if (code == PROGRAM_OK) {
        printable_complain("%s: %s %s\n", path, user, found ? "has a new password" : "was added");
    }
    return code;
}

int user_file_delete(const char *path, const char *user) {
    bool found;
    if (!check_user("--delete-user", user)) {
        return PROGRAM_USAGE;
    }
    int code = change(path, user, NULL, &found);
    if (code == PROGRAM_OK) {
        printable_complain("%s: %s was taken out\n", path, user);
    } else if (code == PROGRAM_FAILED) {
        printable_complain("broker: --password-file %s: there is no user %s\n", path, user);
    }
    return code;
}
