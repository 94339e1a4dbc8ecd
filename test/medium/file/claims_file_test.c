// What the file of claims remembers of a network's epochs.
#include "medium/file/network_support.h"

#include "medium/file/claims_file.h"

static struct claims_file *open_claims(const struct place *place) {
    struct claims_file *claims = malloc(sizeof *claims);
    struct file_network_error error;
    claims_file_init(claims, place->path, false);
    assert_true(claims_file_lock(claims, &error));
    return claims;
}

static void close_claims(struct claims_file *claims) {
    claims_file_unlock(claims);
    claims_file_deinit(claims);
    free(claims);
}

static void test_epochs_that_left_the_ring_are_not_there(void **state) {
    struct claims_file *claims = open_claims(*state);
    for (uint64_t i = 1; i <= CLAIMS_EPOCHS + 1; i++) {
        struct file_identity file = {.inode = i};
        assert_true(claims_file_begin_epoch(claims, EPOCH_ROTATED, file));
    }
    assert_int_equal(claims->header.epoch, CLAIMS_EPOCHS + 1);
    assert_int_equal(claims_file_epoch(claims, 1).number, 0);
    for (uint64_t i = 2; i <= CLAIMS_EPOCHS + 1; i++) {
        assert_int_equal(claims_file_epoch(claims, i).number, i);
        assert_int_equal(claims_file_epoch(claims, i).file.inode, i);
    }
    assert_int_equal(claims_file_epoch(claims, CLAIMS_EPOCHS + 2).number, 0);
    close_claims(claims);
}

// Else a rotation would put a new file in the place of an old one.
static void test_numbers_go_on_above_the_files_that_are_there(void **state) {
    struct place *place = *state;
    static const char *const names[] = {"network.3", "network.12", "network.5", "network.99x",
                                        "networks.77"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = support_path(place->folder, names[i]);
        support_write_file(path, BYTES_LITERAL("old\n"));
        free(path);
    }
    struct claims_file *claims = open_claims(place);
    assert_int_equal(claims->header.epoch, 12);
    close_claims(claims);
}

// Counting up to an epoch that cannot be would keep every session of the network for ever.
static void test_an_epoch_that_cannot_be_is_told(void **state) {
    struct place *place = *state;
    struct claims_file *claims = open_claims(place);
    struct file_network_error error;
    claims->header.epoch = UINT64_MAX;
    assert_true(claims_file_save_header(claims));
    close_claims(claims);
    struct file_network_options options = {.path = place->path};
    assert_null(file_network_open(&options, &error));
    assert_non_null(strstr(error.text, "remove it"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_epochs_that_left_the_ring_are_not_there),
        TEST(test_an_epoch_that_cannot_be_is_told),
        TEST(test_numbers_go_on_above_the_files_that_are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
