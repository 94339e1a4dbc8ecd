#include "medium/stream/stream_pki.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

#define DAY_S 86400

struct issuer {
    EVP_PKEY *key;
    X509 *certificate;
};

static void save(const char *path, X509 *certificate, EVP_PKEY *key) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(certificate != NULL
                         ? PEM_write_X509(file, certificate)
                         : PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL),
                     1);
    (void)fclose(file);
}

static struct issuer load(const char *certificate_path, const char *key_path) {
    struct issuer issuer;
    FILE *file = fopen(certificate_path, "r");
    assert_non_null(file);
    issuer.certificate = PEM_read_X509(file, NULL, NULL, NULL);
    (void)fclose(file);
    file = fopen(key_path, "r");
    assert_non_null(file);
    issuer.key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
    (void)fclose(file);
    return issuer;
}

// Signed by itself if `issuer` is NULL.
static void issue(const char *name, const struct issuer *issuer, const char *path,
                  const char *key_path) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_NAME *subject = X509_get_subject_name(certificate);
    assert_int_equal(X509_set_version(certificate, X509_VERSION_3), 1);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), rand());
    X509_gmtime_adj(X509_getm_notBefore(certificate), -DAY_S);
    X509_gmtime_adj(X509_getm_notAfter(certificate), DAY_S);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1,
                               0);
    X509_set_issuer_name(certificate,
                         issuer == NULL ? subject : X509_get_subject_name(issuer->certificate));
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints,
                                                    issuer == NULL ? "CA:TRUE" : "CA:FALSE");
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(certificate, issuer == NULL ? key : issuer->key, EVP_sha256());
    save(path, certificate, NULL);
    save(key_path, NULL, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

static void issue_by_authority(const struct pki *pki, const char *name, const char *path,
                               const char *key_path) {
    char *authority_key = support_path(pki->folder, "authority.key");
    struct issuer authority = load(pki->authority, authority_key);
    issue(name, &authority, path, key_path);
    X509_free(authority.certificate);
    EVP_PKEY_free(authority.key);
    free(authority_key);
}

struct pki *pki_create(const char *server_name) {
    struct pki *pki = calloc(1, sizeof *pki);
    pki->folder = support_make_folder();
    pki->authority = support_path(pki->folder, "authority.pem");
    pki->server = support_path(pki->folder, "server.pem");
    pki->server_key = support_path(pki->folder, "server.key");
    pki->client = support_path(pki->folder, "client.pem");
    pki->client_key = support_path(pki->folder, "client.key");
    char *authority_key = support_path(pki->folder, "authority.key");
    issue("authority", NULL, pki->authority, authority_key);
    free(authority_key);
    issue_by_authority(pki, server_name, pki->server, pki->server_key);
    issue_by_authority(pki, "device 7", pki->client, pki->client_key);
    return pki;
}

void pki_renew_server(struct pki *pki, const char *server_name) {
    issue_by_authority(pki, server_name, pki->server, pki->server_key);
}

void pki_destroy(struct pki *pki) {
    support_remove_folder(pki->folder);
    free(pki->authority);
    free(pki->server);
    free(pki->server_key);
    free(pki->client);
    free(pki->client_key);
    free(pki);
}

SSL_CTX *pki_client(const struct pki *pki, bool shows_certificate, int version) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    assert_int_equal(SSL_CTX_load_verify_file(context, pki->authority), 1);
    if (version != 0) {
        SSL_CTX_set_min_proto_version(context, version);
        SSL_CTX_set_max_proto_version(context, version);
    }
    if (shows_certificate) {
        assert_int_equal(SSL_CTX_use_certificate_file(context, pki->client, SSL_FILETYPE_PEM), 1);
        assert_int_equal(SSL_CTX_use_PrivateKey_file(context, pki->client_key, SSL_FILETYPE_PEM),
                         1);
    }
    return context;
}

struct peer *pki_connect(SSL_CTX *context, uint16_t port) {
    struct peer *peer = calloc(1, sizeof *peer);
    peer->fd = connect_port(port);
    peer->ssl = SSL_new(context);
    SSL_set_fd(peer->ssl, peer->fd);
    if (SSL_connect(peer->ssl) != 1) {
        pki_close(peer);
        return NULL;
    }
    return peer;
}

void pki_close(struct peer *peer) {
    peer_close(peer);
    free(peer);
}

void pki_server_name(const struct peer *peer, char name[64]) {
    const X509 *certificate = SSL_get0_peer_certificate(peer->ssl);
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, 64);
}
