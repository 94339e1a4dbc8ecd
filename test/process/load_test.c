// The program load against mosquitto, where that is installed.
#include "process.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#define MOSQUITTO "/usr/sbin/mosquitto"

static char port[8];

static void find_port(void) {
    (void)snprintf(port, sizeof port, "%u", support_free_port());
}

static void await_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    for (;;) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int code = connect(fd, (struct sockaddr *)&address, sizeof address);
        close(fd);
        if (code == 0) {
            return;
        }
        assert_true(process_now_ms() < deadline);
        (void)process_pump(-1, 10);
    }
}

// mosquitto on a free port; its process ends with this one.
static pid_t start_mosquitto(void) {
    char text[200];
    if (access(MOSQUITTO, X_OK) != 0) {
        skip();
    }
    find_port();
    (void)snprintf(text, sizeof text,
                   "listener %s 127.0.0.1\nallow_anonymous true\npersistence false\n"
                   "max_queued_messages 0\nlog_type error\n",
                   port);
    process_write_file("mosquitto.conf", text);
    pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (chdir(process_folder) == 0) {
            execl(MOSQUITTO, MOSQUITTO, "-c", "mosquitto.conf", (char *)NULL);
        }
        _exit(127);
    }
    await_port();
    return process;
}

static void end_mosquitto(pid_t process) {
    assert_int_equal(kill(process, SIGKILL), 0);
    assert_int_equal(waitpid(process, NULL, 0), process);
}

static void assert_good(struct process *load, const char *said) {
    process_assert_code(load, 0);
    assert_non_null(strstr(process_text(&load->out), said));
    assert_non_null(
        strstr(process_text(&load->out), "0 lost, 0 repeated, 0 out of order, 0 not asked for"));
    assert_string_equal(process_text(&load->err), "");
}

static void everything_comes_once_and_in_order(void **state) {
    (void)state;
    pid_t broker = start_mosquitto();
    const char *const qos[] = {"0", "1", "2"};
    const char *const versions[] = {"3.1", "3.1.1", "5"};
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < 3; k++) {
            assert_good(process_start("load", "--port", port, "--mqtt", versions[k], "--qos",
                                      qos[i], "--publishers", "3", "--topics", "2", "--messages",
                                      "300"),
                        "300 sent; 300 copies expected, 300 delivered");
        }
    }
    assert_good(process_start("load", "--port", port, "--subscribers", "10", "--messages", "100"),
                "100 sent; 1000 copies expected");
    assert_good(process_start("load", "--port", port, "--publishers", "10", "--subscribers", "1",
                              "--all", "--messages", "100"),
                "100 sent; 100 copies expected");
    assert_good(process_start("load", "--port", port, "--publishers", "2", "--subscribers", "6",
                              "--filters", "10", "--messages", "100"),
                "100 sent; 300 copies expected");
    assert_good(process_start("load", "--port", port, "--publishers", "2", "--rate", "100",
                              "--seconds", "0.5", "--keep-alive", "1"),
                "latency      p50 ");
    end_mosquitto(broker);
}

static void memory_and_retained_messages_are_measured(void **state) {
    (void)state;
    pid_t broker = start_mosquitto();
    char pid[16];
    (void)snprintf(pid, sizeof pid, "%d", (int)broker);
    assert_good(process_start("load", "--port", port, "--pid", pid, "--idle", "50",
                              "--subscribe-each", "--seconds", "0.3"),
                "bytes resident for each of 50 connections");
    // They are taken away, so the second run finds none of the first.
    for (int i = 0; i < 2; i++) {
        assert_good(process_start("load", "--port", port, "--pid", pid, "--retained", "100"),
                    "all of them came ");
    }
    struct process *json =
        process_start("load", "--port", port, "--pid", pid, "--messages", "10", "--json");
    process_assert_code(json, 0);
    assert_non_null(strstr(process_text(&json->out), "\"good\": true"));
    static const char *const members[] = {"changed",    "downgraded", "unsent", "unacknowledged",
                                          "unreleased", "resent",     "foreign"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        char member[32];
        (void)snprintf(member, sizeof member, "\"%s\": 0,", members[i]);
        assert_non_null(strstr(process_text(&json->out), member));
    }
    assert_non_null(strstr(process_text(&json->out), "\"broker_cpu_ns\": "));
    end_mosquitto(broker);
}

static void wait_ms(long ms) {
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    (void)nanosleep(&time, NULL);
}

// It is stopped first, so that there are messages on their way when it dies.
static void a_broker_that_dies_is_reported(void **state) {
    (void)state;
    pid_t broker = start_mosquitto();
    struct process *load = process_start("load", "--port", port, "--publishers", "2", "--rate",
                                         "1000", "--seconds", "60");
    wait_ms(1500);
    assert_int_equal(kill(broker, SIGSTOP), 0);
    wait_ms(500);
    end_mosquitto(broker);
    process_assert_code(load, 1);
    assert_non_null(strstr(process_text(&load->err), "load: "));
    assert_non_null(strstr(process_text(&load->out), "4 failed"));
    assert_non_null(strstr(process_text(&load->out), "lacks most: of publisher "));
    assert_null(strstr(process_text(&load->out), " 0 lost"));
}

static void a_signal_ends_it_with_a_report(void **state) {
    (void)state;
    pid_t broker = start_mosquitto();
    struct process *load =
        process_start("load", "--port", port, "--rate", "1000", "--seconds", "60");
    wait_ms(1500);
    process_signal(load, SIGINT);
    process_assert_code(load, 0);
    assert_non_null(strstr(process_text(&load->out), "interrupted; so far:"));
    assert_non_null(strstr(process_text(&load->out), " 0 lost"));
    end_mosquitto(broker);
}

static void a_broker_that_is_not_there_is_said(void **state) {
    (void)state;
    find_port();
    struct process *load = process_start("load", "--port", port);
    process_assert_code(load, 1);
    assert_non_null(strstr(process_text(&load->err), "connection refused: is a broker there?"));
    load = process_start("load", "--path", "nothing-here");
    process_assert_code(load, 1);
    assert_non_null(strstr(process_text(&load->err), "connection refused: is a broker there?"));
}

static void assert_wrong(struct process *load, int code, const char *said) {
    process_assert_code(load, code);
    assert_non_null(strstr(process_text(&load->err), said));
    assert_string_equal(process_text(&load->out), "");
}

static void wrong_options_are_said(void **state) {
    (void)state;
    assert_wrong(process_start("load", "--qos", "3"), 2, "--qos 3: ");
    assert_wrong(process_start("load", "--payload", "8"), 2, "--payload 8: ");
    assert_wrong(process_start("load", "--all", "--filter", "#"), 2, "give only one of them");
    assert_wrong(process_start("load", "--retained", "5", "--idle", "5"), 2, "nothing else");
    assert_wrong(process_start("load", "--subscribe-each"), 2, "--idle");
    assert_wrong(process_start("load", "--idle", "5", "--subscribers", "5"), 2, "--publishers");
    assert_wrong(process_start("load", "--password", "x"), 2, "needs --user");
    assert_wrong(process_start("load", "--topic", "a/#"), 2, "load: ");
    assert_wrong(process_start("load", "--filter", "of-others"), 2, "nobody subscribes to what is");
    assert_wrong(process_start("load", "--filter", "$share/g"), 2, "load: ");
    assert_wrong(process_start("load", "--filters", "5"), 2, "wildcard filters need");
    assert_wrong(process_start("load", "--pid", "4194304"), 3, "no such process");
    assert_wrong(process_start("load", "--host", "nowhere.invalid"), 3, "--host nowhere.invalid: ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(everything_comes_once_and_in_order),
        PROCESS_TEST(memory_and_retained_messages_are_measured),
        PROCESS_TEST(a_broker_that_dies_is_reported),
        PROCESS_TEST(a_signal_ends_it_with_a_report),
        PROCESS_TEST(a_broker_that_is_not_there_is_said),
        PROCESS_TEST(wrong_options_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
