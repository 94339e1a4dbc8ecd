// Routers as their users see them: two networks joined through a master, with real programs; kills
// in the middle of traffic; and what a router says when something is wrong.
#include "internet.h"

// ---- two networks ---------------------------------------------------------------------------

static void try_both_ways(const char *suite) {
    struct process *far = join_client("one", suite);
    struct process *near = join_client("two", suite);
    process_await_err(far, "broker 8083 \"hub\" is on the network");
    process_send(far, "conn 8083\nsubs home/#\n");
    process_await_err(far, "took the subscription");
    process_send(near, "conn 83\nsubs home/#\npubl home/a from near\n");
    process_await_out(far, "home/a from near\n");
    process_send(far, "publ home/b from far\n");
    process_await_out(near, "home/b from far\n");
    process_send(far, "exit\n");
    process_send(near, "exit\n");
    process_assert_code(far, 0);
    process_assert_code(near, 0);
}

static void an_entry_passes_from_network_to_network(void **state) {
    (void)state;
    struct process *master = start_master("--idle-timeout", "30");
    struct process *seven = join_router("one", "7");
    struct process *eight = join_router("two", "8");
    struct process *broker =
        process_start("broker", "--network", "two", "--address", "83", "--name", "hub");
    process_await_err(seven, "broker 8083 \"hub\" is on the network");
    try_both_ways("classic");
    try_both_ways("sodium");
    process_send(eight, "exit\n"); // and who is left behind is told
    process_assert_code(eight, 0);
    process_await_err(seven, "broker 8083 \"hub\" left");
    assert_int_equal(count_in("one", "\t8083\t0\tleft\t-broker-hub-"), 1);
    assert_null(process_file("two.router"));
    process_end(broker);
    process_end(seven);
    process_end(master);
}

static void a_killed_client_frees_its_connection_elsewhere(void **state) {
    (void)state;
    struct process *master = start_master("--idle-timeout", "30");
    struct process *seven = join_router("one", "7");
    struct process *eight = join_router("two", "8");
    struct process *broker = join_broker("two", "83");
    struct process *client = join_client("one", "classic");
    process_await_err(client, "broker 8083");
    process_send(client, "conn 8083\n");
    process_await_err(broker, "connected with 7");
    process_kill(client);
    process_await_err(broker, "it left the network");
    process_end(broker);
    process_end(seven);
    process_end(eight);
    process_end(master);
}

static void it_lists_and_shows_what_passes(void **state) {
    (void)state;
    struct process *master = start_master("--idle-timeout", "30");
    struct process *seven = start_router("one", "--gate", "7", "--json");
    process_await_out(seven, "\"role\":\"router\",\"address\":7000");
    process_send(seven, "tgll\n");
    process_await_out(seven, "packets are shown");
    struct process *eight = join_router("two", "8");
    struct process *broker = join_broker("two", "83");
    process_await_out(seven, "\"direction\":\"up\",\"sender\":7000,\"receiver\":8000");
    process_await_out(seven, "\"direction\":\"down\",\"sender\":8083,\"receiver\":0");
    process_send(seven, "list\n");
    process_await_out(seven, "\"event\":\"list\"");
    process_await_out(seven, "\"gate\":7,\"address\":7000");
    process_await_out(seven, "\"state\":\"leased\"");
    process_await_out(seven, "\"broker\":8083,\"where\":\"elsewhere\",\"name\":\"hub\"");
    process_send(eight, "help\nlist\n");
    process_await_out(eight, "tgll");
    process_await_out(eight, "leased");
    process_await_out(eight, "here");
    process_end(broker);
    process_end(seven);
    process_end(eight);
    process_end(master);
}

// ---- faults ---------------------------------------------------------------------------------

// What comes from the other network, what goes to it, and a connection; by options and commands.
static void faults_bite_what_passes(void **state) {
    (void)state;
    struct process *master = start_master("--idle-timeout", "30");
    struct process *seven = start_router("one", "--gate", "7", "--fault",
                                         "drop publ 1 to 580; drop publ 2 from 580; drop publ 9");
    process_await_err(seven, " on the network ");
    struct process *eight = join_router("two", "8");
    struct process *broker = join_broker("two", "83");
    struct process *client = process_start("client", "--network", "one", "--address", "580");
    process_await_err(client, "broker 8083");
    process_send(client, "conn 8083\nsubs a\n");
    process_await_err(client, "took the subscription");
    process_send(client, "publ a one\n");
    process_await_out(broker, "7580 published a one");
    process_await_err(seven, "fault: publ to 580 dropped (rule 1)");
    process_send(client, "publ a two\n");
    process_await_err(seven, "fault: publ from 580 dropped (rule 2)");
    process_send(client, "publ a three\n");
    process_await_out(client, "a three\n");
    assert_null(strstr(process_text(&broker->out), "published a two"));
    process_send(seven, "hold\n");
    process_await_err(seven, "every packet is held");
    process_send(client, "publ a four\n");
    process_await_err(seven, "fault: publ from 580 held");
    process_send(seven, "list\n");
    process_await_out(seven, "held");
    process_send(seven, "thaw\n");
    process_await_out(client, "a four\n");
    process_send(seven, "cut 580\n");
    process_await_err(client, "connection with 8083 ended: it left the network");
    process_await_err(broker, "connection with 7580 ended: it left the network");
    process_send(seven, "exit\n");
    process_await_err(seven, "rule 1 hit 1 time: drop publ 1 to 580");
    process_await_err(seven, "rule 3 never hit: drop publ 9");
    process_assert_code(seven, 0);
    process_end(client);
    process_end(broker);
    process_end(eight);
    process_end(master);
}

// A line that a fault lets go late is written by the journal as all others are.
static void a_delayed_line_comes_late_and_once(void **state) {
    (void)state;
    struct process *master = start_master("--idle-timeout", "30");
    struct process *seven = join_router("one", "7");
    struct process *eight = start_router("two", "--gate", "8", "--fault",
                                         "delay 20 ms every 3 publ; duplicate every 50 publ");
    process_await_err(eight, " on the network ");
    append_entries(0, 100);
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    while (count_in("two", "\t999\tpubl\t-") < 102) {
        assert_true(process_now_ms() < deadline);
        (void)process_pump(-1, 20);
    }
    assert_int_equal(count_in("two", "\t999\tpubl\t-99-"), 2);
    assert_int_equal(count_in("two", "\t999\tpubl\t-98-"), 1);
    process_end(seven);
    process_end(eight);
    process_end(master);
}

// ---- taps -----------------------------------------------------------------------------------

// Routers and master in one ladder with a network, each exchange once, and a mailbox that fills.
static void taps_show_what_they_say_to_each_other(void **state) {
    (void)state;
    struct process *master = start_master("--idle-timeout", "600", "--tap", "m.pcapng");
    struct process *seven = start_router("one", "--gate", "7", "--tap", "seven.pcapng");
    process_await_err(seven, " on the network ");
    struct process *eight = start_router("two", "--gate", "8", "--keep-gate");
    process_await_err(eight, " on the network ");
    append_entries(0, 2);
    await_entries(2);
    struct process *watch = process_start("watch", "m.pcapng");
    process_end(eight);
    append_entries(2, 3); // more stays in the mailbox if the router ended before it asked anew
    process_await_out(watch, "the mailbox of gate 8 holds ");
    process_kill(watch);
    process_end(seven);
    process_end(master);
    watch =
        process_start("watch", "--once", "--ladder", "--why", "one", "m.pcapng", "seven.pcapng");
    process_await_out(watch, "router");
    process_await_out(watch, "master");
    process_await_out(watch, "asks for gate 7");
    process_await_out(watch, "the request of gate 7 waits: its mailbox is empty");
    process_await_out(watch, "publ 7580 to 8999");
    process_await_out(watch, "a batch that is sent twice counts once");
    process_await_out(watch, "gives gate 7 back");
    process_assert_code(watch, 0);
    watch = process_start("watch", "--once", "--json", "m.pcapng", "seven.pcapng");
    process_assert_code(watch, 0);
    assert_int_equal(process_occurrences(process_text(&watch->out), "\"type\":\"lease\""), 2);
    assert_int_equal(process_occurrences(process_text(&watch->out), "\"type\":\"back\""), 1);
    assert_int_equal(process_occurrences(process_text(&watch->out), "\"type\":\"upload\""),
                     process_occurrences(process_text(&watch->out), "\"type\":\"stored\""));
}

static void a_gate_is_given_back_unless_it_is_kept(void **state) {
    (void)state;
    struct process *master = start_master("--idle-timeout", "30");
    process_end(join_router("one", "7"));
    struct process *keeper = start_router("two", "--gate", "7", "--keep-gate");
    process_await_err(keeper, "router 7000 on the network");
    process_send(keeper, "exit\n");
    process_assert_code(keeper, 0);
    struct process *other = start_router("one", "--gate", "7");
    process_await_err(other, "another router holds gate 7");
    process_kill(other);
    keeper = start_router("two", "--keep-gate"); // its state knows the gate
    process_await_err(keeper, "router 7000 on the network");
    process_end(keeper);
    process_end(master);
}

// ---- kills ----------------------------------------------------------------------------------

#define ENTRIES_A_BATCH 500

static struct process *start_durable_master(unsigned port) {
    return set_url(start_master_at(port, "sqlite:master.db"));
}

// Kills one of the three after each batch, in turn, and starts it again.
static void try_kills(unsigned batches, bool with_master) {
    struct process *master = start_durable_master(0);
    struct process *seven = join_router("one", "7");
    struct process *eight = join_router("two", "8");
    uint64_t seed = 5;
    for (unsigned i = 0; i < batches; i++) {
        append_entries(i * ENTRIES_A_BATCH, (i + 1) * ENTRIES_A_BATCH);
        (void)process_pump(-1, (int)(support_random(&seed) % 30));
        if (i % 3 == 0) {
            process_kill(seven);
            seven = join_router("one", "7");
        } else if (i % 3 == 1) {
            process_kill(eight);
            eight = join_router("two", "8");
        } else if (with_master) {
            process_kill(master);
            master = start_durable_master(master_port_of_url());
        }
    }
    await_entries(batches * ENTRIES_A_BATCH);
    process_end(seven);
    process_end(eight);
    process_end(master);
}

static void nothing_is_lost_or_repeated_when_they_are_killed(void **state) {
    (void)state;
    try_kills(PROCESS_SLOW ? 12 : 30, true);
}

static void what_was_written_while_a_router_was_dead_passes(void **state) {
    (void)state;
    struct process *master = start_durable_master(0);
    struct process *seven = join_router("one", "7");
    struct process *eight = join_router("two", "8");
    process_kill(seven);
    append_entries(0, 1000);
    seven = join_router("one", "7");
    await_entries(1000);
    process_kill(eight);
    append_entries(1000, 2000);
    process_kill(master);
    append_entries(2000, 3000);
    eight = join_router("two", "8"); // it works without the master as far as it can
    process_await_err(eight, "cannot be reached");
    master = start_durable_master(master_port_of_url());
    process_await_err(eight, "the master answers again");
    await_entries(3000);
    process_end(seven);
    process_end(eight);
    process_end(master);
}

static void a_lease_that_ran_out_is_taken_again(void **state) {
    (void)state;
    struct process *master = start_master("--idle-timeout", "0.5");
    struct process *eight = join_router("two", "8");
    struct process *broker = join_broker("two", "83");
    struct proxy wire = proxy_start(master_port(master));
    set_proxy_url(&wire);
    struct process *seven = join_router("one", "7");
    process_await_err(seven, "broker 8083 \"hub\" is on the network");
    proxy_tell(&wire, PROXY_CUT);
    process_await_err(master, "gate 7 is not there any more");
    proxy_tell(&wire, PROXY_OPEN);
    process_await_err(seven, "the lease had run out");
    append_entries(0, 10);
    await_entries(10);
    process_end(broker);
    process_await_err(seven, "broker 8083 \"hub\" left");
    process_end(seven);
    process_end(eight);
    process_end(master);
    proxy_end(&wire);
}

// ---- what may be wrong ----------------------------------------------------------------------

static void expect_trouble(const char *trouble, const char *advice, const char *option,
                           const char *value) {
    struct process *router = option != NULL ? start_router("one", option, value)
                                            : start_router("one", "--rotate", "64M");
    process_await_err(router, trouble);
    process_await_err(router, advice);
    process_await_err(router, "tried again");
    process_end(router);
}

static void a_master_that_is_not_there_is_told(void **state) {
    (void)state;
    struct process *master = start_master("--idle-timeout", "30");
    process_end(master);
    expect_trouble("cannot be reached", "", NULL, NULL);
}

static _Noreturn void answer_all(int listener, const char *answer) {
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        char request[4096];
        (void)!read(fd, request, sizeof request);
        (void)!write(fd, answer, strlen(answer));
        close(fd);
    }
}

// Answers everyone with the same bytes until it is killed.
static pid_t start_stranger(const char *answer) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (const struct sockaddr *)&place, size), 0);
    assert_int_equal(listen(listener, 8), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&place, &size), 0);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", ntohs(place.sin_port));
    pid_t stranger = fork();
    assert_true(stranger >= 0);
    if (stranger == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        answer_all(listener, answer);
    }
    close(listener);
    return stranger;
}

static void what_is_not_a_master_is_told(void **state) {
    (void)state;
    static const char *const answers[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno",
        "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        pid_t stranger = start_stranger(answers[i]);
        expect_trouble("not a master", "--master", NULL, NULL);
        assert_int_equal(kill(stranger, SIGKILL), 0);
        assert_int_equal(waitpid(stranger, NULL, 0), stranger);
    }
}

static void a_wrong_token_is_told(void **state) {
    (void)state;
    process_write_file("tokens", "0123456789abcdef0123\n");
    process_write_file("wrong", "# mine\n\nffffffffffffffffffff\n");
    struct process *master = start_master("--token-file", "tokens");
    expect_trouble("token is missing or wrong", "--token-file", NULL, NULL);
    expect_trouble("token is missing or wrong", "--token-file", "--token-file", "wrong");
    struct process *router = start_router("one", "--token-file", "tokens");
    process_await_err(router, "on the network");
    process_end(router);
    process_end(master);
}

static void a_certificate_that_is_not_trusted_is_told(void **state) {
    (void)state;
    char line[512];
    (void)snprintf(line, sizeof line,
                   "cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "
                   "-nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 "
                   "-keyout key.pem -out cert.pem 2>/dev/null",
                   process_folder);
    assert_int_equal(system(line), 0); // NOLINT(cert-env33-c): a command of our own
    struct process *master = start_master("--tls-certificate", "cert.pem", "--tls-key", "key.pem",
                                          "--idle-timeout", "30");
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", master_port(master));
    expect_trouble("certificate is not trusted", "--ca", NULL, NULL);
    struct process *router = start_router("one", "--ca", "cert.pem");
    process_await_err(router, "on the network");
    process_end(router);
    process_end(master);
}

static void expect_no_start(int code, const char *text, const char *option, const char *value) {
    struct process *router = start_router("one", option, value);
    process_await_err(router, text);
    process_assert_code(router, code);
}

static void what_cannot_work_is_explained_at_the_start(void **state) {
    (void)state;
    struct process *master = start_master("--idle-timeout", "30");
    expect_no_start(2, "--gate", "--gate", "4294967");
    expect_no_start(3, "--tap", "--tap", "/nowhere/t.pcapng");
    expect_no_start(2, "--fault", "--fault", "drop pubx 1");
    expect_no_start(3, "--master", "--master", "ftp://127.0.0.1");
    expect_no_start(3, "--ca", "--ca", "nowhere.pem");
    expect_no_start(3, "nowhere: No such file", "--token-file", "nowhere");
    expect_no_start(3, "--state", "--state", "/nowhere/state");
    struct process *router = join_router("one", "7");
    expect_no_start(3, "another router of this network uses it", "--gate", "8");
    process_kill(router);
    expect_no_start(3, "is the state of gate 7, not 8", "--gate", "8");
    process_end(master);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(an_entry_passes_from_network_to_network),
        PROCESS_TEST(a_killed_client_frees_its_connection_elsewhere),
        PROCESS_TEST(it_lists_and_shows_what_passes),
        PROCESS_TEST(faults_bite_what_passes),
        PROCESS_TEST(a_delayed_line_comes_late_and_once),
        PROCESS_TEST(taps_show_what_they_say_to_each_other),
        PROCESS_TEST(a_gate_is_given_back_unless_it_is_kept),
        PROCESS_TEST(nothing_is_lost_or_repeated_when_they_are_killed),
        PROCESS_TEST(what_was_written_while_a_router_was_dead_passes),
        PROCESS_TEST(a_lease_that_ran_out_is_taken_again),
        PROCESS_TEST(a_master_that_is_not_there_is_told),
        PROCESS_TEST(what_is_not_a_master_is_told),
        PROCESS_TEST(a_wrong_token_is_told),
        PROCESS_TEST(a_certificate_that_is_not_trusted_is_told),
        PROCESS_TEST(what_cannot_work_is_explained_at_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
