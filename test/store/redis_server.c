#include "support.h"

#include "redis_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

bool redis_server_is_installed(void) {
    return system("command -v redis-server >/dev/null") == 0;
}

static bool answers(const struct redis_server *server) {
    redisContext *link = redisConnect("127.0.0.1", server->port);
    redisReply *reply = link->err == 0 ? redisCommand(link, "PING") : NULL;
    bool is_up = reply != NULL && reply->type == REDIS_REPLY_STATUS;
    freeReplyObject(reply);
    redisFree(link);
    return is_up;
}

void redis_server_start(struct redis_server *server) {
    char port[16];
    if (server->port == 0) {
        server->port = support_free_port();
    }
    snprintf(port, sizeof port, "%d", server->port);
    server->process = fork();
    if (server->process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        int log = open("/dev/null", O_WRONLY);
        dup2(log, 1);
        // With `everysec` Redis answers without having written while the disk is busy.
        execlp("redis-server", "redis-server", "--port", port, "--bind", "127.0.0.1", "--dir",
               server->folder, "--save", "", "--appendonly", server->is_durable ? "yes" : "no",
               "--appendfsync", "always", (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 1000 && !answers(server); i++) {
        usleep(10000);
    }
    assert_true(answers(server));
}

void redis_server_kill(struct redis_server *server) {
    if (server->process != 0) {
        kill(server->process, SIGKILL);
        waitpid(server->process, NULL, 0);
        server->process = 0;
    }
}

void redis_server_tell(const struct redis_server *server, const char *command) {
    redisContext *link = redisConnect("127.0.0.1", server->port);
    assert_int_equal(link->err, 0);
    redisReply *reply = redisCommand(link, command);
    assert_non_null(reply);
    assert_int_not_equal(reply->type, REDIS_REPLY_ERROR);
    freeReplyObject(reply);
    redisFree(link);
}
