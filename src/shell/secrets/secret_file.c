#include "shell/secrets/secret_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "shell/printable.h"

// What is no file (a pipe) nobody else can open.
static bool is_private(const struct stat *status, char why[static SECRET_FILE_WHY_SIZE]) {
    mode_t open = status->st_mode & (S_IROTH | S_IWOTH);
    if (!S_ISREG(status->st_mode) || open == 0) {
        return true;
    }
    (void)snprintf(why, SECRET_FILE_WHY_SIZE,
                   "other users can %s it; keep them out with chmod o-rw",
                   (open & S_IWOTH) == 0   ? "read"
                   : (open & S_IROTH) == 0 ? "change"
                                           : "read and change");
    return false;
}

FILE *secret_file_open(const char *path, char why[static SECRET_FILE_WHY_SIZE]) {
    struct stat status;
    FILE *file = fopen(path, "re");
    if (file == NULL || fstat(fileno(file), &status) != 0) {
        (void)snprintf(why, SECRET_FILE_WHY_SIZE, "%s", strerror(errno));
    } else if (is_private(&status, why)) {
        return file;
    } else {
        errno = EPERM;
    }
    int reason = errno;
    if (file != NULL) {
        (void)fclose(file);
    }
    errno = reason;
    return NULL;
}

bool secret_file_is_private(const char *what, const char *path) {
    struct stat status;
    char why[SECRET_FILE_WHY_SIZE];
    if (stat(path, &status) != 0 || is_private(&status, why)) {
        return true;
    }
    printable_complain("%s %s: %s\n", what, path, why);
    return false;
}
