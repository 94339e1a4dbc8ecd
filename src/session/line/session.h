// Drives one role for real: its network file, its clock, its user.
//
// Two threads run in parallel. The packets' thread owns the role and everything it touches; it
// waits (libuv) for packets, timers, signals and the user's lines. The user's thread reads lines
// and prints; it hands lines over through a bounded queue and takes texts from another
// (shell/terminal/output.h). A lock keeps the packets' thread out while completion looks at the
// role.
//
// A command may have to wait for an answer; those behind it wait in turn, so a script runs in
// order.
#ifndef SESSION_LINE_SESSION_H
#define SESSION_LINE_SESSION_H

#include "cipher/cipher.h"
#include "medium/file/file_network.h"
#include "role/port.h"
#include "session/line/line_levers.h"
#include "session/line/line_report.h"
#include "shell/run.h"

struct session;

struct listing;

// What a program does besides that has no address on the network but relays packets, and whose
// place in the network is kept from run to run. All are called in the packets' thread, but for
// `place`.
struct session_relay {
    // Where to read on; NULL: at the end.
    const struct file_network_position *(*place)(const void *device);
    // At the start of a turn and at its end, when what was sent stands in the file (or could not be
    // written: session_is_stuck).
    void (*begin_turn)(void *device, uint64_t now);
    void (*end_turn)(void *device, uint64_t now);
    bool (*is_full)(const void *device); // read no packets now
    // Before these lines are appended, or there are none: makes safe what this turn did. False: it
    // cannot, has said why and wants to be asked again.
    bool (*secure)(void *device, struct bytes lines);
    void (*appended)(void *device);
    // Called each turn once the session is to end. True: it may.
    bool (*leave)(void *device, uint64_t now);
    // Whether a broker has sent the packet, as far as is known.
    bool (*is_of_broker)(void *device, const struct packet *packet);
};

// What a program serves besides on the session's loop, and when that has to come to an end.
struct session_service {
    // Before the threads start. False: it cannot, and has said why.
    bool (*open)(void *device, uv_loop_t *loop);
    // Once the device has stopped. `session_service_closed` is to be called when nothing of it is
    // left on the loop.
    void (*close)(void *device);
};

// What a program makes of a session. `device` is its own state. All are called in the packets'
// thread, but for `complete`, which is called with the session locked.
struct session_program {
    const char *kind; // "broker", "client", "router"
    const struct command_table *commands;
    bool serves; // stays when its commands end, until a signal
    void (*start)(void *device, struct session *session, uint32_t address,
                  const struct cipher_secret *seed);
    void (*receive)(void *device, struct packet *packet, uint64_t now);
    void (*tell)(void *device, const struct role_event *event);
    void (*tick)(void *device, uint64_t now);
    uint64_t (*deadline)(const void *device);
    void (*stop)(void *device, uint64_t now); // disconnects and leaves
    void (*finish)(void *device);             // after everything: frees what the device has
    enum run_outcome (*execute)(void *device, const struct command *command, uint64_t now);
    enum run_outcome (*resume)(void *device, uint64_t now);
    void (*list)(const void *device, struct listing *listing);
    // `argument`: COMMAND_ADDRESS, COMMAND_CLIENT, or COMMAND_TOPIC, with COMMAND_VALUE if it is to
    // have a value.
    void (*complete)(const void *device, unsigned argument, const struct run_words *words);
    // The connections with the address are to end, as a fault would have it; whether there was one.
    bool (*cut)(void *device, uint32_t address);
    // Another door on which the levers act as well (its context in *context); NULL in its place, or
    // returned: there is none. Before `start`.
    const struct line_levers_other *(*other_levers)(void *device, void **context);
    const struct session_relay *relay;     // NULL for a device
    const struct session_service *service; // NULL: it serves nothing else
    // On SIGHUP, if there is no terminal that it could come from: reads its files again. False: it
    // has none, so that the session ends as it does on a terminal. NULL: it never has any.
    bool (*reload)(void *device);
};

struct session_options {
    const char *network;
    uint64_t rotate_bytes;
    uint64_t keep;
    uint64_t address; // 0: any free one
    const char *suite;
    struct run_options run;
    struct fault_options levers;
    // If not NULL, lines of standard input are no commands: each is made one by this function.
    void (*command_of_line)(void *device, struct bytes line, struct command *command);
};

// Runs until the user, a signal or the options end it. Returns an exit code.
int session_run(const struct session_options *options, const struct session_program *program,
                void *device);

// For the program, while it runs:
const struct role_port *session_port(struct session *session);
struct report *session_report(struct session *session);
struct line_report *session_line_report(struct session *session);
// An error of the command at hand: "conn: …".
void session_error(struct session *session, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
// An update arrived. False: as many as were asked for have arrived before; say no more of it.
bool session_count_update(struct session *session);
// For a relay: a packet for the network, and its line, to which faults may do something on its way;
// the network; lines to be appended to it at the end of the turn; whether those of before could not
// be appended yet, so that there may be no more; the time for packets.
void session_relay_line(struct session *session, const struct packet *packet, struct bytes line);
struct file_network *session_network(struct session *session);
struct buffer *session_outgoing(struct session *session);
bool session_is_stuck(const struct session *session);
uint64_t session_unix_now(const struct session *session);
// Reads files again, as a signal does: run_reload.
bool session_reload(struct session *session);
// Asks for the end, as a signal does. In the packets' thread, not in a turn.
void session_end(struct session *session);
// Makes the packets' thread take a turn. Any thread may call it.
void session_wake(struct session *session);
// Whether something has arrived that the packets' thread waits for. In a turn.
bool session_has_arrived(const struct session *session);
// For a service: whatever touches the device stands between these two, in any thread. What the
// device sent to its network meanwhile is written soon. The time is returned.
uint64_t session_enter(struct session *session);
void session_leave(struct session *session);
// The lock alone, to look at something.
void session_lock(struct session *session);
void session_unlock(struct session *session);
// No more text can be taken for now.
bool session_output_is_full(struct session *session);
void session_service_closed(struct session *session);
// When the session joined; steady.
uint64_t session_since(const struct session *session);

#endif
