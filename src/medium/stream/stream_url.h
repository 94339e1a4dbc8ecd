// Where a broker is, as it is typed:
//
//   mqtt://HOST[:PORT]          TCP, port 1883
//   mqtts://HOST[:PORT]         TLS, port 8883
//   ws://HOST[:PORT][/PATH]     WebSocket, port 80, path /mqtt
//   wss://HOST[:PORT][/PATH]    WebSocket over TLS, port 443
//   unix:PATH                   a Unix socket
//
// An IPv6 address is in brackets. A user name may precede the host (ada@HOST). A password may not:
// everybody on the machine can read arguments.
#ifndef MEDIUM_STREAM_STREAM_URL_H
#define MEDIUM_STREAM_STREAM_URL_H

#include <stdbool.h>

#include "base/bytes.h"

#define STREAM_URL_HOST_MAX 256
#define STREAM_URL_PATH_MAX 256
#define STREAM_URL_USER_MAX 128

struct stream_url {
    bool is_tls;
    bool is_websocket;
    bool is_unix; // path is that of the socket
    char host[STREAM_URL_HOST_MAX];
    char port[6];
    char path[STREAM_URL_PATH_MAX];
    char user[STREAM_URL_USER_MAX]; // empty: none
};

// NULL, or what is wrong, for people; a constant.
const char *stream_url_read(struct stream_url *url, struct bytes text);
// A SOCKS5 proxy that looks names up: socks5h://[USER@]HOST[:PORT], port 1080. Likewise.
const char *stream_url_read_proxy(struct stream_url *url, struct bytes text);
// The same as `url`, but with the host and port of a server reference (MQTT 5.0, section 4.11): the
// first of a list that blanks separate. NULL, or what is wrong.
const char *stream_url_refer(struct stream_url *url, struct bytes reference);

#endif
