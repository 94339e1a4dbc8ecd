// The page (docs/web.md) that a program shows of itself with --web: the program `watch` beside it,
// started as a process of its own, over the network and the tap of the program. So whatever the
// page costs, or goes wrong in it, is not the program's.
//
// The process ends with the one that started it.
#ifndef SHELL_LIVE_PAGE_H
#define SHELL_LIVE_PAGE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/bytes.h"

#define LIVE_PAGE_FILES_MAX 28

struct live_page {
    pid_t process;      // 0: none
    int control;        // a socket on which the page gives commands (struct run_options); 0: none
    char tap[PATH_MAX]; // a temporary one; empty: none
    const char *made[LIVE_PAGE_FILES_MAX]; // networks that were not there; of the options
    size_t made_count;
};

struct live_page_options {
    const char *program;      // "broker", for messages
    const char *place;        // [HOST:]PORT; NULL: there is no page
    const char *network;      // its file, which is made if it is not there; NULL: none
    const char *const *files; // what it shows besides: captures (.pcapng), and networks, as above
    size_t file_count;
    // Where the program's tap is; set to a temporary one if it points at NULL. NULL: there is none.
    const char **tap;
    bool control; // the page has the levers of the program
};

// Starts it, waits until it serves, and prints the link to standard error. To be called before
// there are threads. False: a message was printed.
bool live_page_start(struct live_page *page, const struct live_page_options *options);

// Ends it, and removes a temporary tap, and networks that it made and nobody used.
void live_page_end(struct live_page *page);

// The program of this name beside the one that runs, installed or not.
bool live_page_find_program(struct bytes name, char path[static PATH_MAX]);

#endif
