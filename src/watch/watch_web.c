#include "watch/watch_web.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "medium/http/http_server.h"
#include "shell/clock.h"
#include "shell/printable.h"
#include "web/web_server.h"

#define PLACE_SIZE 300
#define SECOND UINT64_C(1000000000)
#define WAKE_NS UINT64_C(30000000)

// What `watch --web` has beside the view: the spool that items are kept in, the server that shows
// them, whom it serves. Pages are woken at most once in WAKE_NS.
struct watch_web {
    char place[PLACE_SIZE];
    struct tokens *tokens;
    struct tokens *made; // for the levers, if no token was given
    struct web_control *control;
    struct web_spool *spool;
    struct web_server *server;
    bool has_more;   // since pages were woken
    uint64_t woken;  // steady
    uint64_t ticked; // likewise
};

static const char *temporary_folder(void) {
    const char *folder = getenv("TMPDIR");
    return folder != NULL && folder[0] != '\0' ? folder : "/tmp";
}

static bool open_spool(struct watch_web *web, uint64_t keep_bytes) {
    web->spool = web_spool_open(temporary_folder(), keep_bytes);
    if (web->spool == NULL) {
        printable_complain("watch: --web: there is no room for what the page can go back to: %s: "
                           "%s; set TMPDIR to another folder\n",
                           temporary_folder(), strerror(errno));
    }
    return web->spool != NULL;
}

// Without a token of the user's the levers have one of their own, which stands in the link.
static bool open_control(struct watch_web *web, const char *where, char token[TOKEN_MADE_SIZE]) {
    struct http_error error;
    if (where == NULL) {
        return true;
    }
    if (web->tokens == NULL) {
        web->made = tokens_make(token);
    }
    web->control = web_control_open(where, &error);
    if (web->control == NULL) {
        printable_complain("watch: --control %s\n", error.text);
    }
    return web->control != NULL;
}

static bool open_server(struct watch_web *web, const struct watch_web_options *options) {
    char link[WEB_LINK_SIZE];
    char token[TOKEN_MADE_SIZE] = "TOKEN";
    struct http_error error;
    if (!open_control(web, options->control, token)) {
        return false;
    }
    const struct web_server_options server = {.where = web->place,
                                              .tokens = web->tokens,
                                              .spool = web->spool,
                                              .control = web->control,
                                              .control_tokens =
                                                  web->made != NULL ? web->made : web->tokens,
                                              .files = options->files,
                                              .file_count = options->file_count};
    web->server = web_server_open(&server, link, &error);
    if (web->server == NULL) {
        printable_complain("watch: --web: %s\n", error.text);
        return false;
    }
    bool asks = web->tokens != NULL || web->made != NULL;
    (void)printf("the page is at %s%s%s\n", link, asks ? "#token=" : "", asks ? token : "");
    (void)fflush(stdout);
    return true;
}

struct watch_web *watch_web_open(const struct watch_web_options *options) {
    struct watch_web *web = calloc(1, sizeof *web);
    ASSERT_MESSAGE(web != NULL, "out of memory");
    bool has_host = strchr(options->where, ':') != NULL;
    (void)snprintf(web->place, sizeof web->place, "%s%s",
                   has_host ? "" : "127.0.0.1:", options->where);
    if (options->token_file != NULL) {
        web->tokens = tokens_load("watch: --token-file", options->token_file);
    }
    bool has_tokens = options->token_file == NULL || web->tokens != NULL;
    if (!has_tokens || !open_spool(web, options->keep_bytes) || !open_server(web, options)) {
        watch_web_close(web);
        return NULL;
    }
    return web;
}

void watch_web_close(struct watch_web *web) {
    if (web != NULL) {
        if (web->server != NULL) {
            web_server_close(web->server);
        } else if (web->control != NULL) {
            web_control_stop(web->control);
        }
        web_control_close(web->control);
        web_spool_close(web->spool);
        tokens_free(web->tokens);
        tokens_free(web->made);
        free(web);
    }
}

// Pages get what was put, but not again and again within a moment that nobody sees.
static void wake(struct watch_web *web, uint64_t now) {
    if (web->has_more && now - web->woken >= WAKE_NS) {
        web->has_more = false;
        web->woken = now;
        web_server_wake(web->server);
    }
}

bool watch_web_put(struct watch_web *web, struct bytes lines) {
    uint64_t from = web_spool_next(web->spool);
    if (!web_spool_append(web->spool, lines)) {
        printable_complain("watch: --web: what the page can go back to cannot be kept in %s: %s; "
                           "set TMPDIR to another folder, or --web-keep to less\n",
                           temporary_folder(), strerror(errno));
        return false;
    }
    web_server_note(web->server, from, lines);
    web->has_more = true;
    wake(web, clock_steady());
    return true;
}

uint64_t watch_web_rest(struct watch_web *web) {
    uint64_t now = clock_steady();
    web_server_set_read(web->server, true);
    wake(web, now);
    if (now - web->ticked >= SECOND) {
        web->ticked = now;
        web_server_tick(web->server);
    }
    return web->has_more ? web->woken + WAKE_NS - now : web->ticked + SECOND - now;
}
