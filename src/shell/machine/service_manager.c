#include "shell/machine/service_manager.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/decimal.h"
#include "shell/clock.h"

#define FIRST_SOCKET 3

// A number of the environment that is for this process; 0: none.
static uint64_t own_number(const char *variable, const char *process) {
    const char *text = getenv(variable);
    const char *who = getenv(process);
    uint64_t number = 0;
    uint64_t id = (uint64_t)getpid();
    bool is_ours = who == NULL ||
                   (decimal_read(bytes_of_text(who), UINT64_MAX, &id) && id == (uint64_t)getpid());
    return is_ours && text != NULL && decimal_read(bytes_of_text(text), UINT64_MAX, &number)
               ? number
               : 0;
}

bool service_notify(const char *state) {
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (path == NULL || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof to.sun_path) {
        return false;
    }
    memcpy(to.sun_path, path, strlen(path));
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    to.sun_path[0] = path[0] == '@' ? '\0' : '/'; // of the abstract ones
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return false;
    }
    ssize_t sent =
        sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&to, size);
    (void)close(fd);
    return sent == (ssize_t)strlen(state);
}

void service_notify_reloading(void) {
    char state[64];
    (void)snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%llu",
                   (unsigned long long)(clock_steady() / 1000));
    (void)service_notify(state);
}

uint64_t service_watchdog_ms(void) {
    return own_number("WATCHDOG_USEC", "WATCHDOG_PID") / 1000;
}

unsigned service_sockets(const char *name, int *sockets, unsigned most) {
    uint64_t count = own_number("LISTEN_FDS", "LISTEN_PID");
    const char *names = getenv("LISTEN_FDNAMES");
    unsigned found = 0;
    for (uint64_t i = 0; i < count && i < 1024 && names != NULL && found < most; i++) {
        size_t size = strcspn(names, ":");
        if (size == strlen(name) && memcmp(names, name, size) == 0) {
            sockets[found++] = FIRST_SOCKET + (int)i;
        }
        names = names[size] == ':' ? names + size + 1 : NULL;
    }
    return found;
}
