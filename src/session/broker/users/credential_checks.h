// Credential checks in threads of their own: a hashed password takes tens of milliseconds to check,
// in which nobody else is to wait.
//
// There are as many threads as processors, at low priority: the broker's clients come before those
// who want to become some. A pair of user and password that was right of late is known at once
// (session/broker/users/credential_memory.h). Peers take turns by their address, so one who tries
// many wrong passwords delays others by one check at a time. What waits is bounded, and an address
// may hold no more of the room than it leaves free; where there is none left the answer is "busy"
// at once.
//
//   credential_checks_ask(question)       the state, or CREDENTIALS_WAIT
//   credential_checks_cancel(number)      its peer is gone: it costs nothing any more
//   credential_checks_postpone(number)    its peer may be gone: all others go first
//   means->ready                          there are answers, in a thread of the checks
//   credential_checks_take(answer)        one of them
//
// Any thread may call any of them but create, stop and destroy.
#ifndef SESSION_BROKER_USERS_CREDENTIAL_CHECKS_H
#define SESSION_BROKER_USERS_CREDENTIAL_CHECKS_H

#include "base/bytes.h"
#include "role/line/credentials.h"

#define CREDENTIAL_CHECKS_WAITING_MAX 1000
#define CREDENTIAL_CHECKS_THREADS_MAX 16 // a check may take 64 MiB

// What the checks work with.
struct credential_checks_means {
    // Takes its time; called in several threads at once.
    bool (*is_right)(void *context, struct bytes user, struct bytes password);
    void *context;
    // Called in a thread of the checks when there is an answer; it may take none of them itself.
    void (*ready)(void *context);
    void *ready_context;
    unsigned threads; // 0: as many as processors
};

// Who asks.
enum credential_door {
    CREDENTIAL_MQTT_DOOR,
    CREDENTIAL_LINE_DOOR,
};

struct credential_question {
    enum credential_door door;
    void *who;        // the door's, told back
    uint64_t number;  // likewise; never the same for two questions of a door
    uint64_t address; // the same number for all whose checks take turns as one
    struct bytes user;
    struct bytes password; // borrowed until asked, as is the user
};

struct credential_answer {
    enum credential_door door;
    void *who;
    uint64_t number;
    uint64_t address; // asked from
    enum credentials_state state;
};

struct credential_checks;

// NULL: no memory, or no thread. The means are copied.
struct credential_checks *credential_checks_create(const struct credential_checks_means *means);
// Drops what waits, and returns when the threads have ended; what is asked later is not checked.
void credential_checks_stop(struct credential_checks *checks);
// Stops too.
void credential_checks_destroy(struct credential_checks *checks);

enum credentials_state credential_checks_ask(struct credential_checks *checks,
                                             const struct credential_question *question);
// Nothing happens, in these two, if that question does not wait any more.
void credential_checks_cancel(struct credential_checks *checks, enum credential_door door,
                              uint64_t number, uint64_t address);
void credential_checks_postpone(struct credential_checks *checks, enum credential_door door,
                                uint64_t number, uint64_t address);

// The passwords have changed: pairs that were right are checked again. In the thread that asks, or
// with a lock that all who ask have.
void credential_checks_forget(struct credential_checks *checks);

// Costs next to nothing.
bool credential_checks_have_answers(const struct credential_checks *checks);
// False: there is none.
bool credential_checks_take(struct credential_checks *checks, struct credential_answer *answer);

#endif
