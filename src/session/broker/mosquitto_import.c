#include "session/broker/mosquitto_import.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/word_distance.h"
#include "shell/options/option_config.h"
#include "shell/printable.h"
#include "shell/program_exit.h"

#define SETTINGS_MAX 64
#define NOTES_MAX 200

enum what {
    IS_SAME,             // our option takes the value as it is
    IS_LIMIT,            // likewise, but 0 means none: then it is left out
    IS_STORE,            // whether there is one, here a file beside the broker
    IS_EXPIRY,           // a time as 2h, 14d, 3m
    IS_NEEDLESS,         // ours does it always, or has another way that needs no setting
    IS_NONE,             // ours has nothing of it
    IS_LISTENER,         // of the listener at hand, by `field`
    IS_CERTIFICATE_USER, // a flag; `option` is what --certificate-user takes
    IS_LOG,              // where the log goes: "file PATH" or a word
    IS_ANONYMOUS,
    IS_RETAINING,
    IS_PASSWORDS,
    IS_NEW_LISTENER,
    IS_PORT, // of the first listener, in the older way
};

enum field {
    NO_FIELD,
    HOST,
    CERTIFICATE,
    KEY,
    AUTHORITY,
    REVOKED,
    NEEDS_CERTIFICATE,
    PROTOCOL,
    CONNECTIONS, // from here on a rule behind the listener
    ANONYMOUS,
    QOS,
    VERSIONS,
    MOUNT,
    FIELDS,
};

#define RULES (FIELDS - CONNECTIONS)

static const char *const rule_names[FIELDS] = {
    [CONNECTIONS] = "connections", [ANONYMOUS] = "anonymous", [QOS] = "max-qos",
    [VERSIONS] = "versions",       [MOUNT] = "mount",
};

static const struct conf_row {
    const char *key;
    enum what what;
    const char *option; // ours; or why there is none
    enum field field;
    const char *same; // of IS_NONE: the value that is as ours; NULL: none
} rows[] = {
    {"accept_protocol_versions", IS_LISTENER, NULL, VERSIONS, NULL},
    {"acl_file", IS_SAME, "acl-file", NO_FIELD, NULL},
    {"allow_anonymous", IS_ANONYMOUS, NULL, NO_FIELD, NULL},
    {"allow_duplicate_messages", IS_NEEDLESS, NULL, NO_FIELD, NULL},
    {"allow_zero_length_clientid", IS_NONE, "clients may leave their id to the broker", NO_FIELD,
     "true"},
    {"auth_plugin", IS_NONE, "there are no plugins", NO_FIELD, NULL},
    {"auto_id_prefix", IS_NONE, "ids that the broker gives have no prefix", NO_FIELD, NULL},
    {"autosave_interval", IS_NEEDLESS, NULL, NO_FIELD, NULL},
    {"bind_address", IS_LISTENER, NULL, HOST, NULL},
    {"cafile", IS_LISTENER, NULL, AUTHORITY, NULL},
    {"capath", IS_NONE, "--tls-client-ca is a file", NO_FIELD, NULL},
    {"certfile", IS_LISTENER, NULL, CERTIFICATE, NULL},
    {"check_retain_source", IS_NONE, "a retained message stays when its publisher loses rights",
     NO_FIELD, "false"},
    {"ciphers", IS_NONE, "ciphers are those of OpenSSL's default", NO_FIELD, NULL},
    {"ciphers_tls1.3", IS_NONE, "ciphers are those of OpenSSL's default", NO_FIELD, NULL},
    {"connection", IS_NONE, "bridges are set up at the other broker, or by a router", NO_FIELD,
     NULL},
    {"connection_messages", IS_NONE, "--quiet leaves out what is said about clients", NO_FIELD,
     NULL},
    {"crlfile", IS_LISTENER, NULL, REVOKED, NULL},
    {"enable_proxy_protocol", IS_NONE,
     "?proxy=NETWORK behind a listener does it, and names whom to believe", NO_FIELD, "0"},
    {"enable_proxy_protocol_v2_require_tls", IS_NONE, "headers say nothing of TLS here", NO_FIELD,
     "false"},
    {"http_dir", IS_NONE, "files are not served over HTTP", NO_FIELD, NULL},
    {"include_dir", IS_NONE, "its files are to be imported one by one", NO_FIELD, NULL},
    {"keyfile", IS_LISTENER, NULL, KEY, NULL},
    {"listener", IS_NEW_LISTENER, NULL, NO_FIELD, NULL},
    {"listener_allow_anonymous", IS_LISTENER, NULL, ANONYMOUS, NULL},
    {"log_dest", IS_LOG, "log-file", NO_FIELD, NULL},
    {"log_facility", IS_NEEDLESS, NULL, NO_FIELD, NULL},
    {"log_timestamp", IS_NEEDLESS, NULL, NO_FIELD, NULL},
    {"log_timestamp_format", IS_NEEDLESS, NULL, NO_FIELD, NULL},
    {"log_type", IS_NONE, "--log-level chooses by urgency", NO_FIELD, "all"},
    {"max_connections", IS_LISTENER, NULL, CONNECTIONS, NULL},
    {"max_inflight_bytes", IS_LIMIT, "mqtt-max-queue-bytes", NO_FIELD, NULL},
    {"max_inflight_messages", IS_LIMIT, "mqtt-max-in-flight-out", NO_FIELD, NULL},
    {"max_keepalive", IS_LIMIT, "mqtt-max-keep-alive", NO_FIELD, NULL},
    {"max_packet_size", IS_LIMIT, "mqtt-max-packet", NO_FIELD, NULL},
    {"max_qos", IS_LISTENER, NULL, QOS, NULL},
    {"max_queued_bytes", IS_LIMIT, "mqtt-max-queue-bytes", NO_FIELD, NULL},
    {"max_queued_messages", IS_LIMIT, "mqtt-max-queued", NO_FIELD, NULL},
    {"max_topic_alias", IS_SAME, "mqtt-max-aliases", NO_FIELD, NULL},
    {"memory_limit", IS_LIMIT, "memory", NO_FIELD, NULL},
    {"message_size_limit", IS_LIMIT, "mqtt-max-packet", NO_FIELD, NULL},
    {"mount_point", IS_LISTENER, NULL, MOUNT, NULL},
    {"password_file", IS_PASSWORDS, NULL, NO_FIELD, NULL},
    {"per_listener_settings", IS_NONE, "users and access lists are the same at every listener",
     NO_FIELD, "false"},
    {"persistence", IS_STORE, "store", NO_FIELD, NULL},
    {"persistence_file", IS_NONE, "--store names one file", NO_FIELD, NULL},
    {"persistence_location", IS_NONE, "--store names one file", NO_FIELD, NULL},
    {"persistent_client_expiration", IS_EXPIRY, "session-expiry", NO_FIELD, NULL},
    {"pid_file", IS_NEEDLESS, NULL, NO_FIELD, NULL},
    {"plugin", IS_NONE, "there are no plugins", NO_FIELD, NULL},
    {"port", IS_PORT, NULL, NO_FIELD, NULL},
    {"protocol", IS_LISTENER, NULL, PROTOCOL, NULL},
    {"psk_file", IS_NONE, "TLS is by certificates", NO_FIELD, NULL},
    {"psk_hint", IS_NONE, "TLS is by certificates", NO_FIELD, NULL},
    {"queue_qos0_messages", IS_NONE, "messages of QoS 0 do not wait for absent clients", NO_FIELD,
     "false"},
    {"require_certificate", IS_LISTENER, NULL, NEEDS_CERTIFICATE, NULL},
    {"retain_available", IS_RETAINING, NULL, NO_FIELD, NULL},
    {"retry_interval", IS_NEEDLESS, NULL, NO_FIELD, NULL},
    {"set_tcp_nodelay", IS_NEEDLESS, NULL, NO_FIELD, NULL},
    {"socket_domain", IS_NONE, "a host with : is IPv6", NO_FIELD, NULL},
    {"sys_interval", IS_SAME, "statistics", NO_FIELD, NULL},
    {"tls_version", IS_NEEDLESS, NULL, NO_FIELD, NULL},
    {"upgrade_outgoing_qos", IS_NONE, "a message keeps its QoS", NO_FIELD, "false"},
    {"use_identity_as_username", IS_CERTIFICATE_USER, "cn", NO_FIELD, NULL},
    {"use_subject_as_username", IS_CERTIFICATE_USER, "subject", NO_FIELD, NULL},
    {"use_username_as_clientid", IS_NONE, "clients name themselves", NO_FIELD, "false"},
    {"user", IS_NONE, "a service manager chooses the user", NO_FIELD, NULL},
    {"websockets_headers_size", IS_NEEDLESS, NULL, NO_FIELD, NULL},
    {"websockets_log_level", IS_NEEDLESS, NULL, NO_FIELD, NULL},
    {"websockets_origin", IS_SAME, "websocket-origin", NO_FIELD, NULL},
};

// A `listener` of the file, or the one that it has by default, until it is written as an option.
// Its texts are copies that are freed with the import.
struct listener {
    char *port; // a number, or 0 and then `host` is a path
    char *host; // NULL: every address
    char *certificate;
    char *key;
    char *authority;
    char *revoked;
    char *rules[RULES];
    unsigned line;
    bool is_websocket;
    bool needs_certificate;
};

struct setting {
    const char *option;
    char *value;
};

// What the file says, line by line, until it is written: its listeners, settings that have an
// equivalent, and notes about what has none. Texts are copies, freed at the end; what has no room
// is counted.
struct import {
    const char *path;
    unsigned line;
    struct listener listeners[MOSQUITTO_IMPORT_LISTENERS_MAX]; // the first is that of `port`
    unsigned listener_count;
    bool has_default; // the first one was asked for, or there is no other
    struct setting settings[SETTINGS_MAX];
    unsigned setting_count;
    char *passwords;
    int anonymous;                // -1: not said
    const char *certificate_user; // NULL: nobody
    bool retains_nothing;
    char *notes[NOTES_MAX];
    unsigned note_count;
    unsigned unsaid;  // notes that had no room
    unsigned without; // lines without an equivalent
};

// ---- notes ----------------------------------------------------------------------------------

static void note(struct import *import, const char *key, const char *why) {
    import->without++;
    if (import->note_count == NOTES_MAX) {
        import->unsaid++;
        return;
    }
    char *text = NULL;
    int size = asprintf(&text, "line %u: %s: %s", import->line, key, why);
    ASSERT_MESSAGE(size > 0, "out of memory");
    import->notes[import->note_count++] = text;
}

static char *copy(const char *text) {
    char *made = strdup(text);
    ASSERT_MESSAGE(made != NULL, "out of memory");
    return made;
}

static void put(char **place, const char *value) {
    free(*place);
    *place = copy(value);
}

// ---- lines ----------------------------------------------------------------------------------

static bool is_true(const char *value) {
    return strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
}

static void set(struct import *import, const char *key, const char *option, const char *value) {
    for (unsigned i = 0; i < import->setting_count; i++) {
        if (strcmp(import->settings[i].option, option) == 0) {
            put(&import->settings[i].value, value);
            return;
        }
    }
    if (import->setting_count == SETTINGS_MAX) {
        note(import, key, "there are too many settings");
        return;
    }
    import->settings[import->setting_count++] = (struct setting){option, copy(value)};
}

// "2h", "14d", "1m", "1y" into seconds; a month has 30 days, as there.
static void set_expiry(struct import *import, const struct conf_row *row, const char *value) {
    static const struct {
        char unit;
        unsigned long seconds;
    } units[] = {{'h', 3600}, {'d', 86400}, {'w', 604800}, {'m', 2592000}, {'y', 31536000}};
    char *end = NULL;
    unsigned long count = strtoul(value, &end, 10);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (*end == units[i].unit && end[1] == '\0' && count > 0 && count < 100000) {
            char seconds[32];
            (void)snprintf(seconds, sizeof seconds, "%lu", count * units[i].seconds);
            set(import, row->key, row->option, seconds);
            return;
        }
    }
    note(import, row->key, "not a time such as 12h, 14d or 2m");
}

static struct listener *present_listener(struct import *import) {
    bool is_default = import->listener_count == 1;
    import->has_default = import->has_default || is_default;
    return &import->listeners[import->listener_count - 1];
}

// Ours ends at a level of the topic, so that no name within one level is cut.
static bool is_mount(const char *value) {
    size_t size = strlen(value);
    return size > 1 && value[size - 1] == '/' && strpbrk(value, "+#,&") == NULL && value[0] != '$';
}

// "3,4,5", with blanks or without, as ours names them; empty: it is no such list.
static void read_versions(const char *value, char text[static 16]) {
    static const char *const names[] = {"3.1", "3.1.1", "5"};
    text[0] = '\0';
    for (int i = 0; i < 3; i++) {
        if (strchr(value, '3' + i) != NULL) {
            (void)snprintf(text + strlen(text), 16 - strlen(text), "%s%s",
                           text[0] == '\0' ? "" : "+", names[i]);
        }
    }
}

static void set_rule(struct import *import, struct listener *listener, const struct conf_row *row,
                     const char *value) {
    char versions[16];
    if (row->field == MOUNT && !is_mount(value)) {
        note(import, row->key, "?mount=PREFIX/ behind a listener does it, if it ends with /");
        return;
    }
    if (row->field == VERSIONS) {
        read_versions(value, versions);
        value = versions;
    } else if (row->field == ANONYMOUS) {
        value = is_true(value) ? "yes" : "no";
    }
    bool is_all = value[0] == '\0' || (row->field == CONNECTIONS && value[0] == '-') ||
                  (row->field == QOS && strcmp(value, "2") == 0);
    if (!is_all) {
        put(&listener->rules[row->field - CONNECTIONS], value);
    }
}

static void set_field(struct import *import, const struct conf_row *row, const char *value) {
    struct listener *listener = present_listener(import);
    ASSERT(row->field != NO_FIELD);
    switch (row->field) {
    case HOST:
        put(&listener->host, value);
        return;
    case CERTIFICATE:
        put(&listener->certificate, value);
        return;
    case KEY:
        put(&listener->key, value);
        return;
    case AUTHORITY:
        put(&listener->authority, value);
        return;
    case REVOKED:
        put(&listener->revoked, value);
        return;
    case NEEDS_CERTIFICATE:
        listener->needs_certificate = is_true(value);
        return;
    case CONNECTIONS:
    case ANONYMOUS:
    case QOS:
    case VERSIONS:
    case MOUNT:
        set_rule(import, listener, row, value);
        return;
    case PROTOCOL:
        listener->is_websocket = strcmp(value, "websockets") == 0;
        return;
    case NO_FIELD:
    case FIELDS:
        return;
    }
}

// "PORT [HOST or path]"
static void add_listener(struct import *import, const char *key, char *value) {
    if (import->listener_count == MOSQUITTO_IMPORT_LISTENERS_MAX) {
        note(import, key, "there are more listeners than this broker has room for");
        return;
    }
    char *host = strchr(value, ' ');
    if (host != NULL) {
        *host++ = '\0';
        host += strspn(host, " ");
    }
    struct listener *listener = &import->listeners[import->listener_count++];
    *listener = (struct listener){.port = copy(value),
                                  .host = host == NULL || *host == '\0' ? NULL : copy(host),
                                  .line = import->line};
}

static const struct conf_row *row_of(const char *key) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].key, key) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

static void note_unknown(struct import *import, const char *key) {
    struct word_nearest nearest;
    char why[128];
    if (strncmp(key, "bridge_", 7) == 0) {
        note(import, key, "bridges are set up at the other broker, or by a router");
        return;
    }
    word_nearest_init(&nearest, bytes_of_text(key));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        word_nearest_try(&nearest, bytes_of_text(rows[i].key));
    }
    (void)snprintf(why, sizeof why, "not known%s%.*s",
                   nearest.word.data == NULL ? "" : "; near to ", (int)nearest.word.size,
                   (const char *)nearest.word.data);
    note(import, key, why);
}

// To standard error, and so to the journal, it goes by itself.
static void set_log(struct import *import, const struct conf_row *row, const char *value) {
    if (strncmp(value, "file ", 5) == 0) {
        set(import, row->key, row->option, value + 5 + strspn(value + 5, " "));
    } else if (strcmp(value, "topic") == 0) {
        note(import, row->key, "the log does not go to topics");
    } else if (strcmp(value, "none") == 0) {
        note(import, row->key, "--quiet leaves out what is said about clients");
    }
}

static void take(struct import *import, const struct conf_row *row, char *value) {
    switch (row->what) {
    case IS_SAME:
        set(import, row->key, row->option, value);
        return;
    case IS_LIMIT:
        if (strcmp(value, "0") != 0) {
            set(import, row->key, row->option, value);
        }
        return;
    case IS_STORE:
        if (is_true(value)) {
            set(import, row->key, row->option, "broker.store");
        }
        return;
    case IS_EXPIRY:
        set_expiry(import, row, value);
        return;
    case IS_NEEDLESS:
        return;
    case IS_NONE:
        if (row->same == NULL || strcmp(row->same, value) != 0) {
            note(import, row->key, row->option);
        }
        return;
    case IS_LISTENER:
        set_field(import, row, value);
        return;
    case IS_CERTIFICATE_USER:
        import->certificate_user = is_true(value) ? row->option : import->certificate_user;
        return;
    case IS_LOG:
        set_log(import, row, value);
        return;
    case IS_ANONYMOUS:
        import->anonymous = is_true(value);
        return;
    case IS_RETAINING:
        import->retains_nothing = !is_true(value);
        return;
    case IS_PASSWORDS:
        put(&import->passwords, value);
        return;
    case IS_NEW_LISTENER:
        add_listener(import, row->key, value);
        return;
    case IS_PORT:
        import->has_default = true;
        put(&import->listeners[0].port, value);
        return;
    }
}

// What is no text would reach a terminal.
static void make_printable(char *line) {
    for (; *line != '\0'; line++) {
        bool is_control = (unsigned char)*line < ' ' || *line == 0x7f;
        *line = is_control && *line != '\t' ? '?' : *line;
    }
}

static void read_line(struct import *import, char *line) {
    line[strcspn(line, "\r\n")] = '\0';
    make_printable(line);
    line += strspn(line, " \t");
    size_t end = strlen(line);
    while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t')) {
        line[--end] = '\0';
    }
    if (*line == '\0' || *line == '#') {
        return;
    }
    size_t size = strcspn(line, " \t");
    char *value = line + size + strspn(line + size, " \t");
    line[size] = '\0';
    const struct conf_row *row = row_of(line);
    if (row == NULL) {
        note_unknown(import, line);
    } else if (*value == '\0') {
        note(import, line, "has no value");
    } else {
        take(import, row, value);
    }
}

static void read_lines(struct import *import, FILE *file) {
    static char line[MOSQUITTO_IMPORT_LINE_MAX];
    while (fgets(line, sizeof line, file) != NULL) {
        import->line++;
        if (strlen(line) + 1 == sizeof line && line[sizeof line - 2] != '\n') {
            note(import, "a line", "is too long");
            while (fgets(line, sizeof line, file) != NULL && strchr(line, '\n') == NULL) {
            }
        } else {
            read_line(import, line);
        }
    }
}

// ---- what it comes to -----------------------------------------------------------------------

static void write_setting(FILE *out, const char *option, const char *value) {
    fprintf(out, "%s: ", option);
    option_config_quote(out, value);
    fputc('\n', out);
}

static bool is_tls(const struct listener *listener) {
    return listener->certificate != NULL;
}

static const char *kind_of(const struct listener *listener) {
    if (strcmp(listener->port, "0") == 0) {
        return "mqtt-unix";
    }
    return listener->is_websocket ? is_tls(listener) ? "websockets" : "websocket"
           : is_tls(listener)     ? "mqtts"
                                  : "mqtt";
}

static void write_rules(FILE *text, const struct import *import, const struct listener *listener) {
    const char *mark = "?";
    for (int i = 0; i < RULES; i++) {
        if (listener->rules[i] != NULL) {
            fprintf(text, "%s%s=%s", mark, rule_names[CONNECTIONS + i], listener->rules[i]);
            mark = "&";
        }
    }
    if (import->retains_nothing) {
        fprintf(text, "%sretain=no", mark);
    }
}

static void write_place(FILE *text, const struct listener *listener) {
    const char *host = listener->host == NULL ? "*" : listener->host;
    bool is_six = strchr(host, ':') != NULL;
    if (strcmp(listener->port, "0") == 0) {
        fputs(host, text);
    } else {
        fprintf(text, "%s%s%s:%s", is_six ? "[" : "", host, is_six ? "]" : "", listener->port);
    }
}

// Those of one kind stand in one option.
static void write_listeners(const struct import *import, FILE *out) {
    static const char *const kinds[] = {"mqtt", "mqtts", "websocket", "websockets", "mqtt-unix"};
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        char *text = NULL;
        size_t size = 0;
        FILE *list = open_memstream(&text, &size);
        ASSERT_MESSAGE(list != NULL, "out of memory");
        for (unsigned i = import->has_default ? 0 : 1; i < import->listener_count; i++) {
            if (strcmp(kind_of(&import->listeners[i]), kinds[kind]) == 0) {
                fputs(ftell(list) > 0 ? "," : "", list);
                write_place(list, &import->listeners[i]);
                write_rules(list, import, &import->listeners[i]);
            }
        }
        (void)fclose(list);
        if (size > 0) {
            write_setting(out, kinds[kind], text);
        }
        free(text);
    }
}

// Ours has one certificate for all listeners.
static void write_tls(struct import *import, FILE *out) {
    const struct listener *first = NULL;
    for (unsigned i = 0; i < import->listener_count; i++) {
        const struct listener *listener = &import->listeners[i];
        if (!is_tls(listener)) {
            continue;
        }
        if (first == NULL) {
            first = listener;
        } else if (strcmp(first->certificate, listener->certificate) != 0 ||
                   first->needs_certificate != listener->needs_certificate) {
            import->line = listener->line;
            note(import, "certfile", "all listeners have the first one's certificate and rules");
        }
    }
    if (first == NULL) {
        return;
    }
    write_setting(out, "tls-certificate", first->certificate);
    if (first->key != NULL) {
        write_setting(out, "tls-key", first->key);
    }
    if (first->needs_certificate && first->authority != NULL) {
        write_setting(out, "tls-client-ca", first->authority);
        if (first->revoked != NULL) {
            write_setting(out, "tls-crl", first->revoked);
        }
        if (import->certificate_user != NULL) { // without certificates it says nothing there, too
            write_setting(out, "certificate-user", import->certificate_user);
        }
    }
}

static void write_users(const struct import *import, FILE *out) {
    bool is_local = import->listener_count == 1 && !import->has_default;
    bool lets_anybody_in = import->anonymous < 0 ? is_local : import->anonymous > 0;
    if (import->passwords != NULL) {
        write_setting(out, "password-file", import->passwords);
    } else if (!lets_anybody_in) {
        fputs("# Nobody may come in without a user, and there are none.\n", out);
        write_setting(out, "password-file", "/dev/null");
    }
    if (lets_anybody_in && (import->passwords != NULL || !is_local)) {
        fputs("anonymous: yes\n", out);
    }
}

static void write_all(struct import *import, FILE *out) {
    unsigned lines = import->line;
    fprintf(out, "# What %s comes to, by broker --import-mosquitto.\n", import->path);
    if (import->listener_count == 1 && !import->has_default) { // of this machine only, as there
        write_setting(out, "mqtt", import->retains_nothing ? "1883?retain=no" : "1883");
    }
    write_listeners(import, out);
    write_tls(import, out);
    write_users(import, out);
    import->line = lines;
    for (unsigned i = 0; i < import->setting_count; i++) {
        write_setting(out, import->settings[i].option, import->settings[i].value);
    }
    if (import->note_count > 0) {
        fputs("\n# Without an equivalent:\n", out);
    }
    for (unsigned i = 0; i < import->note_count; i++) {
        fprintf(out, "#   %s\n", import->notes[i]);
    }
    if (import->unsaid > 0) {
        fprintf(out, "#   and %u more\n", import->unsaid);
    }
}

static void free_import(struct import *import) {
    for (unsigned i = 0; i < import->listener_count; i++) {
        struct listener *listener = &import->listeners[i];
        char *const texts[] = {listener->port, listener->host,      listener->certificate,
                               listener->key,  listener->authority, listener->revoked};
        for (size_t j = 0; j < sizeof texts / sizeof *texts; j++) {
            free(texts[j]);
        }
        for (int j = 0; j < RULES; j++) {
            free(listener->rules[j]);
        }
    }
    for (unsigned i = 0; i < import->setting_count; i++) {
        free(import->settings[i].value);
    }
    for (unsigned i = 0; i < import->note_count; i++) {
        free(import->notes[i]);
    }
    free(import->passwords);
    free(import);
}

int mosquitto_import(const char *path, FILE *out) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        printable_complain("broker: --import-mosquitto %s: %s\n", path, strerror(errno));
        return PROGRAM_UNUSABLE;
    }
    struct import *import = calloc(1, sizeof *import);
    ASSERT_MESSAGE(import != NULL, "out of memory");
    import->path = path;
    import->anonymous = -1;
    import->listener_count = 1;
    import->listeners[0].port = copy("1883");
    read_lines(import, file);
    int error = ferror(file) ? errno : 0;
    (void)fclose(file);
    if (error != 0) {
        printable_complain("broker: --import-mosquitto %s: %s\n", path, strerror(error));
    } else {
        write_all(import, out);
        printable_complain("%s: %u lines, %u without an equivalent\n", path, import->line,
                           import->without);
    }
    free_import(import);
    return error == 0 ? PROGRAM_OK : PROGRAM_UNUSABLE;
}
