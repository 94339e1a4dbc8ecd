#include "shell/secrets/secret_file.h"

#include <sys/stat.h>

#include "shell/printable.h"

// A group is left alone: who sets one up chose it. What is no file (a pipe) nobody else can open.
static void warn(const char *what, const char *path, const struct stat *status) {
    if (S_ISREG(status->st_mode) && (status->st_mode & (S_IROTH | S_IWOTH)) != 0) {
        printable_complain("%s %s: warning: other users can %s it; chmod o-rw keeps them out\n",
                           what, path,
                           (status->st_mode & S_IWOTH) == 0   ? "read"
                           : (status->st_mode & S_IROTH) == 0 ? "change"
                                                              : "read and change");
    }
}

FILE *secret_file_open(const char *what, const char *path) {
    struct stat status;
    FILE *file = fopen(path, "re");
    if (file != NULL && fstat(fileno(file), &status) == 0) {
        warn(what, path, &status);
    }
    return file;
}

void secret_file_check(const char *what, const char *path) {
    struct stat status;
    if (stat(path, &status) == 0) {
        warn(what, path, &status);
    }
}
