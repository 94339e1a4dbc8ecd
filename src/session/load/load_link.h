// The sockets of a load: one link a client (role/load/load_client.h), all on one loop.
//
// All links read into one buffer of the hub; what is left of a packet waits in the link. A link
// with something to say is noted and written by load_hub_flush, once a turn; what the socket does
// not take is written when it can.
//
// The owner is told when a client became ready for the first time and when a link failed; it is
// told nothing after load_link_close. It has all the links in one array, zeroed, and frees it after
// the loop has ended.
#ifndef SESSION_LOAD_LOAD_LINK_H
#define SESSION_LOAD_LOAD_LINK_H

#include <uv.h>

#include "role/load/load_client.h"

struct load_link;

// What all connections of a load share. A link with something to write stands among `dirty`,
// once, until the end of the round.
struct load_hub {
    uv_loop_t *loop;
    struct memory *memory;
    struct sockaddr_storage address;
    const char *path;   // of a Unix socket; NULL: the address counts
    uint8_t *input;     //
    size_t input_bytes; //
    struct load_link **dirty;
    uint32_t dirty_count;
    uint32_t link_count; // at most so many are ever open
    void *owner;
    void (*client_is_ready)(struct load_link *link);
    void (*failed)(struct load_link *link, const char *why);
};

// A client and its socket. Bytes of a packet that is not whole wait in `rest`, and bytes that
// the socket does not take in `writing`, until libuv has written them.
struct load_link {
    union {
        uv_handle_t any;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } handle;
    struct load_hub *hub;
    struct load_client client;
    struct buffer rest;    // the start of a packet
    struct buffer writing; // what the socket has not taken yet
    uv_write_t write;
    union {
        uv_connect_t connect;
        uint64_t said_at; // once it is connected
    };
    bool is_open;        // between load_link_open and load_link_close
    bool is_ready;       // its client has been, once
    bool has_subscribed; // its owner's
    bool is_dirty;
    bool is_writing;
    uint64_t pinged_at; // while a PINGRESP is awaited
};

// Sets up everything but the address and the owner's parts; packets of the broker are at most
// `packet_bytes` long.
void load_hub_init(struct load_hub *hub, struct memory *memory, uint32_t link_count,
                   size_t packet_bytes);
void load_hub_deinit(struct load_hub *hub);

// Finds the address of a host. False, with a message for people in *why: there is none.
bool load_hub_resolve(struct load_hub *hub, const char *host, uint64_t port, const char **why);

// Begins to connect; the client has been set up and says CONNECT when it can. Failures are told
// later, but for those that the call returns: 0 or a libuv error.
int load_link_open(struct load_link *link, struct load_hub *hub);
void load_link_close(struct load_link *link);

// Closes it and tells the owner why.
void load_link_fail(struct load_link *link, const char *why);

// Frees what the link owns, its client included. After the loop has ended.
void load_link_deinit(struct load_link *link);

// The client has something to say.
static inline void load_link_note(struct load_link *link) {
    if (!link->is_dirty && link->client.out.size > 0) {
        link->is_dirty = true;
        link->hub->dirty[link->hub->dirty_count++] = link;
    }
}

void load_hub_flush(struct load_hub *hub);

// Frees the buffers of a link that will hardly be heard of again.
void load_link_trim(struct load_link *link);

#endif
