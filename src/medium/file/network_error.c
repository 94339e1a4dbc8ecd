#include "medium/file/network_error.h"

#include "medium/file/safe_file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

bool network_error_set(struct file_network_error *error, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}

static const char *advice(int reason) {
    switch (reason) {
    case ENOENT:
        return "create it, or name another with --network";
    case EACCES:
    case EPERM:
    case EROFS:
        return "choose a place where you may write with --network, or have its owner allow it";
    case ENOTDIR:
    case EISDIR:
    case ENAMETOOLONG:
        return "name a file in a folder with --network";
    case ELOOP:
    case EMEDIUMTYPE:
        return "remove it, or name the file itself";
    case ENOSPC:
    case EDQUOT:
        return "make room on the disk and try again";
    case EFBIG:
        return "raise the limit on file sizes (ulimit -f) or rotate earlier";
    case EMFILE:
    case ENFILE:
        return "raise the limit on open files (ulimit -n, fs.inotify.max_user_instances)";
    case ENOLCK:
    case EOPNOTSUPP:
        return "use a file system that has locks, such as a local disk";
    default:
        return "see to it and try again";
    }
}

bool network_error_set_errno(struct file_network_error *error, const char *path, const char *what) {
    int reason = errno;
    return network_error_set(error, "%s: %s: %s; %s", path, what, safe_file_reason(reason),
                             advice(reason));
}
