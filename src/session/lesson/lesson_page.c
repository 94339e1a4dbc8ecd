#include "session/lesson/lesson_page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "shell/listing.h"

#define ASKED_MAX 4096

void lesson_page_init(struct lesson_page *page, struct memory *memory, int socket) {
    *page = (struct lesson_page){.socket = socket, .rows = json_array(), .awaits = ""};
    buffer_init(&page->asked, memory);
}

void lesson_page_deinit(struct lesson_page *page) {
    if (page->socket >= 0) {
        (void)close(page->socket);
    }
    buffer_deinit(&page->asked);
    json_decref(page->rows);
}

static void copy(char *out, size_t room, struct bytes text) {
    size_t size = text.size < room - 1 ? text.size : room - 1;
    memcpy(out, text.data, size);
    out[size] = '\0';
}

void lesson_page_begin(struct lesson_page *page, const char *lesson, struct bytes heading,
                       const char *count) {
    copy(page->lesson, sizeof page->lesson, bytes_of_text(lesson));
    copy(page->heading, sizeof page->heading, heading);
    copy(page->count, sizeof page->count, bytes_of_text(count));
    (void)json_array_clear(page->rows);
    page->serial++;
}

void lesson_page_add(struct lesson_page *page, const char *kind, const char *lead,
                     struct bytes text) {
    json_t *row = json_object();
    (void)json_object_set_new(row, "kind", json_string(kind));
    (void)json_object_set_new(row, "lead", json_string(lead));
    listing_set_bytes(row, "text", text);
    (void)json_array_append_new(page->rows, row);
    if (json_array_size(page->rows) > LESSON_PAGE_ROWS) {
        (void)json_array_remove(page->rows, 0);
    }
    page->serial++;
}

void lesson_page_await(struct lesson_page *page, const char *what) {
    page->awaits = what;
    page->serial++;
}

// ---- what the page asks -------------------------------------------------------------------------

static bool send_all(struct lesson_page *page, struct bytes text) {
    for (size_t done = 0; done < text.size;) {
        ssize_t size = send(page->socket, text.data + done, text.size - done, MSG_NOSIGNAL);
        if (size < 0 && errno != EINTR) {
            return false;
        }
        done += size > 0 ? (size_t)size : 0;
    }
    return true;
}

static bool answer(struct lesson_page *page) {
    struct buffer text;
    json_t *object = json_object();
    listing_set_bytes(object, "lesson", bytes_of_text(page->lesson));
    listing_set_bytes(object, "heading", bytes_of_text(page->heading));
    (void)json_object_set_new(object, "count", json_string(page->count));
    (void)json_object_set(object, "rows", page->rows);
    (void)json_object_set_new(object, "awaits", json_string(page->awaits));
    (void)json_object_set_new(object, "serial", json_integer((json_int_t)page->serial));
    buffer_init(&text, page->asked.memory);
    listing_append_object(object, &text);
    bool is_sent = send_all(page, buffer_bytes(&text));
    buffer_deinit(&text);
    return is_sent;
}

static void take_typed(struct lesson_page *page, struct bytes line) {
    bool is_typed = line.size > 0 && line.data[0] == '>';
    if (is_typed && page->awaits[0] != '\0' && line.size <= LESSON_TYPED_MAX) {
        copy(page->typed, sizeof page->typed, bytes_make(line.data + 1, line.size - 1));
        page->has_typed = true;
        lesson_page_await(page, "");
    }
}

static void leave(struct lesson_page *page) {
    (void)close(page->socket);
    page->socket = -1;
}

void lesson_page_serve(struct lesson_page *page) {
    ssize_t got = recv(page->socket, buffer_reserve(&page->asked, ASKED_MAX), ASKED_MAX, 0);
    if (got <= 0 || page->asked.size > ASKED_MAX) {
        leave(page);
        return;
    }
    page->asked.size += (size_t)got;
    const uint8_t *end;
    while (page->socket >= 0 && (end = memchr(page->asked.data, '\n', page->asked.size)) != NULL) {
        size_t size = (size_t)(end - page->asked.data);
        take_typed(page, bytes_make(page->asked.data, size));
        page->asked.size -= size + 1;
        memmove(page->asked.data, end + 1, page->asked.size);
        if (!answer(page)) {
            leave(page);
        }
    }
}

bool lesson_page_take(struct lesson_page *page, char text[static LESSON_TYPED_MAX]) {
    bool has_typed = page->has_typed;
    if (has_typed) {
        memcpy(text, page->typed, LESSON_TYPED_MAX);
    }
    page->has_typed = false;
    return has_typed;
}
