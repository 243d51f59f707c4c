/* Calls that are left before their end. */

#include "opened.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static void *cancel(void *cancellation)
{
    reset_password_cancellation_cancel(cancellation);
    return NULL;
}

static ResetPasswordStatus reset_until(const ResetPasswordUserManagement *handle, const char *token,
                                       const ResetPasswordCancellation *cancellation, ResetPasswordBuffer *answer)
{
    char arguments[256];
    snprintf(arguments, sizeof arguments, "{\"token\":\"%s\",\"new_password\":\"" PASSWORD "\"}", token);
    return reset_password_call_until(handle, "reset_password", arguments, strlen(arguments), cancellation, answer);
}

/* Waits until the user has the password, which whoever left was not told. */
static void wait_for_the_password(const ResetPasswordUserManagement *handle)
{
    ResetPasswordStatus status;
    do
        status = ask(handle, NULL, "authenticate_with_password",
                     "{\"email\":\"ada@example.com\",\"password\":\"" PASSWORD "\"}");
    while (status == RESET_PASSWORD_STATUS_INVALID_CREDENTIALS);
    assert_int_equal(status, RESET_PASSWORD_STATUS_OK);
}

static void what_is_left_is_done_all_the_same(void **state)
{
    const struct opened *opened = *state;
    char token[128];
    create_user(opened->handle, "ada@example.com", NULL);
    create_reset(opened->handle, "ada@example.com", token);
    ResetPasswordCancellation *cancellation = reset_password_cancellation_new();
    reset_password_cancellation_cancel(cancellation);
    ResetPasswordBuffer answer = {(char *)1, 1};
    assert_int_equal(reset_until(opened->handle, token, cancellation, &answer), RESET_PASSWORD_STATUS_CANCELLED);
    assert_null(answer.data);
    assert_int_equal(answer.length, 0);
    reset_password_cancellation_free(cancellation);
    wait_for_the_password(opened->handle);
}

static void a_call_may_be_left_at_any_moment(void **state)
{
    const struct opened *opened = *state;
    char token[128];
    create_user(opened->handle, "ada@example.com", NULL);
    for (int times = 0; times < 10; times++) {
        create_reset(opened->handle, "ada@example.com", token);
        ResetPasswordCancellation *cancellation = reset_password_cancellation_new();
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, cancel, cancellation), 0);
        ResetPasswordBuffer answer;
        ResetPasswordStatus status = reset_until(opened->handle, token, cancellation, &answer);
        assert_true(status == RESET_PASSWORD_STATUS_OK || status == RESET_PASSWORD_STATUS_CANCELLED);
        assert_true((answer.data != NULL) == (status == RESET_PASSWORD_STATUS_OK));
        reset_password_buffer_free(&answer);
        assert_int_equal(pthread_join(thread, NULL), 0);
        reset_password_cancellation_free(cancellation);
        wait_for_the_password(opened->handle);
    }
}

static void without_a_cancellation_it_is_a_call(void **state)
{
    const struct opened *opened = *state;
    ResetPasswordCancellation *unused = reset_password_cancellation_new();
    const ResetPasswordCancellation *cancellations[] = {NULL, unused};
    for (size_t at = 0; at < 2; at++) {
        ResetPasswordBuffer answer;
        assert_int_equal(reset_until(opened->handle, "none", cancellations[at], &answer),
                         RESET_PASSWORD_STATUS_PASSWORD_RESET_TOKEN_NOT_FOUND);
        assert_non_null(strstr(answer.data, "password_reset_token_not_found"));
        reset_password_buffer_free(&answer);
        assert_int_equal(reset_password_call_until(opened->handle, "purge", "{}", 2, cancellations[at], &answer),
                         RESET_PASSWORD_STATUS_OK);
        assert_non_null(answer.data);
        reset_password_buffer_free(&answer);
    }
    reset_password_cancellation_free(unused);
    reset_password_cancellation_free(NULL);
    reset_password_cancellation_cancel(NULL);
}

void test_cancellation(struct count *count)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_left_is_done_all_the_same, open_new, give_back),
        cmocka_unit_test_setup_teardown(a_call_may_be_left_at_any_moment, open_new, give_back),
        cmocka_unit_test_setup_teardown(without_a_cancellation_it_is_a_call, open_new, give_back),
    };
    RUN("cancellation", tests, count);
}
