// What the options of an MQTT client come to: its configuration, its broker, its secrets; and the
// will, which commands change.
#ifndef SESSION_MQTT_CLIENT_MQTT_CLIENT_SETUP_H
#define SESSION_MQTT_CLIENT_MQTT_CLIENT_SETUP_H

#include "medium/stream/stream_client.h"
#include "role/mqtt_client/mqtt_client_types.h"
#include "session/mqtt_client/mqtt_client_options.h"
#include "session/mqtt_client/mqtt_words.h"

#define MQTT_CLIENT_SETUP_ID_ROOM 24
#define MQTT_CLIENT_SETUP_KEY_MAX 64 // bytes of a pre-shared key

// What a will is made of; the words' texts stand in `text`.
struct mqtt_client_setup_will {
    struct buffer text;
    struct mqtt_words words;
};

// How it gets to the broker, beside the URL: the options' certificates with the key of --tls-psk,
// which stands in `key` and whose identity begins `psk`; our address, and a SOCKS5 proxy with its
// credentials. All of it is there until the end; secrets are wiped.
struct mqtt_client_setup_way {
    struct stream_tls_trust trust;
    struct stream_route route;
    struct stream_url proxy;
    char *proxy_credentials;
    char *psk;
    uint8_t key[MQTT_CLIENT_SETUP_KEY_MAX];
};

// The configuration is what the role is given; its texts stand in the options, in `credentials`, in
// `storage` (which never moves once it is filled) and in the will.
struct mqtt_client_setup {
    const struct mqtt_client_session_options *options;
    struct memory *memory;
    struct mqtt_client_config config;
    bool ends_session; // it is only to last from one connection to the next
    struct stream_url url;
    struct mqtt_client_setup_way way;
    struct cipher_secret seed;
    char client_id[MQTT_CLIENT_SETUP_ID_ROOM]; // made up; empty: that of the options
    char *credentials;
    struct mqtt_client_setup_will will;
    struct mqtt_words defaults[3]; // of CONNECT, PUBLISH, SUBSCRIBE
    struct buffer storage;         // of their texts
    struct buffer message;         // of an error in the making
};

// An exit code: what is wrong was said on standard error. Deinit it in any case; this wipes
// secrets.
int mqtt_client_setup_init(struct mqtt_client_setup *setup,
                           const struct mqtt_client_session_options *options,
                           struct memory *memory);
void mqtt_client_setup_deinit(struct mqtt_client_setup *setup);

struct bytes mqtt_client_setup_id(const struct mqtt_client_setup *setup);

// Topic, value and what follows. False, with a sentence in setup->message.
bool mqtt_client_setup_set_will(struct mqtt_client_setup *setup, const struct bytes *words,
                                unsigned count);
void mqtt_client_setup_forget_will(struct mqtt_client_setup *setup);
// Likewise any words.
bool mqtt_client_setup_read_words(struct mqtt_client_setup *setup, struct mqtt_words *words,
                                  const struct bytes *texts, unsigned count);

#endif
