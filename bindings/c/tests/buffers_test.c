/* Answers: how they end, that they are wiped, and that they are given back once. */

#define _GNU_SOURCE /* process_vm_readv */

#include "opened.h"

#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static void a_buffer_given_back_twice(void **state)
{
    const struct opened *opened = *state;
    ResetPasswordBuffer answer;
    assert_int_equal(reset_password_call(opened->handle, "list_users", "{}", 2, &answer), RESET_PASSWORD_STATUS_OK);
    assert_non_null(answer.data);
    for (int times = 0; times < 3; times++) {
        reset_password_buffer_free(&answer);
        assert_null(answer.data);
        assert_int_equal(answer.length, 0);
    }
    ResetPasswordBuffer empty = {NULL, 0};
    reset_password_buffer_free(&empty);
    ResetPasswordBuffer none = {NULL, 77};
    reset_password_buffer_free(&none);
}

static void an_answer_ends_with_a_nul(void **state)
{
    const struct opened *opened = *state;
    static const char *const calls[][2] = {
        {"create_user", "{\"email\":\"ada@example.com\"}"},
        {"create_user", "{\"email\":\"ada@example.com\"}"},
        {"create_password_reset", "{\"email\":\"ada@example.com\"}"},
        {"revoke_password_resets", "{}"},
        {"request_password_reset", "{\"email\":\"nobody@example.com\"}"},
        {"events", "{}"},
        {"nothing", "{}"},
    };
    for (size_t at = 0; at < sizeof calls / sizeof calls[0]; at++) {
        ResetPasswordBuffer answer;
        reset_password_call(opened->handle, calls[at][0], calls[at][1], strlen(calls[at][1]), &answer);
        assert_non_null(answer.data);
        assert_int_equal(strlen(answer.data), answer.length);
        reset_password_buffer_free(&answer);
    }
}

static void an_empty_answer_after_an_open(void **state)
{
    (void)state;
    const char arguments[] = "{\"database_url\":\":memory:\"," LEAST_COST "}";
    ResetPasswordUserManagement *handle;
    ResetPasswordBuffer answer = {(char *)(uintptr_t)16, 16};
    assert_int_equal(reset_password_open(arguments, sizeof arguments - 1, &handle, &answer), RESET_PASSWORD_STATUS_OK);
    assert_null(answer.data);
    assert_int_equal(answer.length, 0);
    reset_password_free(handle);
}

/* Reads this process's own memory through the kernel: the program itself may no longer look at what it gave back. */
static void peek(const char *from, char *into, size_t length)
{
    struct iovec local = {into, length};
    struct iovec remote = {(void *)(uintptr_t)from, length};
    assert_int_equal(process_vm_readv(getpid(), &local, 1, &remote, 1, 0), length);
}

static void an_answer_is_wiped(void **state)
{
    const struct opened *opened = *state;
    enum { OWN = 32 /* octets at either end that the allocator may use as its own */ };
    ResetPasswordBuffer answer;
    create_user(opened->handle, "ada@example.com", NULL);
    const char arguments[] = "{\"email\":\"ada@example.com\"}";
    assert_int_equal(
        reset_password_call(opened->handle, "create_password_reset", arguments, sizeof arguments - 1, &answer),
        RESET_PASSWORD_STATUS_OK);
    const size_t length = answer.length;
    const char *data = answer.data;
    char *seen = malloc(length);
    peek(data, seen, length);
    assert_memory_equal(seen, data, length);
    assert_non_null(strstr(data + OWN, "\"password_reset_token\":\""));

    reset_password_buffer_free(&answer);
    peek(data, seen, length);
    assert_true(length > 4 * OWN);
    for (size_t at = OWN; at < length - OWN; at++)
        assert_int_equal(seen[at], 0);
    free(seen);
}

void test_buffers(struct count *count)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_buffer_given_back_twice, open_new, give_back),
        cmocka_unit_test_setup_teardown(an_answer_ends_with_a_nul, open_new, give_back),
        cmocka_unit_test(an_empty_answer_after_an_open),
        cmocka_unit_test_setup_teardown(an_answer_is_wiped, open_new, give_back),
    };
    RUN("buffers", tests, count);
}
