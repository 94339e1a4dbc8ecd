// Streams over TCP and Unix sockets: what comes is echoed; slow readers, limits, ends.

#include "medium/stream/stream_support.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "medium/stream/stream_rounds.h"

static const struct stream_listener tcp = {.kind = STREAM_TCP, .host = "127.0.0.1"};

// ---- bytes ----------------------------------------------------------------------------------

static void echoes_over_tcp(void **state) {
    (void)state;
    struct host *host = host_run(&tcp, 1);
    struct peer peer = {.fd = connect_port(host->ports[0])};
    for (size_t size = 1; size <= 65536; size *= 4) {
        peer_echo(&peer, size);
    }
    assert_memory_equal(host->last_place, "127.0.0.1:", 10);
    peer_close(&peer);
    host_await_closed(host, 1);
    host_destroy(host);
}

static void loopback_is_both_kinds(void **state) {
    (void)state;
    struct stream_listener both = {.kind = STREAM_TCP};
    struct host *host = host_run(&both, 1);
    struct peer peer = {.fd = connect_port(host->ports[0])};
    peer_echo(&peer, 100);
    peer_close(&peer);
    host_destroy(host);
}

static void echoes_on_several_threads(void **state) {
    (void)state;
    enum { PEERS = 9 };
    struct host *host = host_run(&tcp, 3);
    struct peer peers[PEERS];
    for (unsigned i = 0; i < PEERS; i++) {
        peers[i] = (struct peer){.fd = connect_port(host->ports[0])};
    }
    for (unsigned round = 0; round < 20; round++) {
        for (unsigned i = 0; i < PEERS; i++) {
            peer_echo(&peers[i], 1000);
        }
        host_do(host, HOST_WAKE);
    }
    for (unsigned i = 0; i < PEERS; i++) {
        peer_close(&peers[i]);
    }
    host_await_closed(host, PEERS);
    host_destroy(host);
}

static void flood_slow_reader(unsigned threads) {
    enum { FLOOD = 32 << 20 };
    struct host *host = host_create(&tcp, threads);
    host->mode = HOST_FLOOD;
    host->flood = FLOOD;
    host_start(host, false);
    struct peer slow = {.fd = connect_port(host->ports[0])};
    peer_write(&slow, "x", 1);
    // The slow one does not read yet; another is served all the same.
    struct peer other = {.fd = connect_port(host->ports[0])};
    uint8_t *bytes = malloc(FLOOD);
    uint8_t *again = malloc(FLOOD);
    peer_write(&other, "x", 1);
    peer_read(&other, again, FLOOD);
    peer_await_end(&other, true);
    peer_read(&slow, bytes, FLOOD);
    peer_await_end(&slow, true);
    assert_memory_equal(bytes, again, FLOOD);
    free(bytes);
    free(again);
    peer_close(&slow);
    peer_close(&other);
    host_await_closed(host, 2);
    assert_int_equal(host->sent, 2 * (uint64_t)FLOOD);
    host_destroy(host);
}

static void sends_all_to_a_slow_reader(void **state) {
    (void)state;
    flood_slow_reader(1);
    flood_slow_reader(3);
}

static void last_bytes_arrive_before_the_end(void **state) {
    (void)state;
    struct host *host = host_create(&tcp, 1);
    host->mode = HOST_ECHO_ONCE;
    host_start(host, false);
    struct peer peer = {.fd = connect_port(host->ports[0])};
    char text[6];
    peer_write(&peer, "hello", 5);
    peer_read(&peer, text, 5);
    assert_memory_equal(text, "hello", 5);
    // These come after the server's end; they do not lead to a reset.
    peer_write(&peer, "more", 4);
    peer_await_end(&peer, true);
    host_await_closed(host, 1);
    peer_close(&peer);
    host_destroy(host);
}

// A peer that never closes its end is not waited for.
static void the_end_does_not_wait_for_ever(void **state) {
    (void)state;
    struct host *host = host_create(&tcp, 1);
    host->mode = HOST_ECHO_ONCE;
    host_start(host, false);
    struct peer peer = {.fd = connect_port(host->ports[0])};
    char byte;
    peer_write(&peer, "x", 1);
    peer_read(&peer, &byte, 1);
    peer_await_end(&peer, true);
    struct pollfd broken = {.fd = peer.fd};
    int attempts = 0;
    // While the server lingers it takes these; once it has closed, its kernel answers with a reset.
    while (send(peer.fd, "x", 1, MSG_NOSIGNAL) == 1 && attempts < 600) {
        attempts += poll(&broken, 1, 100) == 0;
    }
    assert_true(attempts < 600);
    peer_close(&peer);
    host_destroy(host);
}

// Who has closed its own side still gets all that it is owed.
static void a_half_closed_peer_gets_what_it_is_owed(void **state) {
    (void)state;
    enum { OWED = 32 << 20 };
    struct host *host = host_create(&tcp, 1);
    host_start(host, false);
    struct peer peer = {.fd = connect_port(host->ports[0])};
    uint8_t *bytes = malloc(OWED);
    uint8_t *again = malloc(OWED);
    memset(bytes, 'x', OWED);
    // Echoed as it comes, so it is read while it is written.
    size_t sent = 0;
    size_t got = 0;
    while (sent < OWED) {
        ssize_t count = send(peer.fd, bytes + sent, OWED - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        sent += count > 0 ? (size_t)count : 0;
        if (count <= 0) {
            peer_read(&peer, again + got, 1);
            got++;
        }
    }
    assert_int_equal(shutdown(peer.fd, SHUT_WR), 0);
    peer_read(&peer, again + got, OWED - got);
    assert_memory_equal(bytes, again, OWED);
    peer_await_end(&peer, true);
    host_await_closed(host, 1);
    free(bytes);
    free(again);
    peer_close(&peer);
    host_destroy(host);
}

static void many_come_and_go(void **state) {
    (void)state;
    enum { PEERS = 500 };
    struct host *host = host_run(&tcp, 3);
    struct peer *peers = calloc(PEERS, sizeof *peers);
    for (unsigned i = 0; i < PEERS; i++) {
        peers[i] = (struct peer){.fd = connect_port(host->ports[0])};
        peer_write(&peers[i], "0123456789", 10);
    }
    for (unsigned i = 0; i < PEERS; i++) {
        char text[10];
        peer_read(&peers[i], text, sizeof text);
        assert_memory_equal(text, "0123456789", sizeof text);
        if (i % 2 == 0) {
            peer_close(&peers[i]);
        }
    }
    host_await_closed(host, PEERS / 2);
    host_destroy(host); // with the others open
    for (unsigned i = 1; i < PEERS; i += 2) {
        peer_close(&peers[i]);
    }
    free(peers);
}

static void set_held_max(struct host *host, uint64_t most) {
    pthread_mutex_lock(&host->lock);
    host->held_max = most;
    pthread_mutex_unlock(&host->lock);
}

// Where there is no memory for them, new streams are closed before the owner knows of them.
static void no_streams_are_taken_without_memory(void **state) {
    (void)state;
    enum { PEERS = 50 }; // the owner is asked anew for each 64 KiB, and the first are let in
    struct peer peers[PEERS];
    struct stream_listener websocket = {.kind = STREAM_WEBSOCKET, .host = "127.0.0.1"};
    struct host *host = host_run(&websocket, 1);
    set_held_max(host, 1);
    for (unsigned i = 0; i < PEERS; i++) {
        peers[i] = (struct peer){.fd = connect_port(host->ports[0])};
    }
    peer_await_end(&peers[PEERS - 1], false);
    for (unsigned i = 0; i < PEERS; i++) {
        peer_close(&peers[i]);
    }
    set_held_max(host, UINT64_MAX);
    struct peer last = {.fd = connect_port(host->ports[0])};
    peer_write(&last, "nothing\r\n\r\n", 11);
    uint8_t answer[12];
    peer_read(&last, answer, sizeof answer);
    assert_memory_equal(answer, "HTTP/1.1 400", sizeof answer);
    peer_close(&last);
    host_destroy(host);
}

static void owner_may_refuse(void **state) {
    (void)state;
    struct host *host = host_create(&tcp, 1);
    host->mode = HOST_REFUSE;
    host_start(host, false);
    struct peer peer = {.fd = connect_port(host->ports[0])};
    peer_await_end(&peer, false);
    peer_close(&peer);
    host_destroy(host);
}

// ---- limits ---------------------------------------------------------------------------------

static void check_limit(const struct stream_listener *listener) {
    struct host *host = host_run(listener, 1);
    struct peer first = {.fd = connect_port(host->ports[0])};
    struct peer second = {.fd = connect_port(host->ports[0])};
    peer_echo(&first, 10);
    peer_echo(&second, 10);
    for (unsigned i = 0; i < 3; i++) {
        struct peer third = {.fd = connect_port(host->ports[0])};
        peer_await_end(&third, false);
        peer_close(&third);
    }
    host_await_notices(host, 1);
    assert_int_equal(host->notices, 1);
    assert_non_null(strstr(host->last_notice, "connections refused"));
    peer_close(&first);
    host_await_closed(host, 1);
    struct peer next = {.fd = connect_port(host->ports[0])};
    peer_echo(&next, 10);
    peer_close(&next);
    peer_close(&second);
    host_destroy(host);
}

static void limits_connections(void **state) {
    (void)state;
    struct stream_listener by_address = tcp;
    struct stream_listener by_listener = tcp;
    by_address.connections_per_address = 2;
    by_listener.connections = 2;
    check_limit(&by_address);
    check_limit(&by_listener);
}

// The number that the next descriptor will have.
static int next_descriptor(void) {
    int fd = dup(0);
    assert_true(fd >= 0);
    close(fd);
    return fd;
}

static void refuses_when_no_file_can_be_opened(void **state) {
    (void)state;
    struct host *host = host_run(&tcp, 1);
    struct rlimit before;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(host->ports[0]),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct peer refused = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit none = {.rlim_cur = (rlim_t)next_descriptor(), .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    assert_int_equal(connect(refused.fd, (struct sockaddr *)&address, sizeof address), 0);
    peer_await_end(&refused, false);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    host_await_notices(host, 1);
    assert_non_null(strstr(host->last_notice, "ulimit -n"));
    struct peer next = {.fd = connect_port(host->ports[0])};
    peer_echo(&next, 10);
    peer_close(&refused);
    peer_close(&next);
    host_destroy(host);
}

static void takes_no_more_after_listening_ends(void **state) {
    (void)state;
    struct host *host = host_run(&tcp, 1);
    struct peer peer = {.fd = connect_port(host->ports[0])};
    peer_echo(&peer, 10);
    host_do(host, HOST_STOP_LISTENING);
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    assert_int_equal(getpeername(peer.fd, (struct sockaddr *)&address, &size), 0);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_not_equal(connect(fd, (struct sockaddr *)&address, size), 0);
    close(fd);
    peer_echo(&peer, 10);
    peer_close(&peer);
    host_destroy(host);
}

// ---- errors ---------------------------------------------------------------------------------

static void says_why_it_cannot_listen(void **state) {
    (void)state;
    struct host *host = host_run(&tcp, 1);
    struct stream_listener same = tcp;
    same.port = host->ports[0];
    host_expect_error(&same, "another program listens there");
    host_destroy(host);
    struct stream_listener unknown = {.kind = STREAM_TCP, .host = "no such host"};
    host_expect_error(&unknown, "no such host: cannot listen");
    struct stream_listener foreign = {.kind = STREAM_TCP, .host = "192.0.2.1"};
    host_expect_error(&foreign, "this machine has no such address");
}

// ---- Unix sockets ---------------------------------------------------------------------------

static void echoes_over_unix(void **state) {
    (void)state;
    char *folder = support_make_folder();
    char *path = support_path(folder, "socket");
    struct stream_listener here = {.kind = STREAM_UNIX, .host = path};
    struct host *host = host_run(&here, 3);
    assert_int_equal(host->ports[0], 0);
    struct peer peer = {.fd = connect_path(path)};
    peer_echo(&peer, 100000);
    assert_string_equal(host->last_place, "unix");
    host_expect_error(&here, "another program listens there");
    peer_close(&peer);
    host_destroy(host);
    assert_int_not_equal(access(path, F_OK), 0);
    free(path);
    support_remove_folder(folder);
}

static void a_stale_socket_is_replaced(void **state) {
    (void)state;
    char *folder = support_make_folder();
    char *path = support_path(folder, "socket");
    struct stream_listener here = {.kind = STREAM_UNIX, .host = path};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    close(fd);
    struct host *host = host_run(&here, 1);
    struct peer peer = {.fd = connect_path(path)};
    peer_echo(&peer, 10);
    peer_close(&peer);
    host_destroy(host);
    support_write_file(path, BYTES_LITERAL("a file"));
    host_expect_error(&here, "is no socket");
    char long_path[200];
    memset(long_path, 'a', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    here.host = long_path;
    host_expect_error(&here, "1 to 107 bytes");
    free(path);
    support_remove_folder(folder);
}

// ---- turns ----------------------------------------------------------------------------------

// A socket that takes many reads' worth at once, and a path that the listener of `unix_host` has.
static struct peer connect_wide(const char *path) {
    struct peer peer = {.fd = connect_path(path)};
    int room = 1 << 20;
    (void)setsockopt(peer.fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    return peer;
}

static const char *unix_path(void) {
    static char path[64];
    (void)snprintf(path, sizeof path, "/tmp/stream_test.%ld", (long)getpid());
    return path;
}

// How much the socket takes while nobody reads from its other end.
static size_t fill(const struct peer *peer) {
    static const uint8_t block[65536];
    size_t all = 0;
    ssize_t written;
    while ((written = send(peer->fd, block, sizeof block, MSG_DONTWAIT | MSG_NOSIGNAL)) > 0) {
        all += (size_t)written;
    }
    return all;
}

static void await_taken(const struct peer *peer) {
    int unread = 1;
    while (unread > 0) {
        assert_int_equal(ioctl(peer->fd, SIOCOUTQ, &unread), 0);
    }
}

// One stream has more than it is read in a row, another has little, and comes behind it.
static void who_has_much_does_not_keep_the_loop(void **state) {
    (void)state;
    const struct stream_listener listener = {.kind = STREAM_UNIX, .host = unix_path()};
    struct host *host = host_run(&listener, 1);
    struct peer much = connect_wide(unix_path());
    host_await_opened(host, 1);
    struct peer little = connect_wide(unix_path());
    host_await_opened(host, 2);
    struct peer key = connect_wide(unix_path());
    host_await_opened(host, 3);
    pthread_mutex_lock(&host->lock); // the loop waits for it with the first byte
    peer_write(&key, "x", 1);
    await_taken(&key);
    size_t size = fill(&much);
    peer_write(&little, "x", 1);
    pthread_mutex_unlock(&host->lock);
    host_await_received(host, size + 2);
    unsigned before = 0; // reads of the first before the second has its turn
    for (unsigned i = 1; host->order[i] == 1; i++) {
        before++;
    }
    assert_int_equal(host->order[0], 3);
    assert_int_equal(before, 4);
    assert_true(host->order_count > 1 + 4 + 1);
    peer_close(&much);
    peer_close(&little);
    peer_close(&key);
    host_destroy(host);
}

// What one was lent stays lent until it was told to be sent, though it is woken before that.
static void who_is_woken_amid_a_batch_sends_nothing_twice(void **state) {
    (void)state;
    const struct stream_listener listener = {.kind = STREAM_UNIX, .host = unix_path()};
    struct host *host = host_run(&listener, 1);
    struct peer peers[3];
    for (unsigned i = 0; i < 3; i++) {
        peers[i] = connect_wide(unix_path());
        host_await_opened(host, i + 1);
    }
    pthread_mutex_lock(&host->lock); // the loop waits for it with the first byte
    host->wakes_first = true;
    peer_write(&peers[2], "c", 1);
    await_taken(&peers[2]);
    peer_write(&peers[0], "a", 1); // both are written to in the next round
    peer_write(&peers[1], "b", 1);
    pthread_mutex_unlock(&host->lock);
    char got;
    for (unsigned i = 0; i < 3; i++) {
        peer_read(&peers[i], &got, 1);
        assert_int_equal(got, "abc"[i]);
    }
    peer_write(&peers[0], "d", 1);
    peer_read(&peers[0], &got, 1);
    assert_int_equal(got, 'd');
    for (unsigned i = 0; i < 3; i++) {
        peer_close(&peers[i]);
    }
    host_destroy(host);
}

#define CROWD 600

// All of a crowd have something to be written at once: that is done in parts, between which the
// loop reads what has arrived, and its answer does not stand behind what the crowd still waits for.
static void a_crowd_is_written_to_in_parts(void **state) {
    (void)state;
    static struct peer peers[CROWD];
    const struct stream_listener listener = {.kind = STREAM_UNIX, .host = unix_path()};
    struct host *host = host_run(&listener, 1);
    struct peer key = connect_wide(unix_path());
    host_await_opened(host, 1);
    for (unsigned i = 0; i < CROWD; i++) {
        peers[i].fd = connect_path(unix_path());
        host_await_opened(host, i + 2);
    }
    char got[2];
    pthread_mutex_lock(&host->lock); // the loop waits for it with the first byte
    peer_write(&key, "x", 1);
    await_taken(&key);
    for (unsigned i = 0; i < CROWD; i++) {
        peer_write(&peers[i], "x", 1);
    }
    atomic_store(&host->interrupter, &key);
    pthread_mutex_unlock(&host->lock);
    for (unsigned i = 0; i < CROWD; i++) {
        peer_read(&peers[i], got, 1);
    }
    peer_read(&key, got, 2);
    assert_memory_equal(got, "xy", 2);
    pthread_mutex_lock(&host->lock);
    assert_in_range(host->outputs_most, 1, 2 * STREAM_TURNS_MOST);
    assert_in_range(host->first_had_some_at - host->interrupted_at, 1, 2 * STREAM_TURNS_MOST);
    pthread_mutex_unlock(&host->lock);
    for (unsigned i = 0; i < CROWD; i++) {
        peer_close(&peers[i]);
    }
    peer_close(&key);
    host_destroy(host);
}

static void a_stream_is_not_read_while_its_owner_has_enough(void **state) {
    (void)state;
    const struct stream_listener listener = {.kind = STREAM_UNIX, .host = unix_path()};
    struct host *host = host_create(&listener, 1);
    host->mode = HOST_HOLD;
    host_start(host, false);
    struct peer peer = connect_wide(unix_path());
    size_t size = fill(&peer); // not all of it: the first is read meanwhile
    host_await_opened(host, 1);
    for (unsigned i = 0; i < 3; i++) {
        host_do(host, HOST_WAKE);
    }
    pthread_mutex_lock(&host->lock);
    assert_int_equal(host->order_count, 1);
    size_t first = host->received;
    assert_true(first < size);
    host->takes_input = true;
    pthread_mutex_unlock(&host->lock);
    host_do(host, HOST_WAKE);
    host_await_received(host, size);
    // Where each read is too much at once, they are small.
    assert_true(host->order_count > 1);
    assert_true(host->order_count >= 1 + (size - first) / STREAM_HELD_BYTES);
    peer_close(&peer);
    host_destroy(host);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(echoes_over_tcp),
        cmocka_unit_test(loopback_is_both_kinds),
        cmocka_unit_test(echoes_on_several_threads),
        cmocka_unit_test(sends_all_to_a_slow_reader),
        cmocka_unit_test(last_bytes_arrive_before_the_end),
        cmocka_unit_test(the_end_does_not_wait_for_ever),
        cmocka_unit_test(a_half_closed_peer_gets_what_it_is_owed),
        cmocka_unit_test(many_come_and_go),
        cmocka_unit_test(no_streams_are_taken_without_memory),
        cmocka_unit_test(owner_may_refuse),
        cmocka_unit_test(limits_connections),
        cmocka_unit_test(refuses_when_no_file_can_be_opened),
        cmocka_unit_test(takes_no_more_after_listening_ends),
        cmocka_unit_test(says_why_it_cannot_listen),
        cmocka_unit_test(who_has_much_does_not_keep_the_loop),
        cmocka_unit_test(who_is_woken_amid_a_batch_sends_nothing_twice),
        cmocka_unit_test(a_crowd_is_written_to_in_parts),
        cmocka_unit_test(a_stream_is_not_read_while_its_owner_has_enough),
        cmocka_unit_test(echoes_over_unix),
        cmocka_unit_test(a_stale_socket_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
