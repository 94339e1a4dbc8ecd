// A real redis-server of the test's own, on a free port of loopback, with its files in a folder.
#ifndef TEST_STORE_REDIS_SERVER_H
#define TEST_STORE_REDIS_SERVER_H

#include <stdbool.h>
#include <sys/types.h>

struct redis_server {
    pid_t process; // 0: not running
    int port;
    const char *folder;
    bool is_durable; // has written what it answered to: nothing is lost when it is killed
};

// Whether there is a redis-server to start at all.
bool redis_server_is_installed(void);

// Starts it, on the port that it had before if it had one, and waits until it answers.
void redis_server_start(struct redis_server *server);
void redis_server_kill(struct redis_server *server); // with SIGKILL

// Sends one command and drops the answer.
void redis_server_tell(const struct redis_server *server, const char *command);

#endif
