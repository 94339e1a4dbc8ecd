// docs/openapi.json against the program: each exchange below is looked up in the document, which
// has to know its status, headers and the members of its body; and in the end each answer that the
// document knows has to have been seen.
#include "master.h"

#define SEEN_MAX 128

static json_t *document;
static char seen[SEEN_MAX][128]; // "METHOD path status"
static unsigned seen_count;

// ---- the document ---------------------------------------------------------------------------

static void load_document(void) {
    char path[PATH_MAX] = {0};
    json_error_t error;
    assert_true(readlink("/proc/self/exe", path, sizeof path - 64) > 0);
    char *root = dirname(dirname(dirname(dirname(dirname(path)))));
    char *name = NULL;
    assert_true(asprintf(&name, "%s/docs/openapi.json", root) > 0);
    document = json_load_file(name, 0, &error);
    if (document == NULL) {
        print_error("%s: %s at line %d\n", name, error.text, error.line);
    }
    assert_non_null(document);
    free(name);
}

// Follows {"$ref": "#/components/kind/name"}.
static const json_t *resolve(const json_t *value) {
    const char *reference = json_string_value(json_object_get(value, "$ref"));
    if (reference == NULL) {
        return value;
    }
    char part[64];
    const json_t *at = document;
    int used = 0;
    assert_int_equal(strncmp(reference, "#/", 2), 0);
    for (const char *rest = reference + 1; *rest != '\0'; rest += used) {
        assert_int_equal(sscanf(rest, "/%63[^/]%n", part, &used), 1);
        at = json_object_get(at, part);
    }
    if (at == NULL) {
        print_error("%s leads nowhere\n", reference);
    }
    assert_non_null(at);
    return at;
}

static bool is_of_type(const json_t *value, const char *type) {
    return strcmp(type, "integer") == 0   ? json_is_integer(value)
           : strcmp(type, "number") == 0  ? json_is_number(value)
           : strcmp(type, "string") == 0  ? json_is_string(value)
           : strcmp(type, "boolean") == 0 ? json_is_boolean(value)
           : strcmp(type, "array") == 0   ? json_is_array(value)
                                          : json_is_object(value);
}

static void check_value(const json_t *value, const json_t *schema, const char *name);

static void check_members(const json_t *object, const json_t *schema) {
    const json_t *properties = json_object_get(schema, "properties");
    const json_t *required = json_object_get(schema, "required");
    for (size_t i = 0; i < json_array_size(required); i++) {
        const char *name = json_string_value(json_array_get(required, i));
        if (json_object_get(object, name) == NULL) {
            print_error("%s is missing\n", name);
            fail();
        }
    }
    for (void *at = json_object_iter((json_t *)(uintptr_t)object); at != NULL;
         at = json_object_iter_next((json_t *)(uintptr_t)object, at)) {
        const char *name = json_object_iter_key(at);
        const json_t *property = json_object_get(properties, name);
        if (property == NULL) {
            print_error("%s is not documented\n", name);
            fail();
        }
        check_value(json_object_iter_value(at), resolve(property), name);
    }
}

static void check_value(const json_t *value, const json_t *schema, const char *name) {
    const char *type = json_string_value(json_object_get(schema, "type"));
    if (!is_of_type(value, type)) {
        print_error("%s is no %s\n", name, type);
        fail();
    }
    if (json_is_object(value)) {
        check_members(value, schema);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        check_value(json_array_get(value, i), resolve(json_object_get(schema, "items")), name);
    }
}

// ---- an exchange ----------------------------------------------------------------------------

static void check_headers(const struct http_answer *answer, const json_t *response) {
    const json_t *headers = json_object_get(response, "headers");
    for (void *at = json_object_iter((json_t *)(uintptr_t)headers); at != NULL;
         at = json_object_iter_next((json_t *)(uintptr_t)headers, at)) {
        const char *value = http_header(answer, json_object_iter_key(at));
        const json_t *header = resolve(json_object_iter_value(at));
        const json_t *schema = resolve(json_object_get(header, "schema"));
        if (value[0] == '\0') {
            print_error("no header %s\n", json_object_iter_key(at));
            fail();
        }
        if (strcmp(json_string_value(json_object_get(schema, "type")), "integer") == 0) {
            assert_int_equal(strspn(value, "0123456789"), strlen(value));
        }
    }
    static const char *const own[] = {"Mailbox-Last", "Mailbox-Missing", "Retry-After",
                                      "WWW-Authenticate"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        bool present = http_header(answer, own[i])[0] != '\0';
        assert_int_equal(present, json_object_get(headers, own[i]) != NULL);
    }
}

static void check_body(const struct http_answer *answer, const json_t *response) {
    const json_t *content = json_object_get(response, "content");
    char type[64];
    (void)snprintf(type, sizeof type, "%s", http_header(answer, "Content-Type"));
    type[strcspn(type, ";")] = '\0';
    if (content == NULL) {
        assert_int_equal(answer->size, 0);
        return;
    }
    const json_t *media = json_object_get(content, type);
    assert_non_null(media);
    if (strcmp(type, "application/json") == 0) {
        json_t *body = json_loads(answer->body, 0, NULL);
        assert_non_null(body);
        check_value(body, resolve(json_object_get(media, "schema")), "the body");
        json_decref(body);
    }
}

static void note(const char *text) {
    for (unsigned i = 0; i < seen_count; i++) {
        if (strcmp(seen[i], text) == 0) {
            return;
        }
    }
    assert_true(seen_count < SEEN_MAX);
    (void)snprintf(seen[seen_count++], sizeof *seen, "%s", text);
}

// `path` is that of the document, `request` has the one to ask for.
static void check_answer(const char *path, const struct http_request *request,
                         const struct http_answer *answer) {
    char text[128];
    char method[16];
    char code[8];
    (void)snprintf(code, sizeof code, "%u", answer->status);
    (void)snprintf(method, sizeof method, "%s", request->method);
    for (char *at = method; *at != '\0'; at++) {
        *at = (char)(*at + 32);
    }
    const json_t *item = json_object_get(json_object_get(document, "paths"), path);
    const json_t *operation = json_object_get(item, method);
    const json_t *response = json_object_get(json_object_get(operation, "responses"), code);
    (void)snprintf(text, sizeof text, "%s %s %s", method, path, code);
    if (response == NULL) {
        print_error("%s is not documented\n", text);
        fail();
    }
    response = resolve(response);
    check_headers(answer, response);
    check_body(answer, response);
    note(text);
}

static void exchange(int fd, const char *path, unsigned status,
                     const struct http_request *request) {
    struct http_answer answer = http_expect_with(fd, status, request);
    check_answer(path, request, &answer);
    http_free(&answer);
}

#define EXCHANGE(fd, path, status, ...) \
    exchange((fd), (path), (status), &(struct http_request){__VA_ARGS__})

// ---- all of them ----------------------------------------------------------------------------

#define GATES "/v1/gates"
#define GATE "/v1/gates/{gate}"
#define PACKETS "/v1/gates/{gate}/packets"
#define MAILBOX "/v1/gates/{gate}/mailbox"
#define TOKEN "Authorization: Bearer 0123456789abcdef0123\r\n"
#define SECRET "00112233445566778899aabbccddeeff"
#define LEASE "{\"gate\":7,\"secret\":\"" SECRET "\"}"
#define HEADERS TOKEN "Lease-Secret: " SECRET "\r\n"

static void right_requests(int fd) {
    EXCHANGE(fd, GATES, 201, "POST", "/v1/gates", TOKEN, LEASE);
    EXCHANGE(fd, GATES, 200, "POST", "/v1/gates", TOKEN, LEASE);
    EXCHANGE(fd, GATES, 200, "GET", "/v1/gates", TOKEN, NULL);
    EXCHANGE(fd, PACKETS, 200, "POST", "/v1/gates/7/packets?first=1", HEADERS,
             LINE(7001, 7002, "own") LINE(7001, 9001, "unreachable"));
    EXCHANGE(fd, MAILBOX, 200, "GET", "/v1/gates/7/mailbox", HEADERS, NULL);
    EXCHANGE(fd, MAILBOX, 204, "GET", "/v1/gates/7/mailbox?after=1&wait=0&max=100000", HEADERS,
             NULL);
    EXCHANGE(fd, "/metrics", 200, "GET", "/metrics", NULL, NULL);
    EXCHANGE(fd, "/healthz", 200, "GET", "/healthz", NULL, NULL);
}

static void wrong_requests(int fd) {
    EXCHANGE(fd, GATES, 400, "POST", "/v1/gates", TOKEN, "{\"gate\":0}");
    EXCHANGE(fd, GATES, 401, "POST", "/v1/gates", NULL, "{}");
    EXCHANGE(fd, GATES, 401, "GET", "/v1/gates", NULL, NULL);
    EXCHANGE(fd, GATES, 403, "POST", "/v1/gates", TOKEN "Origin: http://a\r\n", "{}");
    EXCHANGE(fd, GATES, 409, "POST", "/v1/gates", TOKEN, "{\"gate\":7}");
    EXCHANGE(fd, GATES, 503, "POST", "/v1/gates", TOKEN, "{\"gate\":8}");
    EXCHANGE(fd, PACKETS, 400, "POST", "/v1/gates/7/packets?first=3", HEADERS, "x\n");
    EXCHANGE(fd, PACKETS, 401, "POST", "/v1/gates/7/packets?first=3", NULL, "x\n");
    EXCHANGE(fd, PACKETS, 403, "POST", "/v1/gates/7/packets?first=3", TOKEN, "x\n");
    EXCHANGE(fd, PACKETS, 404, "POST", "/v1/gates/0/packets?first=3", HEADERS, "x\n");
    EXCHANGE(fd, PACKETS, 409, "POST", "/v1/gates/7/packets?first=9", HEADERS,
             LINE(7001, 0, "gap"));
    EXCHANGE(fd, MAILBOX, 400, "GET", "/v1/gates/7/mailbox?wait=61", HEADERS, NULL);
    EXCHANGE(fd, MAILBOX, 401, "GET", "/v1/gates/7/mailbox", NULL, NULL);
    EXCHANGE(fd, MAILBOX, 403, "GET", "/v1/gates/7/mailbox", TOKEN, NULL);
    EXCHANGE(fd, MAILBOX, 404, "GET", "/v1/gates/0/mailbox", HEADERS, NULL);
    EXCHANGE(fd, GATE, 401, "DELETE", "/v1/gates/7", NULL, NULL);
    EXCHANGE(fd, GATE, 403, "DELETE", "/v1/gates/7", TOKEN, NULL);
    EXCHANGE(fd, GATE, 404, "DELETE", "/v1/gates/0", HEADERS, NULL);
    EXCHANGE(fd, GATE, 204, "DELETE", "/v1/gates/7", HEADERS, NULL);
}

static void large_requests(uint16_t port) {
    char *body = calloc(1, 65538);
    memset(body, 'x', 65537);
    int fd = http_dial(port);
    EXCHANGE(fd, PACKETS, 413, "POST", "/v1/gates/7/packets?first=1", HEADERS, body);
    close(fd);
    fd = http_dial(port);
    EXCHANGE(fd, GATES, 413, "POST", "/v1/gates", TOKEN, body);
    close(fd);
    free(body);
}

// The store fails often, not always: asks until it does.
static void exchange_in_vain(int fd, const char *path, const struct http_request *request) {
    unsigned status = 0;
    for (unsigned i = 0; status != 503; i++) {
        assert_true(i < 1000);
        struct http_answer answer = http_ask_with(fd, request);
        status = answer.status;
        if (status == 503) {
            check_answer(path, request, &answer);
        }
        http_free(&answer);
    }
}

#define IN_VAIN(fd, path, ...) exchange_in_vain((fd), (path), &(struct http_request){__VA_ARGS__})

static void requests_without_a_store(int fd) {
    IN_VAIN(fd, GATES, "POST", "/v1/gates", NULL, "{}");
    IN_VAIN(fd, GATES, "GET", "/v1/gates", NULL, NULL);
    IN_VAIN(fd, PACKETS, "POST", "/v1/gates/7/packets?first=1", HEADERS, LINE(7001, 0, "x"));
    IN_VAIN(fd, MAILBOX, "GET", "/v1/gates/7/mailbox", HEADERS, NULL);
    IN_VAIN(fd, GATE, "DELETE", "/v1/gates/7", HEADERS, NULL);
    IN_VAIN(fd, "/metrics", "GET", "/metrics", NULL, NULL);
    IN_VAIN(fd, "/healthz", "GET", "/healthz", NULL, NULL);
}

static void check_seen(const char *path, const char *method, const json_t *operation) {
    const json_t *responses = json_object_get(operation, "responses");
    for (void *at = json_object_iter((json_t *)(uintptr_t)responses); at != NULL;
         at = json_object_iter_next((json_t *)(uintptr_t)responses, at)) {
        char text[128];
        bool found = false;
        (void)snprintf(text, sizeof text, "%s %s %s", method, path, json_object_iter_key(at));
        for (unsigned i = 0; i < seen_count; i++) {
            found = found || strcmp(seen[i], text) == 0;
        }
        if (!found) {
            print_error("%s is documented, but was not seen\n", text);
        }
        assert_true(found);
    }
}

static void check_all_seen(void) {
    const json_t *paths = json_object_get(document, "paths");
    static const char *const methods[] = {"get", "post", "delete", "put", "patch"};
    unsigned operations = 0;
    for (void *at = json_object_iter((json_t *)(uintptr_t)paths); at != NULL;
         at = json_object_iter_next((json_t *)(uintptr_t)paths, at)) {
        for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
            const json_t *operation = json_object_get(json_object_iter_value(at), methods[i]);
            operations += operation != NULL;
            check_seen(json_object_iter_key(at), methods[i], operation);
        }
    }
    assert_int_equal(operations, 7);
}

static void the_document_and_the_program_agree(void **state) {
    (void)state;
    load_document();
    process_write_file("tokens", "0123456789abcdef0123\n");
    struct process *master =
        master_start("--token-file", "tokens", "--max-gates", "1", "--max-request", "64K");
    uint16_t port = master_port(master);
    int fd = http_dial(port);
    right_requests(fd);
    wrong_requests(fd);
    large_requests(port);
    close(fd);
    process_end(master);
    master = process_start("master", "--listen", "127.0.0.1:0", "--store", "faulty:7:100:memory");
    fd = http_dial(master_port(master));
    requests_without_a_store(fd);
    close(fd);
    process_end(master);
    check_all_seen();
    json_decref(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {PROCESS_TEST(the_document_and_the_program_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
