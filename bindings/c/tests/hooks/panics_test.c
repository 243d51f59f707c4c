/* A panic within the library, in a build where one can be had. */

#include "opened.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "live.h"

enum { THREADS = 8 };

static void *panic(void *given)
{
    json_t *error;
    ResetPasswordStatus *status = given;
    ResetPasswordUserManagement *handle;
    const char arguments[] = "{\"database_url\":\":memory:\"," LEAST_COST "}";
    *status = -1;
    if (reset_password_open(arguments, sizeof arguments - 1, &handle, NULL) != RESET_PASSWORD_STATUS_OK)
        return NULL;
    *status = ask(handle, &error, "get_user", "{\"id\":\"panic\"}");
    json_decref(error);
    reset_password_free(handle);
    return NULL;
}

static void a_panic_is_an_error(void **state)
{
    const struct opened *opened = *state;
    for (int times = 0; times < 3; times++) {
        json_t *error;
        assert_int_equal(ask(opened->handle, &error, "get_user", "{\"id\":\"panic\"}"), RESET_PASSWORD_STATUS_INTERNAL);
        assert_string_equal(text_of(error, "code"), "internal");
        assert_string_equal(text_of(error, "message"),
                            "something went wrong inside the engine; the log has the details");
        assert_int_equal(json_object_size(error), 3);
        json_decref(error);
    }
    /* And life goes on. */
    create_user(opened->handle, "ada@example.com", NULL);
}

static void panics_on_many_threads(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    ResetPasswordStatus statuses[THREADS];
    for (int at = 0; at < THREADS; at++)
        assert_int_equal(pthread_create(&threads[at], NULL, panic, &statuses[at]), 0);
    for (int at = 0; at < THREADS; at++) {
        pthread_join(threads[at], NULL);
        assert_int_equal(statuses[at], RESET_PASSWORD_STATUS_INTERNAL);
    }
}

/* Of a call that can be left: while it is waited for, and when nobody waits any more. */
static void a_panic_of_a_call_that_may_be_left(void **state)
{
    const struct opened *opened = *state;
    const char arguments[] = "{\"id\":\"panic\"}";
    for (int left = 0; left < 2; left++) {
        ResetPasswordBuffer answer;
        ResetPasswordCancellation *cancellation = reset_password_cancellation_new();
        if (left)
            reset_password_cancellation_cancel(cancellation);
        ResetPasswordStatus status = reset_password_call_until(opened->handle, "get_user", arguments,
                                                               strlen(arguments), cancellation, &answer);
        /* A result that is there already is answered. */
        assert_true(status == RESET_PASSWORD_STATUS_INTERNAL || (left && status == RESET_PASSWORD_STATUS_CANCELLED));
        assert_true((answer.data != NULL) == (status == RESET_PASSWORD_STATUS_INTERNAL));
        reset_password_buffer_free(&answer);
        reset_password_cancellation_free(cancellation);
        /* Which waits until what was left is over, however it ends. */
        reset_password_close(opened->handle);
    }
    create_user(opened->handle, "ada@example.com", NULL);
}

static void what_lives_is_counted(void **state)
{
    const struct opened *opened = *state;
    ResetPasswordBuffer answer;
    int64_t buffers = reset_password_test_live_buffers(), handles = reset_password_test_live_handles();
    assert_int_equal(reset_password_call(opened->handle, "list_users", "{}", 2, &answer), RESET_PASSWORD_STATUS_OK);
    ResetPasswordUserManagement *other = open_again(opened);
    assert_int_equal(reset_password_test_live_buffers(), buffers + 1);
    assert_int_equal(reset_password_test_live_handles(), handles + 1);
    reset_password_buffer_free(&answer);
    reset_password_free(other);
    assert_int_equal(reset_password_test_live_buffers(), buffers);
    assert_int_equal(reset_password_test_live_handles(), handles);
}

void test_panics(struct count *count)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_panic_is_an_error, open_new, give_back),
        cmocka_unit_test(panics_on_many_threads),
        cmocka_unit_test_setup_teardown(a_panic_of_a_call_that_may_be_left, open_new, give_back),
        cmocka_unit_test_setup_teardown(what_lives_is_counted, open_new, give_back),
    };
    RUN("panics", tests, count);
}
