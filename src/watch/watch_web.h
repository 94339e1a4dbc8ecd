// The page that the program watch serves (web/web_server.h): what it shows, where, and who may
// look.
#ifndef WATCH_WATCH_WEB_H
#define WATCH_WATCH_WEB_H

#include "base/bytes.h"

struct watch_web;

struct watch_web_options {
    const char *where;      // HOST:PORT, or PORT of this machine
    const char *token_file; // NULL: none
    const char *control;    // where its levers lead to (web/web_control.h); NULL: it has none
    uint64_t keep_bytes;    // of the disk (web/web_spool.h)
    const char *const *files;
    size_t file_count;
};

// Prints the link. NULL: a message was printed. The options' texts are borrowed until close.
struct watch_web *watch_web_open(const struct watch_web_options *options);
void watch_web_close(struct watch_web *web); // NULL is allowed

// Shows lines of JSON. False: a message was printed, and the page cannot go on.
__attribute__((warn_unused_result)) bool watch_web_put(struct watch_web *web, struct bytes lines);

// To be called when the files are read to their end, before waiting for more; returns for how many
// nanoseconds at most.
uint64_t watch_web_rest(struct watch_web *web);

#endif
