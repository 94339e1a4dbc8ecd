#include "shell/machine/open_files.h"

#include <sys/resource.h>

uint64_t open_files_raise(uint64_t wanted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return wanted; // who opens too many is told so
    }
    if (limit.rlim_cur >= wanted) {
        return limit.rlim_cur;
    }
    struct rlimit more = {wanted, limit.rlim_max > wanted ? limit.rlim_max : wanted};
    if (setrlimit(RLIMIT_NOFILE, &more) != 0) { // only root may raise the hard limit
        more = (struct rlimit){limit.rlim_max, limit.rlim_max};
        (void)setrlimit(RLIMIT_NOFILE, &more);
    }
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : wanted;
}
