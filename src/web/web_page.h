// The files that the page consists of, as they stand in src/web/page, put into the program when it
// is built. Nothing is fetched from elsewhere.
#ifndef WEB_WEB_PAGE_H
#define WEB_WEB_PAGE_H

#include <stdbool.h>

#include "base/bytes.h"

struct web_page_file {
    const char *type; // its media type
    struct bytes content;
};

// The file that is asked for by this path ("/web.css"); false: there is none.
bool web_page_find(const char *path, struct web_page_file *file);

#endif
