// What a program and the service manager that started it say to each other: systemd's protocols of
// notification (sd_notify(3)) and of passed sockets (sd_listen_fds(3)). They are small and stable,
// so no library is needed.
//
// Without such a manager nothing is said, and no sockets are there.
#ifndef SHELL_MACHINE_SERVICE_MANAGER_H
#define SHELL_MACHINE_SERVICE_MANAGER_H

#include <stdbool.h>
#include <stdint.h>

#define SERVICE_SOCKETS_MAX 8u // of one name

// "READY=1", "STOPPING=1" and the like, as lines. False: nobody is to be told, or it failed.
bool service_notify(const char *state);
// That files are read again; "READY=1" follows when they are.
void service_notify_reloading(void);
// How often the manager wants to hear "WATCHDOG=1" at least, in ms; 0: it does not.
uint64_t service_watchdog_ms(void);

// The listening sockets that the manager passed under this name (FileDescriptorName=); how many. Of
// those beyond `most` nothing is known.
unsigned service_sockets(const char *name, int *sockets, unsigned most);

#endif
