// What a broker that hands over and the one that takes its place say to each other, at a Unix
// socket of messages (SOCK_SEQPACKET):
//
//   new broker                      old broker
//   take-over 1                 ->
//                               <-  broker ADDRESS             of the network
//                               <-  listener NAME              with its listening sockets; for each
//                               <-  end
//   go                          ->                             ends its clients and its store
//                               <-  closed
//   serving                     ->                             ends
//
// or, in place of anything of the old one's, `refused REASON`. Either side may end at any moment:
// the old one serves again unless it was told `serving`, the new one goes on when the old is gone.
//
// Sockets count for nothing but what the kernel says of them: who is at the other end.
#ifndef SESSION_BROKER_UPGRADE_HAND_OVER_WIRE_H
#define SESSION_BROKER_UPGRADE_HAND_OVER_WIRE_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/un.h>

#include "base/bytes.h"
#include "shell/machine/service_manager.h"

#define HAND_OVER_LISTENERS_MAX 32
#define HAND_OVER_NAME_SIZE 320
#define HAND_OVER_TEXT_SIZE (HAND_OVER_NAME_SIZE + 16)

#define HAND_OVER_ASK "take-over 1"
#define HAND_OVER_BROKER "broker "
#define HAND_OVER_LISTENER "listener "
#define HAND_OVER_END "end"
#define HAND_OVER_GO "go"
#define HAND_OVER_CLOSED "closed"
#define HAND_OVER_SERVING "serving"
#define HAND_OVER_REFUSED "refused "

// The sockets of one listener, by the place where it was told to listen.
struct handed_listener {
    char name[HAND_OVER_NAME_SIZE];
    int sockets[SERVICE_SOCKETS_MAX];
    unsigned count; // 0: somebody took them
};

struct handed_sockets {
    struct handed_listener listeners[HAND_OVER_LISTENERS_MAX];
    unsigned count;
};

// The sockets of the first listener of that name, which are the caller's from then on; how many.
unsigned handed_sockets_take(struct handed_sockets *handed, const char *name,
                             int sockets[static SERVICE_SOCKETS_MAX]);
// Those that nobody took. Afterwards there are none.
void handed_sockets_close(struct handed_sockets *handed);

struct hand_over_message {
    char text[HAND_OVER_TEXT_SIZE];
    int sockets[SERVICE_SOCKETS_MAX]; // the receiver's; closed by itself if there are too many
    unsigned count;
};

enum hand_over_received { HAND_OVER_MESSAGE, HAND_OVER_NOTHING, HAND_OVER_ENDED };

// Sockets may be NULL if there are none. False: the other side is gone.
bool hand_over_send(int fd, const char *text, const int *sockets, unsigned count);
bool hand_over_send_all(int fd, const struct handed_sockets *handed);
// At most so many milliseconds (-1: for ever) for the next message.
enum hand_over_received hand_over_receive(int fd, struct hand_over_message *message, int wait_ms);

// False: the path is too long for a socket.
bool hand_over_place(const char *path, struct sockaddr_un *place);
// Whether the process at the other end is of our user; and its id, 0: it is not known.
bool hand_over_is_ours(int fd, pid_t *process);
// A descriptor of a process (pidfd_open(2)), -1: there is none; and waiting until it has ended,
// with all that it had open, for so many milliseconds at most.
int hand_over_watch(pid_t process);
void hand_over_await_end(int watched, int wait_ms);

#endif
