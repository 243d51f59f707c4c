/* Cheap calls, so often that what one of them kept would show. */

#define _POSIX_C_SOURCE 200809L

#include "opened.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Less than the answers of that many calls, and than that many handles. */
enum { CALLS = 10000, MOST = 512 * 1024, HANDLES = 300, MOST_OF_HANDLES = 2 * 1024 * 1024 };
/* An allocator grows at first, a checker's above all. What a call keeps shows every time. */
enum { ROUNDS = 5 };

static long resident(void)
{
    long whole, pages = -1;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld %ld", &whole, &pages), 2);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static void repeat(const struct opened *opened, int times, const char *operation, const char *arguments,
                   ResetPasswordStatus status)
{
    for (int at = 0; at < times; at++) {
        ResetPasswordBuffer answer;
        if (reset_password_call(opened->handle, operation, arguments, strlen(arguments), &answer) != status)
            fail_msg("%s ended otherwise", operation);
        reset_password_buffer_free(&answer);
    }
}

static void calls_keep_nothing(void **state)
{
    const struct opened *opened = *state;
    char id[128], get_user[160];
    create_user(opened->handle, "ada@example.com", id);
    snprintf(get_user, sizeof get_user, "{\"id\":\"%s\"}", id);
    const struct {
        const char *operation;
        const char *arguments;
        ResetPasswordStatus status;
    } kinds[] = {
        {"reset_password", "{\"token\":\"unknown\",\"new_password\":\"" PASSWORD "\"}",
         RESET_PASSWORD_STATUS_PASSWORD_RESET_TOKEN_NOT_FOUND},
        {"get_user", get_user, RESET_PASSWORD_STATUS_OK},
        {"get_user", "{\"id\":5}", RESET_PASSWORD_STATUS_INPUT_INVALID},
        {"get_user", "{\"id\":", RESET_PASSWORD_STATUS_INPUT_INVALID},
        {"nothing", "{}", RESET_PASSWORD_STATUS_INPUT_INVALID},
    };
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        long grown = MOST + 1;
        for (int round = 0; round < ROUNDS && grown > MOST; round++) {
            long before = resident();
            repeat(opened, CALLS, kinds[kind].operation, kinds[kind].arguments, kinds[kind].status);
            grown = resident() - before;
        }
        if (grown > MOST)
            fail_msg("%s %s: %ld bytes more", kinds[kind].operation, kinds[kind].arguments, grown);
    }
}

static void refused_opens_keep_nothing(void **state)
{
    (void)state;
    const char arguments[] = "{\"database_url\":5}";
    long grown = MOST + 1;
    for (int round = 0; round < ROUNDS && grown > MOST; round++) {
        long before = resident();
        for (int at = 0; at < CALLS; at++) {
            ResetPasswordUserManagement *handle;
            ResetPasswordBuffer answer;
            assert_int_equal(reset_password_open(arguments, sizeof arguments - 1, &handle, &answer),
                             RESET_PASSWORD_STATUS_CONFIG_INVALID);
            reset_password_buffer_free(&answer);
        }
        grown = resident() - before;
    }
    assert_true(grown <= MOST);
}

static void handles_keep_nothing(void **state)
{
    const struct opened *opened = *state;
    long before = 0;
    for (int at = -100; at < HANDLES; at++) {
        if (at == 0)
            before = resident();
        ResetPasswordUserManagement *handle = open_again(opened);
        json_decref(done(handle, "list_users", "{}"));
        reset_password_free(handle);
    }
    long grown = resident() - before;
    if (grown > MOST_OF_HANDLES)
        fail_msg("%ld bytes more", grown);
}

void test_memory(struct count *count)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(calls_keep_nothing, open_new, give_back),
        cmocka_unit_test(refused_opens_keep_nothing),
        cmocka_unit_test_setup_teardown(handles_keep_nothing, open_new, give_back),
    };
    RUN("memory", tests, count);
}
