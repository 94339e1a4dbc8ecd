// The levers of the program that a page shows, in the hands of the page: what it asks is passed on,
// and the program's answer given back, as it is.
//
// The program is at the other end of a socket that it handed over when it started us
// (shell/live_page.h), and is asked line by line; or it is a proxy with an HTTP API
// (docs/proxy-api.md, /levers).
//
// Limits: a line of WEB_CONTROL_LINE_MAX bytes, an answer of WEB_CONTROL_ANSWER_MAX. A program that
// has not answered after WEB_CONTROL_SECONDS is told to be silent; one that was asked by a socket
// is not asked again then, for its answers could no longer be told apart.
//
// Threads: one of its own asks, one request after the other, so that no page waits for another's
// lever. All functions may be called from any.
#ifndef WEB_WEB_CONTROL_H
#define WEB_WEB_CONTROL_H

#include "medium/http/http_server.h"

#define WEB_CONTROL_LINE_MAX 2048
#define WEB_CONTROL_ANSWER_MAX (4u << 20)
#define WEB_CONTROL_SECONDS 10

struct web_control;

// `where`: fd:N, or http://HOST:PORT of an API. NULL and *error if it is neither.
struct web_control *web_control_open(const char *where, struct http_error *error);

// Takes a request whose body is the line, or nothing to look only, and answers it by and by.
void web_control_ask(struct web_control *control, struct http_exchange *exchange);

// From then on nothing is passed on, and no request is suspended here.
void web_control_stop(struct web_control *control);
// Once it was stopped. NULL is allowed.
void web_control_close(struct web_control *control);

#endif
