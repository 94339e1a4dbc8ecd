#include "support.h"

#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void open_store(struct world *world) {
    struct store_error error;
    world->store = store_open(world->name, &world->limits, &error);
    if (world->store == NULL) {
        fail_msg("%s", error.text);
    }
}

void world_begin(struct world *world, const char *prefix, struct store_limits limits) {
    *world = (struct world){.prefix = prefix, .limits = limits, .now_ms = UINT64_C(1795435622000)};
    memory_init(&world->memory);
    world->folder = support_make_folder();
    if (strstr(prefix, "redis:") != NULL) {
        world->server = (struct redis_server){.folder = world->folder};
        redis_server_start(&world->server);
        snprintf(world->name, sizeof world->name, "%s127.0.0.1:%d", prefix, world->server.port);
    } else if (strstr(prefix, "sqlite:") != NULL) {
        snprintf(world->name, sizeof world->name, "%s%s/master.db", prefix, world->folder);
    } else {
        snprintf(world->name, sizeof world->name, "%s", prefix);
    }
    open_store(world);
}

void world_end(struct world *world) {
    world->store->kind->close(world->store);
    redis_server_kill(&world->server);
    support_remove_folder(world->folder);
    assert_int_equal(world->memory.blocks_in_use, 0);
}

void world_reopen(struct world *world) {
    world->store->kind->close(world->store);
    open_store(world);
}

void world_pass(struct world *world, uint64_t ms) {
    world->now_ms += ms;
    if (world->server.process != 0) {
        usleep((useconds_t)ms * 1000);
    }
}

struct store_request world_request(struct world *world, enum store_operation operation,
                                   uint32_t gate, char secret) {
    struct store_request request = {
        .operation = operation, .now_ms = world->now_ms, .gate = gate, .bytes_max = UINT64_MAX};
    memset(request.secret, secret, sizeof request.secret);
    buffer_init(&request.lines, &world->memory);
    return request;
}

enum gate_status world_execute(struct world *world, struct store_request *request) {
    world->store->kind->execute(world->store, &request, 1);
    return request->status;
}

void world_free(struct store_request *request) {
    memory_free(request->lines.memory, request->gates,
                request->gate_count * sizeof *request->gates);
    request->gates = NULL;
    buffer_deinit(&request->lines);
}

enum gate_status world_lease(struct world *world, uint32_t gate, char secret) {
    struct store_request request = world_request(world, STORE_LEASE, gate, secret);
    return world_execute(world, &request);
}

struct store_request world_upload(struct world *world, uint32_t gate, char secret, uint64_t first,
                                  const char *receivers) {
    struct store_packet packets[64];
    char lines[64][24];
    uint32_t count = 0;
    for (; receivers[count] != 0; count++) {
        int size = snprintf(lines[count], sizeof lines[count], "%" PRIu64 "\n", (first + count));
        packets[count] = (struct store_packet){(uint32_t)(receivers[count] - '0'),
                                               bytes_make(lines[count], (size_t)size)};
    }
    struct store_request request = world_request(world, STORE_UPLOAD, gate, secret);
    request.first = first;
    request.packets = packets;
    request.packet_count = count;
    world_execute(world, &request);
    request.packets = NULL;
    return request;
}

void world_assert_taken(struct world *world, uint32_t gate, char secret, uint64_t acknowledged,
                        const char *lines) {
    struct store_request request = world_request(world, STORE_TAKE, gate, secret);
    request.acknowledged = acknowledged;
    assert_int_equal(world_execute(world, &request), GATE_OK);
    assert_bytes_equal(buffer_bytes(&request.lines), bytes_of_text(lines));
    world_free(&request);
}
