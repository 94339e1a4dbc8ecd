// Who may publish and read what: access lists in the format of Mosquitto's acl_file, with its
// meaning (mosquitto.conf(5), acl_file).
//
//   # a comment                          who has no user name, until the first `user` line:
//   topic read news/#                      reads news/...
//   topic chat                             reads and writes chat
//   user ann                             ann, and nobody else, from here on:
//   topic write sensors/+/set              writes there
//   topic deny sensors/7/set               but not there
//   pattern readwrite home/%u/%c/#       everybody, with their own user name and client identifier
//
// Whoever has rules by name is judged by them first: denied by a `deny` that matches, else allowed
// by another rule that matches. Then come the patterns, in the same way. What no rule allows is
// denied. A pattern with %u is nothing for those without a user name; a user name or a client
// identifier with `+` or `#` in it has no patterns at all, and what they would allow is denied.
//
// The rules of a user are a trie (topic/tree.h), so a question costs what its topic's levels cost.
// Patterns are found by what stands before their first %, then compared one by one: at most
// ACCESS_PATTERNS_MAX of them.
//
// The rules do not change once they are read: to reload them, read them anew and swap.
#ifndef TOPIC_ACCESS_H
#define TOPIC_ACCESS_H

#include "base/buffer.h"
#include "base/map.h"
#include "topic/tree.h"

#define ACCESS_PATTERNS_MAX 1000u
#define ACCESS_RULES_MAX 1000000u

enum access_kind {
    ACCESS_READ = 1,  // what is published there goes to this client
    ACCESS_WRITE = 2, // this client may publish there
};

// Who asks. `user` counts if has_user.
struct access_client {
    bool has_user;
    struct bytes user;
    struct bytes client_id;
};

enum access_fault {
    ACCESS_OK,
    ACCESS_NO_KEYWORD, // a line that begins with none of user, topic, pattern
    ACCESS_NO_USER,
    ACCESS_NO_TOPIC,
    ACCESS_NO_KIND, // the first of two words is none of read, write, readwrite, deny
    ACCESS_BAD_FILTER,
    ACCESS_NO_PLACEHOLDER, // a pattern without %c and %u
    ACCESS_TOO_MANY_PATTERNS,
    ACCESS_TOO_MANY_RULES,
};

// Where and why a list could not be read. `text` is borrowed from the list: the word in question.
struct access_error {
    enum access_fault fault;
    uint32_t line; // from 1
    struct bytes text;
};

struct access_user {
    struct bytes name; // owned; of those without a user name, the first, it is empty
    struct topic_tree rules;
};

struct access_pattern {
    struct bytes text; // owned
    uint8_t kinds;     // bits of enum access_kind; 0: deny
};

// Access lists as they were read: users, and patterns with the rules on them. Built once, then only
// asked; a reload builds another. Users are found by the hash of their name; two of one hash are a
// chain through `next`.
struct access {
    struct memory *memory;
    uint64_t seed;
    struct access_user *users; // the first is who has no name
    uint32_t *next;            // of the same hash; 0: no more
    uint32_t user_count;
    uint32_t user_capacity;
    uint32_t next_capacity;
    struct map by_name;
    struct access_pattern *patterns;
    uint32_t pattern_count;
    uint32_t pattern_capacity;
    uint32_t rule_count;
    struct topic_tree heads; // of the patterns, up to the level with their first %
};

// What is found out once about a topic that many clients are asked about, as by a message to many
// subscribers: which patterns match it for a client of some name, in a list that is used again, and
// the rules of whoever was asked about last. Others are asked faster then, however many patterns
// there are. From begin to forget the rules stay and the topic is borrowed.
struct access_topic {
    struct memory *memory;
    const struct access *access; // NULL: there is no topic
    struct bytes topic;
    uint32_t *patterns;
    uint32_t count;
    uint32_t capacity;
    bool knows_rules; // of this place in the users:
    uint32_t user;
    unsigned rules; // the bits of those that match
};

void access_init(struct access *access, struct memory *memory, uint64_t seed);
void access_deinit(struct access *access);

// Adds the rules of a list; false: it is not right, see *error, and the rules are to be thrown
// away.
__attribute__((warn_unused_result)) bool access_read(struct access *access, struct bytes list,
                                                     struct access_error *error);

// What is wrong and what to do, for people; a constant without a full stop.
const char *access_fault_text(enum access_fault fault);

// Whether the client may do this with the topic, which has passed topic_name_check.
bool access_allows(const struct access *access, const struct access_client *client,
                   enum access_kind kind, struct bytes topic);

// The same for many clients and one topic.
void access_topic_init(struct access_topic *asked, struct memory *memory);
void access_topic_deinit(struct access_topic *asked);
void access_topic_begin(struct access_topic *asked, const struct access *access,
                        struct bytes topic);
bool access_topic_allows(struct access_topic *asked, const struct access_client *client,
                         enum access_kind kind);
static inline void access_topic_forget(struct access_topic *asked) {
    asked->access = NULL;
}

#endif
