// Certificates for tests of TLS, made when they are needed.
#ifndef TEST_MEDIUM_STREAM_STREAM_PKI_H
#define TEST_MEDIUM_STREAM_STREAM_PKI_H

#include "medium/stream/stream_support.h"

// Paths of PEM files.
struct pki {
    char *folder;
    char *authority;
    char *server;
    char *server_key;
    char *client;
    char *client_key;
};

struct pki *pki_create(const char *server_name);
// A new key and certificate for the server, in the same files.
void pki_renew_server(struct pki *pki, const char *server_name);
void pki_destroy(struct pki *pki);

// A client's context that trusts the authority; `version` 0: any. To be freed by SSL_CTX_free.
SSL_CTX *pki_client(const struct pki *pki, bool shows_certificate, int version);
// NULL: the handshake failed.
struct peer *pki_connect(SSL_CTX *context, uint16_t port);
void pki_close(struct peer *peer);
// The common name in the server's certificate.
void pki_server_name(const struct peer *peer, char name[64]);

#endif
