// Brokers under measurement: ours, built beside the bench, and Debian's mosquitto. Each runs as a
// process of its own with a new free port of the loopback address, in a folder for files that goes
// with the bench. All functions end the process with a message when something is missing.
#ifndef BENCH_BROKERS_H
#define BENCH_BROKERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// Where a program may run. A machine with one core has only that.
enum bench_core { FIRST_CORE, SECOND_CORE, ALL_CORES };
void bench_run_at(enum bench_core core);

// Makes the folder. `name` stands before each message.
void bench_brokers_init(const char *name);
void bench_brokers_deinit(void);
const char *bench_brokers_folder(void);
_Noreturn void bench_fail(const char *what);

// Starts the program whose words, separated by blanks, are `line`, which is cut: one of ours by its
// name alone. Its output goes to `out`; -1: to the log in the folder. It dies with the bench.
pid_t bench_program_start(char *line, enum bench_core core, int out);

// Sends the signal, if any, and gives back the exit code; 128: a signal ended it.
int bench_program_end(pid_t process, int signal_number);

bool bench_has_mosquitto(void);
uint16_t bench_free_port(void);

// Both return when the port accepts connections. `options` of ours follow the usual ones.
pid_t bench_start_ours(uint16_t port, enum bench_core core, const char *options);
pid_t bench_start_mosquitto(uint16_t port, enum bench_core core);
// With persistence, in mosquitto.db of the folder, which is saved so often; it cannot be more often
// than each second.
pid_t bench_start_mosquitto_durable(uint16_t port, enum bench_core core, unsigned save_seconds);

#endif
