#include "client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define ID_MAX 100

#define CLEAN_SESSION 2

static size_t write_connect(uint8_t to[static 128], const char *client_id, unsigned level,
                            uint8_t flags) {
    size_t id_size = strlen(client_id);
    size_t properties = level == 5;
    const uint8_t head[] = {0x10,
                            (uint8_t)(12 + properties + id_size),
                            0,
                            4,
                            'M',
                            'Q',
                            'T',
                            'T',
                            (uint8_t)level,
                            flags,
                            0,
                            0,
                            0};
    memcpy(to, head, 12 + properties);
    size_t at = 12 + properties;
    to[at++] = 0;
    to[at++] = (uint8_t)id_size;
    memcpy(to + at, client_id, id_size);
    return at + id_size;
}

// Reads the CONNACK and nothing after it.
static int is_let_in(int fd) {
    uint8_t head[2];
    uint8_t rest[127];
    return recv(fd, head, 2, MSG_WAITALL) == 2 && head[0] == 0x20 && head[1] >= 2 &&
           head[1] < sizeof rest && recv(fd, rest, head[1], MSG_WAITALL) == head[1] && rest[1] == 0;
}

static int connect_with(uint16_t port, const char *client_id, unsigned level, uint8_t flags) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 10};
    uint8_t packet[128];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    size_t size = write_connect(packet, client_id, level, flags);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (strlen(client_id) <= ID_MAX &&
        connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        send(fd, packet, size, MSG_NOSIGNAL) == (ssize_t)size && is_let_in(fd)) {
        return fd;
    }
    close(fd);
    return -1;
}

int bench_client_connect(uint16_t port, const char *client_id, unsigned protocol_level) {
    return connect_with(port, client_id, protocol_level, CLEAN_SESSION);
}

int bench_client_resume(uint16_t port, const char *client_id) {
    return connect_with(port, client_id, 4, 0);
}
