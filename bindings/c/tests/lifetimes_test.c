/* Handles that are closed, doubled and forked. */

#define _POSIX_C_SOURCE 200809L

#include "opened.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void close_and_use_after(void **state)
{
    const struct opened *opened = *state;
    char token[128];
    create_user(opened->handle, "ada@example.com", NULL);
    create_reset(opened->handle, "ada@example.com", token);
    for (int times = 0; times < 2; times++)
        reset_password_close(opened->handle);
    json_t *user = done(opened->handle, "reset_password", "{\"token\":\"%s\",\"new_password\":\"" PASSWORD "\"}", token);
    assert_string_equal(text_of(user, "email"), "ada@example.com");
    json_decref(user);
    reset_password_close(opened->handle);
}

static void two_handles_on_one_file(void **state)
{
    const struct opened *opened = *state;
    ResetPasswordUserManagement *other = open_again(opened);
    char token[128], id[128];
    create_user(opened->handle, "ada@example.com", id);
    create_reset(other, "ada@example.com", token);
    json_t *user = done(opened->handle, "reset_password", "{\"token\":\"%s\",\"new_password\":\"" PASSWORD "\"}", token);
    assert_string_equal(text_of(user, "id"), id);
    json_decref(user);
    assert_int_equal(ask(other, NULL, "reset_password", "{\"token\":\"%s\",\"new_password\":\"" PASSWORD "\"}", token),
                     RESET_PASSWORD_STATUS_PASSWORD_RESET_TOKEN_NOT_FOUND);
    reset_password_free(other);
    json_decref(done(opened->handle, "get_user", "{\"id\":\"%s\"}", id));
}

static void many_handles(void **state)
{
    const struct opened *opened = *state;
    ResetPasswordUserManagement *handles[20];
    for (size_t at = 0; at < sizeof handles / sizeof handles[0]; at++) {
        handles[at] = open_again(opened);
        json_decref(done(handles[at], "create_user", "{\"email\":\"u%zu@example.com\"}", at));
    }
    for (size_t at = 0; at < sizeof handles / sizeof handles[0]; at++)
        reset_password_free(handles[at]);
}

/* The child writes the token of a reset, and ends with 0 if all it did went well. */
static int child(const struct opened *opened, const char *id, int to)
{
    json_t *user, *reset;
    if (ask(opened->handle, &user, "get_user", "{\"id\":\"%s\"}", id) != RESET_PASSWORD_STATUS_OK)
        return 1;
    if (strcmp(text_of(user, "email"), "ada@example.com") != 0)
        return 2;
    if (ask(opened->handle, &reset, "create_password_reset", "{\"email\":\"ada@example.com\"}") !=
        RESET_PASSWORD_STATUS_OK)
        return 3;
    const char *token = text_of(reset, "password_reset_token");
    if (write(to, token, strlen(token)) != (ssize_t)strlen(token))
        return 4;
    if (ask(opened->handle, NULL, "create_user", "{\"email\":\"child@example.com\",\"password\":\"" PASSWORD "\"}") !=
        RESET_PASSWORD_STATUS_OK)
        return 5;
    /* A child may give it back too. */
    reset_password_free(opened->handle);
    return 0;
}

static void fork_after_open(void **state)
{
    const struct opened *opened = *state;
    char id[128], token[128] = "";
    int ends[2], status;
    /* With a password, so that whatever hashes was at work before the fork. */
    json_t *user =
        done(opened->handle, "create_user", "{\"email\":\"ada@example.com\",\"password\":\"" PASSWORD "\"}");
    snprintf(id, sizeof id, "%s", text_of(user, "id"));
    json_decref(user);
    assert_int_equal(pipe(ends), 0);

    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(ends[0]);
        _exit(child(opened, id, ends[1]));
    }
    close(ends[1]);
    /* At the same time as the child. */
    json_decref(done(opened->handle, "authenticate_with_password",
                     "{\"email\":\"%s\",\"password\":\"" PASSWORD "\"}", "ada@example.com"));
    ssize_t length = read(ends[0], token, sizeof token - 1);
    assert_true(length > 0);
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);

    json_decref(done(opened->handle, "reset_password", "{\"token\":\"%s\",\"new_password\":\"" PASSWORD " too\"}", token));
    json_decref(done(opened->handle, "authenticate_with_password",
                     "{\"email\":\"%s\",\"password\":\"" PASSWORD "\"}", "child@example.com"));
}

/* Whoever opened a database in memory has it alone. */
static void fork_with_a_database_in_memory(void **state)
{
    (void)state;
    const char arguments[] = "{\"database_url\":\":memory:\"," LEAST_COST "}";
    ResetPasswordUserManagement *handle;
    int status;
    assert_int_equal(reset_password_open(arguments, sizeof arguments - 1, &handle, NULL), RESET_PASSWORD_STATUS_OK);
    create_user(handle, "ada@example.com", NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(ask(handle, NULL, "list_users", "{}"));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), RESET_PASSWORD_STATUS_CONFIG_INVALID);
    json_decref(done(handle, "get_user_by_email", "{\"email\":\"ada@example.com\"}"));
    reset_password_free(handle);
}

void test_lifetimes(struct count *count)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(close_and_use_after, open_new, give_back),
        cmocka_unit_test_setup_teardown(two_handles_on_one_file, open_new, give_back),
        cmocka_unit_test_setup_teardown(many_handles, open_new, give_back),
        cmocka_unit_test_setup_teardown(fork_after_open, open_new, give_back),
        cmocka_unit_test(fork_with_a_database_in_memory),
    };
    RUN("lifetimes", tests, count);
}
