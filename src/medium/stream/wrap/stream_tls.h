// TLS 1.2 and 1.3 of one stream, from bytes to bytes, by OpenSSL: it has no socket.
//
// A context holds what is read from a listener's files. A stream keeps the context that it began
// with, also when a newer one is there.
#ifndef MEDIUM_STREAM_WRAP_STREAM_TLS_H
#define MEDIUM_STREAM_WRAP_STREAM_TLS_H

#include <openssl/ssl.h>

#include "base/buffer.h"
#include "medium/stream/stream_error.h"
#include "medium/stream/stream_owner.h"

#define STREAM_TLS_NAME_MAX 256

enum stream_tls_state {
    STREAM_TLS_HANDSHAKE,
    STREAM_TLS_OPEN,
    STREAM_TLS_ENDED,  // the peer closed it
    STREAM_TLS_FAILED, // it is no TLS, or the peer or its certificate is not to be trusted
};

// NULL: the files cannot be used, and *error says why. To be freed by SSL_CTX_free.
SSL_CTX *stream_tls_open_context(const struct stream_listener *how,
                                 struct stream_server_error *error);

// The files of a client; each may be NULL. Without an authority those of the machine count.
struct stream_tls_trust {
    const char *authority;
    const char *certificate; // the client's own, and its key
    const char *key;
    bool is_insecure; // any server is taken for the one that is meant
    const char *alpn; // the protocol that is asked for (RFC 7301), at most 255 bytes; NULL: none
    // A key that both sides know, in place of certificates, and whose it is; NULL: none.
    const char *psk_identity;
    struct bytes psk;
};

// Likewise for a client. `how` is borrowed for the context's life.
SSL_CTX *stream_tls_open_trust(const struct stream_tls_trust *how,
                               struct stream_server_error *error);

struct stream_tls;

// The client's end, with a server whose certificate has to be for this name or address. The first
// call of stream_tls_take, without any bytes, begins.
struct stream_tls *stream_tls_connect(SSL_CTX *context, const char *host, struct memory *memory);
// Why the server's certificate is not trusted; NULL: that is not what failed.
const char *stream_tls_distrust(const struct stream_tls *tls);

struct stream_tls *stream_tls_create(SSL_CTX *context, struct memory *memory);
void stream_tls_destroy(struct stream_tls *tls, struct memory *memory);

// Bytes of the peer, all of which are taken. What they say is appended to `plain`; what is to be
// sent to the peer, to `out`, whatever the result.
enum stream_tls_state stream_tls_take(struct stream_tls *tls, struct bytes cipher,
                                      struct buffer *plain, struct buffer *out);
// Encrypts to `out`. Only while it is open. False: it has failed.
bool stream_tls_put(struct stream_tls *tls, struct bytes plain, struct buffer *out);
// Says to the peer that nothing more comes.
void stream_tls_end(struct stream_tls *tls, struct buffer *out);

// The certificate that the peer showed; NULL: none. It lives as long as the stream's TLS.
X509 *stream_tls_certificate(const struct stream_tls *tls);
// Its common name, or its whole subject as RFC 2253 writes it; false: it has none, or one longer
// than STREAM_TLS_NAME_MAX.
bool stream_tls_common_name(const X509 *certificate, struct buffer *name);
bool stream_tls_subject(const X509 *certificate, struct buffer *name);
// Whether a list that the context has read says that the certificate is revoked.
bool stream_tls_revokes(SSL_CTX *context, const X509 *certificate);

#endif
