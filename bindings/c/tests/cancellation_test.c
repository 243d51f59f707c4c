/* Calls that are left before their end. */

#define _POSIX_C_SOURCE 200809L

#include "opened.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

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

/* The user has the password when what was left has ended. */
static void has_the_password_in_the_end(const ResetPasswordUserManagement *handle)
{
    reset_password_close(handle);
    assert_int_equal(ask(handle, NULL, "authenticate_with_password",
                         "{\"email\":\"ada@example.com\",\"password\":\"" PASSWORD "\"}"),
                     RESET_PASSWORD_STATUS_OK);
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
    has_the_password_in_the_end(opened->handle);
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
        has_the_password_in_the_end(opened->handle);
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

/* Processor time that the process has used. It tells how far a hash has come, however busy the machine is. */
static double used(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

struct interruption {
    ResetPasswordCancellation *cancellation;
    double moment;
};

/* Cancels as soon as that much is used, so within the hash. */
static void *interrupt(void *given)
{
    struct interruption *one = given;
    const struct timespec pause = {.tv_nsec = 1000000};
    while (used() < one->moment)
        nanosleep(&pause, NULL);
    one->moment = used();
    reset_password_cancellation_cancel(one->cancellation);
    return NULL;
}

static int is_password_set(const ResetPasswordUserManagement *handle)
{
    json_t *user = done(handle, "get_user_by_email", "{\"email\":\"ada@example.com\"}");
    int set = json_is_string(json_object_get(user, "credentials_changed_at"));
    json_decref(user);
    return set;
}

static void a_call_that_waits_is_woken(void **state)
{
    const struct opened *opened = *state;
    ResetPasswordUserManagement *costly = open_costly(opened);
    char token[128];
    double hash = 0;
    /* The second one, whose memory is there already. */
    for (int times = 0; times < 2; times++) {
        hash = -used();
        json_decref(done(costly, "create_user",
                         "{\"email\":\"u%d@example.com\",\"password\":\"" PASSWORD "\"}", times));
        hash += used();
    }

    create_user(costly, "ada@example.com", NULL);
    create_reset(costly, "ada@example.com", token);
    struct interruption one = {reset_password_cancellation_new(), used() + hash / 10};
    ResetPasswordBuffer answer;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, interrupt, &one), 0);
    assert_int_equal(reset_until(costly, token, one.cancellation, &answer), RESET_PASSWORD_STATUS_CANCELLED);
    const double end = used();
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_null(answer.data);
    if (end - one.moment > hash / 2)
        fail_msg("cancelled, and %.3f s of a hash of %.3f s went by until the call ended", end - one.moment, hash);
    assert_false(is_password_set(opened->handle));
    reset_password_cancellation_free(one.cancellation);
    reset_password_free(costly);
    assert_true(is_password_set(opened->handle));
}

/* Leaves a reset that has just begun its hash. */
static void leave(const struct opened *opened, const ResetPasswordUserManagement *costly)
{
    char token[128];
    ResetPasswordCancellation *cancellation = reset_password_cancellation_new();
    create_user(opened->handle, "ada@example.com", NULL);
    create_reset(opened->handle, "ada@example.com", token);
    reset_password_cancellation_cancel(cancellation);
    assert_int_equal(reset_until(costly, token, cancellation, NULL), RESET_PASSWORD_STATUS_CANCELLED);
    reset_password_cancellation_free(cancellation);
    assert_false(is_password_set(opened->handle));
}

static void close_waits_for_what_was_left(void **state)
{
    const struct opened *opened = *state;
    ResetPasswordUserManagement *costly = open_costly(opened);
    leave(opened, costly);
    reset_password_close(costly);
    assert_true(is_password_set(opened->handle));
    assert_true(is_password_set(costly));
    reset_password_free(costly);
}

static void free_waits_for_what_was_left(void **state)
{
    const struct opened *opened = *state;
    ResetPasswordUserManagement *costly = open_costly(opened);
    leave(opened, costly);
    reset_password_free(costly);
    ResetPasswordUserManagement *other = open_again(opened);
    assert_true(is_password_set(other));
    reset_password_free(other);
}

void test_cancellation(struct count *count)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_left_is_done_all_the_same, open_new, give_back),
        cmocka_unit_test_setup_teardown(a_call_may_be_left_at_any_moment, open_new, give_back),
        cmocka_unit_test_setup_teardown(without_a_cancellation_it_is_a_call, open_new, give_back),
        cmocka_unit_test_setup_teardown(a_call_that_waits_is_woken, open_new, give_back),
        cmocka_unit_test_setup_teardown(close_waits_for_what_was_left, open_new, give_back),
        cmocka_unit_test_setup_teardown(free_waits_for_what_was_left, open_new, give_back),
    };
    RUN("cancellation", tests, count);
}
