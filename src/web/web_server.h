// The live page: serves its files (web/web_page.h), the items of a spool (web/web_spool.h) as they
// come, by server-sent events, and older ones when they are asked for.
//
//   GET /               the page; /web.css, /*.js, /statements.tsv belong to it
//   GET /about          {"first","next","read","files","control","counts"}: how many items of each
//   type
//                       there were, in all
//   GET /events?from=N  items from N on, then as they come; each event holds whole items, a line of
//                       JSON each, and its id is the number behind its last one, so that a page
//                       that was cut off goes on where it was (Last-Event-ID). An event `skipped`
//                       {"from","to"} tells which items were left out.
//   GET /items?from=N&count=M   lines of JSON, at most WEB_ITEMS_MAX or WEB_ITEMS_BYTES; what is
//                       gone already is left out, and the header Item names the first that is sent
//   GET /fields?item=N  the bytes of an item, field by field (web/web_fields.h)
//   GET /fault?from=N&back   the next item from N on (or before N) that a fault hit: {"item"}
//   GET /arrivals?before=N   the items before N by which devices of a network came and left, as
//                       /items: who was there then, and what they are called
//   GET /control        how the levers of the program stand that the page shows, if it has them
//   POST /control       pulls one first: the body is the command (web/web_control.h)
//
// A page is read from the spool as it takes it: a slow one holds nobody up and makes nothing
// gather. One that is more than WEB_LAG_MAX items behind what is there is moved to the last
// WEB_LAG_KEEP of them.
//
// Who may ask: the host that a request names is this machine, or, with tokens, any; a request from
// a page (Origin) comes from this one. With tokens all but the page's own files, which hold nothing
// that was seen, asks for one: `Authorization: Bearer TOKEN`, or `token` in the query, since
// EventSource cannot send headers.
//
// The levers always ask for a token, in the header only: what a page of somebody else sends cannot
// have it, whatever its browser adds.
//
// Limits: WEB_PAGES_MAX connections; for each page an event of at most WEB_EVENT_BYTES, or one
// item.
//
// Threads: the server has its own (medium/http/http_server.h). All functions may be called from
// one other.
#ifndef WEB_WEB_SERVER_H
#define WEB_WEB_SERVER_H

#include "shell/secrets/tokens.h"
#include "web/web_control.h"
#include "web/web_spool.h"

#define WEB_PAGES_MAX 64
#define WEB_EVENT_BYTES (64u << 10)
#define WEB_EVENT_ITEMS 1000
#define WEB_ITEMS_MAX 10000
#define WEB_ITEMS_BYTES (4u << 20)
#define WEB_LAG_MAX 50000
#define WEB_LAG_KEEP 5000
#define WEB_FAULTS_MAX 100000 // places of faults that are remembered, the latest
#define WEB_ARRIVALS_MAX 1000 // likewise, of arrivals and departures
#define WEB_LINK_SIZE 128

struct web_server;
struct http_error;

struct web_server_options {
    const char *where;           // HOST:PORT; port 0: any that is free
    const struct tokens *tokens; // NULL: none; then only this machine may listen
    struct web_spool *spool;
    struct web_control *control;         // NULL: the page has no levers
    const struct tokens *control_tokens; // who may pull them
    const char *const *files;            // their names, for the page's title
    size_t file_count;
};

// NULL and *error if it cannot listen there. `link` is set to what to open in a browser. The
// options are borrowed until close.
struct web_server *web_server_open(const struct web_server_options *options,
                                   char link[static WEB_LINK_SIZE], struct http_error *error);
void web_server_close(struct web_server *server);

// Items were appended, from this number on; they are counted, and those that a fault hit are noted.
void web_server_note(struct web_server *server, uint64_t from, struct bytes lines);

// Pages that wait get what was appended. It costs something for each page, so not for each item.
void web_server_wake(struct web_server *server);

// Whether the files are read to their end.
void web_server_set_read(struct web_server *server, bool is_read);

// To be called about once a second.
void web_server_tick(struct web_server *server);

#endif
