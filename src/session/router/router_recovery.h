// Which of the lines that a router was about to append to the network when it was killed stand
// there.
#ifndef SESSION_ROUTER_ROUTER_RECOVERY_H
#define SESSION_ROUTER_ROUTER_RECOVERY_H

#include "medium/file/file_network.h"

// How many bytes of `lines`, whole ones from the first on, stand behind `place` in the network;
// they were appended at once, so they stand in one piece. If the place is gone all of them count as
// there: the moment between deciding to append and doing it was short. False: that cannot be told,
// and *error says why.
bool router_recovery_find(const char *network, struct bytes lines,
                          const struct file_network_position *place, size_t *appended,
                          struct file_network_error *error);

#endif
