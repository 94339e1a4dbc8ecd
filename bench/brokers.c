#include "brokers.h"

#include <arpa/inet.h>
#include <libgen.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORDS_MAX 32
#define START_MS 60000

static char folder[] = "/var/tmp/mqttsim-bench-XXXXXX";
static const char *bench_name = "bench";

void bench_brokers_init(const char *name) {
    bench_name = name;
    if (mkdtemp(folder) == NULL) {
        bench_fail("no folder for files");
    }
}

const char *bench_brokers_folder(void) {
    return folder;
}

void bench_brokers_deinit(void) {
    char command[64];
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    (void)!system(command); // NOLINT(cert-env33-c): a folder of our own
}

_Noreturn void bench_fail(const char *what) {
    (void)fprintf(stderr, "%s: %s\n", bench_name, what);
    bench_brokers_deinit();
    _exit(1); // the programs started end with this one
}

// ---- programs --------------------------------------------------------------------------------

void bench_run_at(enum bench_core core) {
    cpu_set_t cores;
    if (core == ALL_CORES || sysconf(_SC_NPROCESSORS_ONLN) < 2) {
        return;
    }
    CPU_ZERO(&cores);
    CPU_SET(core == FIRST_CORE ? 0 : 1, &cores);
    (void)sched_setaffinity(0, sizeof cores, &cores);
}

static _Noreturn void become(char **words, enum bench_core core, int out) {
    char path[PATH_MAX] = {0};
    char program[PATH_MAX + 64];
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    bench_run_at(core);
    if (readlink("/proc/self/exe", path, sizeof path - 1) > 0 && chdir(folder) == 0) {
        (void)snprintf(program, sizeof program, "%s/../app/%s", dirname(path), words[0]);
        (void)!freopen("/dev/null", "r", stdin);
        (void)!freopen("broker.log", "a", stderr);
        dup2(out >= 0 ? out : STDERR_FILENO, STDOUT_FILENO);
        execv(program, words);
        execvp(words[0], words);
        execv("/usr/sbin/mosquitto", words);
    }
    _exit(127);
}

pid_t bench_program_start(char *line, enum bench_core core, int out) {
    char *words[WORDS_MAX + 1] = {NULL};
    char *rest = NULL;
    size_t count = 0;
    for (char *word = strtok_r(line, " ", &rest); word != NULL && count < WORDS_MAX;
         word = strtok_r(NULL, " ", &rest)) {
        words[count++] = word;
    }
    pid_t process = fork();
    if (process == 0) {
        become(words, core, out);
    }
    return process;
}

int bench_program_end(pid_t process, int signal_number) {
    int status = 0;
    (void)kill(process, signal_number);
    (void)waitpid(process, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

// ---- brokers ---------------------------------------------------------------------------------

bool bench_has_mosquitto(void) {
    return system("PATH=$PATH:/usr/sbin command -v mosquitto >/dev/null") == 0; // NOLINT
}

uint16_t bench_free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        bench_fail("no port is free");
    }
    close(fd);
    return ntohs(address.sin_port);
}

static bool accepts(uint16_t port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool does = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return does;
}

static pid_t wait_until_it_accepts(pid_t process, uint16_t port, const char *otherwise) {
    for (int waited = 0; !accepts(port); waited += 10) {
        if (waited > START_MS || waitpid(process, NULL, WNOHANG) == process) {
            bench_fail(otherwise);
        }
        (void)nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    return process;
}

pid_t bench_start_ours(uint16_t port, enum bench_core core, const char *options) {
    char line[256];
    (void)snprintf(line, sizeof line, "broker --network network --mqtt %u --quiet %s", port,
                   options);
    return wait_until_it_accepts(bench_program_start(line, core, -1), port,
                                 "our broker does not start with --mqtt");
}

static void write_configuration(uint16_t port, unsigned save_seconds) {
    char path[64];
    (void)snprintf(path, sizeof path, "%s/mosquitto.conf", folder);
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        bench_fail("cannot write the configuration of mosquitto");
    }
    // Started by root it would take another user's rights, who may not write to the folder.
    (void)fprintf(file,
                  "listener %u 127.0.0.1\nallow_anonymous true\npersistence %s\n"
                  "persistence_location ./\nuser root\nautosave_interval %u\n"
                  "set_tcp_nodelay true\nmax_queued_messages 0\nlog_type error\n",
                  port, save_seconds > 0 ? "true" : "false", save_seconds);
    (void)fclose(file);
}

static pid_t start_mosquitto(uint16_t port, enum bench_core core, unsigned save_seconds) {
    char line[] = "mosquitto -c mosquitto.conf";
    write_configuration(port, save_seconds);
    return wait_until_it_accepts(bench_program_start(line, core, -1), port,
                                 "mosquitto does not start");
}

pid_t bench_start_mosquitto(uint16_t port, enum bench_core core) {
    return start_mosquitto(port, core, 0);
}

pid_t bench_start_mosquitto_durable(uint16_t port, enum bench_core core, unsigned save_seconds) {
    return start_mosquitto(port, core, save_seconds);
}
