#include "support.h"

#include "cipher/scram.h"

// The example of RFC 7677, section 3.
#define CLIENT_NONCE "rOprNGfwEbeRWgbNEkqO"
#define SERVER_NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define NONCES CLIENT_NONCE SERVER_NONCE
#define PASSWORD "pencil"
#define FIRST "n,,n=user,r=" CLIENT_NONCE
#define CHALLENGE "r=" NONCES ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
#define PROOF "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
#define FINAL "c=biws,r=" NONCES ",p=" PROOF
#define SERVER_FINAL "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

#define SALT "\x5b\x6d\x99\x68\x9d\x12\x35\x8e\xec\xa0\x4b\x14\x12\x36\xfa\x81"

static struct scram_verifier example_verifier(void) {
    struct scram_verifier verifier;
    scram_verifier_make(&verifier, BYTES_LITERAL(PASSWORD), BYTES_LITERAL(SALT), 4096);
    return verifier;
}

// A server that has sent its challenge.
static struct scram_server challenged(struct bytes first, struct bytes expected_user) {
    struct scram_server server = {0};
    struct scram_verifier verifier = example_verifier();
    struct bytes user;
    uint8_t out[SCRAM_CHALLENGE_MAX];
    assert_int_equal(scram_server_first(&server, first, &user), SCRAM_CONTINUE);
    assert_bytes_equal(user, expected_user);
    size_t size =
        scram_server_challenge(&server, &verifier, BYTES_LITERAL(SERVER_NONCE), out, sizeof out);
    assert_bytes_equal(bytes_make(out, size), BYTES_LITERAL(CHALLENGE));
    return server;
}

static void the_server_speaks_as_in_rfc_7677(void **state) {
    (void)state;
    struct scram_server server = challenged(BYTES_LITERAL(FIRST), BYTES_LITERAL("user"));
    uint8_t out[SCRAM_SERVER_FINAL_SIZE];
    size_t size;
    assert_int_equal(scram_server_final(&server, BYTES_LITERAL(FINAL), out, sizeof out, &size),
                     SCRAM_GOOD);
    assert_bytes_equal(bytes_make(out, size), BYTES_LITERAL(SERVER_FINAL));
    assert_int_equal(scram_server_final(&server, BYTES_LITERAL(FINAL), out, sizeof out, &size),
                     SCRAM_BAD);
    static const uint8_t zero[SCRAM_KEY_SIZE];
    assert_memory_equal(server.stored_key, zero, sizeof zero);
    assert_memory_equal(server.server_key, zero, sizeof zero);
}

// A client that has sent its first message.
static struct scram_client started(void) {
    struct scram_client client = {0};
    uint8_t out[SCRAM_FIRST_MAX];
    size_t size = scram_client_first(&client, BYTES_LITERAL("user"), BYTES_LITERAL(CLIENT_NONCE),
                                     out, sizeof out);
    assert_bytes_equal(bytes_make(out, size), BYTES_LITERAL(FIRST));
    return client;
}

static enum scram_result answer(struct scram_client *client, const char *challenge) {
    uint8_t out[SCRAM_CLIENT_FINAL_MAX];
    size_t size;
    return scram_client_final(client, BYTES_LITERAL(PASSWORD), bytes_of_text(challenge), out,
                              &size);
}

static void the_client_speaks_as_in_rfc_7677(void **state) {
    (void)state;
    struct scram_client client = started();
    uint8_t out[SCRAM_CLIENT_FINAL_MAX];
    size_t size;
    assert_int_equal(
        scram_client_final(&client, BYTES_LITERAL(PASSWORD), BYTES_LITERAL(CHALLENGE), out, &size),
        SCRAM_CONTINUE);
    assert_bytes_equal(bytes_make(out, size), BYTES_LITERAL(FINAL));
    assert_int_equal(scram_client_verify(&client, BYTES_LITERAL(SERVER_FINAL)), SCRAM_GOOD);
    assert_int_equal(scram_client_verify(&client, BYTES_LITERAL(SERVER_FINAL)), SCRAM_BAD);
    assert_int_equal(answer(&client, CHALLENGE), SCRAM_BAD);
}

static enum scram_result first(struct bytes message) {
    struct scram_server server = {0};
    struct bytes user;
    return scram_server_first(&server, message, &user);
}

static void wrong_first_messages_are_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        "n",
        "n,",
        "n,,",
        "n,,n=user",
        "n,,n=user,",
        "n,,n=user,r=",
        "n,,n=,r=abc",
        "n,,r=abc,n=user",
        "n,n=user,r=abc",
        "n=user,r=abc",
        "x,,n=user,r=abc",
        "p=tls-unique,,n=user,r=abc",
        "p=tls-exporter,,n=user,r=abc",
        "n,a=other,n=user,r=abc",
        "n,a=use=,n=user,r=abc",
        "n,b=user,n=user,r=abc",
        "n,,m=ext,n=user,r=abc",
        "n,,n=user,r=abc,m=ext",
        "n,,n=user,r=abc,",
        "n,,n=user,r=abc,x",
        "n,,n=user,r=abc,x=",
        "n,,n=user,r=abc,1=y",
        "n,,n=user,r=abc,x=y,",
        "n,,n=user,r=a c",
        "n,,n=user,r=a\x7f-",
        "n,,n=user,r=\xc3\xbc",
        "n,,n=us=er,r=abc",
        "n,,n=user=,r=abc",
        "n,,n=user=2,r=abc",
        "n,,n=user=2c,r=abc",
        "n,,n=\xff,r=abc",
        "n,,n=user,r=12345678901234567890123456789012345678901234567890123456789012345",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (first(bytes_of_text(wrong[i])) != SCRAM_BAD) {
            fail_msg("taken: %s", wrong[i]);
        }
    }
    assert_int_equal(first(BYTES_LITERAL("n,,n=us\0er,r=abc")), SCRAM_BAD);
}

static void first_messages_of_all_forms_are_taken(void **state) {
    (void)state;
    static const char *const right[] = {
        "n,,n=user,r=a",
        "y,,n=user,r=abc",
        "n,a=,n=user,r=abc",
        "n,a=user,n=user,r=abc",
        "n,a=a=2Cb,n=a=2Cb,r=abc",
        "n,,n=user,r=abc,x=y,Z=1=2",
        "n,,n=gr\xc3\xbc\xc3\x9f,r=abc",
        "n,,n=user,r=1234567890123456789012345678901234567890123456789012345678901234",
    };
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        if (first(bytes_of_text(right[i])) != SCRAM_CONTINUE) {
            fail_msg("refused: %s", right[i]);
        }
    }
}

static void user_names_are_decoded(void **state) {
    (void)state;
    struct scram_server server = {0};
    struct bytes user;
    assert_int_equal(scram_server_first(&server, BYTES_LITERAL("n,,n==3Da=2Cb=3D2C,r=abc"), &user),
                     SCRAM_CONTINUE);
    assert_bytes_equal(user, BYTES_LITERAL("=a,b=2C"));
    assert_int_equal(scram_server_first(&server, BYTES_LITERAL(FIRST), &user), SCRAM_BAD);
}

static enum scram_result first_of_size(size_t name_size, size_t extension_size) {
    uint8_t message[2 * SCRAM_FIRST_MAX];
    memset(message, 'x', sizeof message);
    memcpy(message, "n,,n=", 5);
    memcpy(message + 5 + name_size, ",r=abc", 6);
    size_t size = 5 + name_size + 6;
    if (extension_size > 0) {
        memcpy(message + size, ",x=", 3);
        size += extension_size;
    }
    return first(bytes_make(message, size));
}

static void sizes_are_bounded(void **state) {
    (void)state;
    assert_int_equal(first_of_size(SCRAM_USER_MAX, 0), SCRAM_CONTINUE);
    assert_int_equal(first_of_size(SCRAM_USER_MAX + 1, 0), SCRAM_BAD);
    assert_int_equal(first_of_size(4, SCRAM_FIRST_MAX - 15), SCRAM_CONTINUE);
    assert_int_equal(first_of_size(4, SCRAM_FIRST_MAX - 14), SCRAM_BAD);
}

static enum scram_result final(const char *message) {
    struct scram_server server = challenged(BYTES_LITERAL(FIRST), BYTES_LITERAL("user"));
    uint8_t out[SCRAM_SERVER_FINAL_SIZE];
    size_t size;
    enum scram_result result =
        scram_server_final(&server, bytes_of_text(message), out, sizeof out, &size);
    // There is one try only.
    assert_int_equal(scram_server_final(&server, BYTES_LITERAL(FINAL), out, sizeof out, &size),
                     SCRAM_BAD);
    return result;
}

static void wrong_final_messages_are_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        ",",
        "p=" PROOF,
        "c=biws,r=" NONCES,
        "c=biws,r=" NONCES ",p=",
        "c=biws,r=" NONCES ",p=" PROOF ",",
        "c=biws,r=" NONCES ",p=" PROOF ",x=y",
        "c=biws,r=" NONCES ",x=y,p=" PROOF, // the proof has to cover it
        "c=biws,r=" NONCES ",x,p=" PROOF,
        "c=biws,p=" PROOF ",r=" NONCES,
        "r=" NONCES ",c=biws,p=" PROOF,
        "c=eSws,r=" NONCES ",p=" PROOF, // y,,
        "c=,r=" NONCES ",p=" PROOF,
        "c=b!ws,r=" NONCES ",p=" PROOF,
        "c=biwsbiws,r=" NONCES ",p=" PROOF,
        "c=biws,r=" CLIENT_NONCE ",p=" PROOF,
        "c=biws,r=" NONCES "0,p=" PROOF,
        "c=biws,r=,p=" PROOF,
        "c=biws,r=" NONCES ",p=eHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=biws,r=" NONCES ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVR=",
        "c=biws,r=" NONCES ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ",
        "c=biws,r=" NONCES ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7And",
        "c=biws,r=" NONCES ",p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "c=biws,r=" NONCES ",p=" PROOF PROOF,
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (final(wrong[i]) != SCRAM_BAD) {
            fail_msg("taken: %s", wrong[i]);
        }
    }
    assert_int_equal(final(FINAL), SCRAM_GOOD);
}

static void a_final_message_out_of_turn_is_refused(void **state) {
    (void)state;
    struct scram_server server = {0};
    struct bytes user;
    uint8_t out[SCRAM_SERVER_FINAL_SIZE];
    size_t size;
    assert_int_equal(scram_server_final(&server, BYTES_LITERAL(FINAL), out, sizeof out, &size),
                     SCRAM_BAD);
    assert_int_equal(scram_server_first(&server, BYTES_LITERAL(FIRST), &user), SCRAM_BAD);
    server = challenged(BYTES_LITERAL(FIRST), BYTES_LITERAL("user"));
    assert_int_equal(scram_server_first(&server, BYTES_LITERAL(FIRST), &user), SCRAM_BAD);
    server = challenged(BYTES_LITERAL(FIRST), BYTES_LITERAL("user"));
    scram_server_wipe(&server);
    assert_int_equal(scram_server_final(&server, BYTES_LITERAL(FINAL), out, sizeof out, &size),
                     SCRAM_BAD);
}

static void wrong_challenges_are_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        "r=" NONCES,
        "r=" NONCES ",s=W22ZaJ0SNY7soEsUEjb6gQ==",
        "r=" CLIENT_NONCE ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "r=x" NONCES ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "r=" NONCES " ,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "r=" NONCES ",s=,i=4096",
        "r=" NONCES ",s=!,i=4096",
        "r=" NONCES ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=",
        "r=" NONCES ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4095",
        "r=" NONCES ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=04096",
        "r=" NONCES ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1000001",
        "r=" NONCES ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,",
        "m=ext," CHALLENGE,
        "e=unknown-user",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct scram_client client = started();
        if (answer(&client, wrong[i]) != SCRAM_BAD) {
            fail_msg("taken: %s", wrong[i]);
        }
        assert_int_equal(answer(&client, CHALLENGE), SCRAM_BAD);
    }
    struct scram_client client = started();
    assert_int_equal(answer(&client, CHALLENGE ",x=y"), SCRAM_CONTINUE);
}

static void servers_that_do_not_know_the_verifier_are_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        "v=",
        "e=invalid-proof",
        "v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4",
        SERVER_FINAL ",",
        SERVER_FINAL "=",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct scram_client client = started();
        assert_int_equal(answer(&client, CHALLENGE), SCRAM_CONTINUE);
        assert_int_equal(scram_client_verify(&client, bytes_of_text(wrong[i])), SCRAM_BAD);
        assert_int_equal(scram_client_verify(&client, BYTES_LITERAL(SERVER_FINAL)), SCRAM_BAD);
    }
    struct scram_client client = started();
    assert_int_equal(scram_client_verify(&client, BYTES_LITERAL(SERVER_FINAL)), SCRAM_BAD);
}

static void clients_refuse_names_and_nonces_that_cannot_be_sent(void **state) {
    (void)state;
    struct scram_client client = {0};
    uint8_t out[SCRAM_FIRST_MAX], many[SCRAM_USER_MAX + 1];
    struct bytes nonce = BYTES_LITERAL("abc"), user = BYTES_LITERAL("user");
    memset(many, 'x', sizeof many);
    static const char *const nonces[] = {"", "a,b", "a b", "\xc3\xbc"};
    for (size_t i = 0; i < sizeof nonces / sizeof *nonces; i++) {
        assert_int_equal(
            scram_client_first(&client, user, bytes_of_text(nonces[i]), out, sizeof out), 0);
    }
    assert_int_equal(scram_client_first(&client, BYTES_LITERAL(""), nonce, out, sizeof out), 0);
    assert_int_equal(scram_client_first(&client, BYTES_LITERAL("\xff"), nonce, out, sizeof out), 0);
    assert_int_equal(
        scram_client_first(&client, bytes_make(many, sizeof many), nonce, out, sizeof out), 0);
    assert_int_equal(
        scram_client_first(&client, user, bytes_make(many, SCRAM_NONCE_MAX + 1), out, sizeof out),
        0);
    memset(many, '=', sizeof many);
    assert_int_equal(
        scram_client_first(&client, bytes_make(many, SCRAM_USER_MAX), nonce, out, sizeof out), 0);
    assert_int_equal(answer(&client, CHALLENGE), SCRAM_BAD);
}

// Client and server talk with each other; whether they agree in the end.
static bool agree(struct bytes user, struct bytes password, const struct scram_verifier *verifier) {
    struct scram_client client = {0};
    struct scram_server server = {0};
    uint8_t one[SCRAM_CLIENT_FINAL_MAX], two[SCRAM_CLIENT_FINAL_MAX];
    struct bytes name;
    size_t size = scram_client_first(&client, user, BYTES_LITERAL("client"), one, sizeof one);
    assert_int_equal(scram_server_first(&server, bytes_make(one, size), &name), SCRAM_CONTINUE);
    assert_bytes_equal(name, user);
    size = scram_server_challenge(&server, verifier, BYTES_LITERAL("server"), two, sizeof two);
    assert_int_equal(scram_client_final(&client, password, bytes_make(two, size), one, &size),
                     SCRAM_CONTINUE);
    if (scram_server_final(&server, bytes_make(one, size), two, sizeof two, &size) != SCRAM_GOOD) {
        return false;
    }
    assert_bytes_equal(name, user);
    assert_int_equal(scram_client_verify(&client, bytes_make(two, size)), SCRAM_GOOD);
    return true;
}

static void both_sides_agree_on_odd_names_passwords_and_salts(void **state) {
    (void)state;
    static const char *const texts[] = {"a", ",", "=", "=2C,=3D", "gr\xc3\xbc\xc3\x9f", "n=,r=x"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct bytes text = bytes_of_text(texts[i]);
        struct scram_verifier verifier;
        scram_verifier_make(&verifier, text, text, 4096 + (uint32_t)i);
        assert_true(agree(text, text, &verifier));
        assert_false(agree(text, BYTES_LITERAL("other"), &verifier));
        assert_false(agree(text, bytes_make(NULL, 0), &verifier));
    }
    struct scram_verifier verifier;
    scram_verifier_make(&verifier, bytes_make(NULL, 0), BYTES_LITERAL(SALT SALT), 4096);
    assert_true(agree(BYTES_LITERAL("none"), BYTES_LITERAL(""), &verifier));
}

static void a_password_fits_its_verifier_only(void **state) {
    (void)state;
    struct scram_verifier verifier = example_verifier();
    assert_true(scram_verifier_fits(&verifier, BYTES_LITERAL(PASSWORD)));
    assert_false(scram_verifier_fits(&verifier, BYTES_LITERAL("Pencil")));
    assert_false(scram_verifier_fits(&verifier, BYTES_LITERAL("")));
    verifier.iterations++;
    assert_false(scram_verifier_fits(&verifier, BYTES_LITERAL(PASSWORD)));
}

static void unknown_users_look_like_known_ones(void **state) {
    (void)state;
    struct scram_verifier known, made_up, again, other;
    struct cipher_secret secret = {{1}}, other_secret = {{2}};
    struct bytes user = BYTES_LITERAL("stranger");
    scram_verifier_make(&known, BYTES_LITERAL(PASSWORD), bytes_make(SALT, SCRAM_SALT_SIZE),
                        SCRAM_ITERATIONS);
    scram_verifier_made_up(&made_up, user, &secret);
    assert_int_equal(made_up.salt_size, known.salt_size);
    assert_int_equal(made_up.iterations, known.iterations);
    scram_verifier_made_up(&again, user, &secret);
    assert_memory_equal(&made_up, &again, sizeof again);
    scram_verifier_made_up(&other, BYTES_LITERAL("strange"), &secret);
    assert_memory_not_equal(made_up.salt, other.salt, SCRAM_SALT_SIZE);
    scram_verifier_made_up(&other, user, &other_secret);
    assert_memory_not_equal(made_up.salt, other.salt, SCRAM_SALT_SIZE);
    assert_memory_not_equal(made_up.stored_key, made_up.server_key, SCRAM_KEY_SIZE);
    assert_false(agree(user, BYTES_LITERAL(PASSWORD), &made_up));
    assert_false(agree(user, BYTES_LITERAL(""), &made_up));
}

#define KEYS                                        \
    "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=" \
    "$wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="

static void verifiers_are_written_and_read_as_text(void **state) {
    (void)state;
    struct scram_verifier verifier = example_verifier(), read;
    uint8_t text[SCRAM_VERIFIER_TEXT_MAX];
    size_t size = scram_verifier_write(&verifier, text);
    assert_bytes_equal(bytes_make(text, size),
                       BYTES_LITERAL("$scram-sha-256$4096$W22ZaJ0SNY7soEsUEjb6gQ==" KEYS));
    assert_null(scram_verifier_read(&read, bytes_make(text, size)));
    assert_memory_equal(&read, &verifier, sizeof read);
    scram_verifier_make(&verifier, BYTES_LITERAL("x"), BYTES_LITERAL(SALT SALT), 1);
    verifier.iterations = SCRAM_ITERATIONS_MAX;
    size = scram_verifier_write(&verifier, text);
    assert_null(scram_verifier_read(&read, bytes_make(text, size)));
    assert_memory_equal(&read, &verifier, sizeof read);
    while (size-- > 0) {
        assert_non_null(scram_verifier_read(&read, bytes_make(text, size)));
    }
}

static void damaged_verifiers_are_told(void **state) {
    (void)state;
    static const struct {
        const char *text, *part;
    } wrong[] = {
        {"", "begin"},
        {"$argon2id$", "begin"},
        {"$scram-sha-256$4095$YWJj" KEYS, "iterations"},
        {"$scram-sha-256$1000001$YWJj" KEYS, "iterations"},
        {"$scram-sha-256$x$YWJj" KEYS, "iterations"},
        {"$scram-sha-256$$YWJj" KEYS, "iterations"},
        {"$scram-sha-256$4096$" KEYS, "salt"},
        {"$scram-sha-256$4096$YW!j" KEYS, "salt"},
        {"$scram-sha-256$4096$\x90\xb3\x92\x8b" KEYS, "salt"},
        {"$scram-sha-256$4096$W22ZaJ0SNY7soEsUEjb6gQW22ZaJ0SNY7soEsUEjb6gQAA==" KEYS, "salt"},
        {"$scram-sha-256$4096$YWJj$YWJj", "stored key"},
        {"$scram-sha-256$4096$YWJj$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=", "server key"},
        {"$scram-sha-256$4096$YWJj" KEYS "$", "server key"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct scram_verifier verifier;
        const char *why = scram_verifier_read(&verifier, bytes_of_text(wrong[i].text));
        assert_non_null(why);
        assert_non_null(strstr(why, wrong[i].part));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_server_speaks_as_in_rfc_7677),
        cmocka_unit_test(the_client_speaks_as_in_rfc_7677),
        cmocka_unit_test(wrong_first_messages_are_refused),
        cmocka_unit_test(first_messages_of_all_forms_are_taken),
        cmocka_unit_test(user_names_are_decoded),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(wrong_final_messages_are_refused),
        cmocka_unit_test(a_final_message_out_of_turn_is_refused),
        cmocka_unit_test(wrong_challenges_are_refused),
        cmocka_unit_test(servers_that_do_not_know_the_verifier_are_refused),
        cmocka_unit_test(clients_refuse_names_and_nonces_that_cannot_be_sent),
        cmocka_unit_test(both_sides_agree_on_odd_names_passwords_and_salts),
        cmocka_unit_test(a_password_fits_its_verifier_only),
        cmocka_unit_test(unknown_users_look_like_known_ones),
        cmocka_unit_test(verifiers_are_written_and_read_as_text),
        cmocka_unit_test(damaged_verifiers_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
