#define _POSIX_C_SOURCE 200809L

#include "opened.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static ResetPasswordUserManagement *open_at(const char *database, int memory_kib, int iterations)
{
    ResetPasswordUserManagement *handle = NULL;
    ResetPasswordBuffer answer;
    char *arguments = NULL;
    json_t *options = json_pack("{s:s, s:s, s:i, s:i}", "database_url", database, "reset_url",
                                "https://example.com/reset", "argon2_memory_kib", memory_kib, "argon2_iterations",
                                iterations);
    arguments = json_dumps(options, JSON_COMPACT);
    assert_int_equal(reset_password_open(arguments, strlen(arguments), &handle, &answer), RESET_PASSWORD_STATUS_OK);
    assert_non_null(handle);
    assert_null(answer.data);
    free(arguments);
    json_decref(options);
    return handle;
}

int open_new(void **state)
{
    struct opened *opened = calloc(1, sizeof *opened);
    const char *scratch = getenv("TMPDIR");
    snprintf(opened->folder, sizeof opened->folder, "%s/opened-XXXXXX", scratch == NULL ? "/tmp" : scratch);
    assert_non_null(mkdtemp(opened->folder));
    snprintf(opened->database, sizeof opened->database, "%s/app.db", opened->folder);
    opened->handle = open_again(opened);
    *state = opened;
    return 0;
}

int give_back(void **state)
{
    static const char *const files[] = {"app.db", "app.db-wal", "app.db-shm", "app.db.key"};
    struct opened *opened = *state;
    char path[4300];
    reset_password_free(opened->handle);
    for (size_t at = 0; at < sizeof files / sizeof files[0]; at++) {
        snprintf(path, sizeof path, "%s/%s", opened->folder, files[at]);
        unlink(path);
    }
    rmdir(opened->folder);
    free(opened);
    return 0;
}

ResetPasswordUserManagement *open_again(const struct opened *opened)
{
    return open_at(opened->database, 19456, 2);
}

ResetPasswordUserManagement *open_costly(const struct opened *opened)
{
    return open_at(opened->database, 262144, 4);
}

static ResetPasswordStatus ask_with(const ResetPasswordUserManagement *handle, json_t **answer, const char *operation,
                                    const char *format, va_list values)
{
    char arguments[4096];
    ResetPasswordBuffer buffer;
    int length = vsnprintf(arguments, sizeof arguments, format, values);
    if (length < 0 || (size_t)length >= sizeof arguments)
        abort();
    ResetPasswordStatus status = reset_password_call(handle, operation, arguments, (size_t)length, &buffer);
    if (answer != NULL)
        *answer = json_loadb(buffer.data, buffer.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    reset_password_buffer_free(&buffer);
    return status;
}

ResetPasswordStatus ask(const ResetPasswordUserManagement *handle, json_t **answer, const char *operation,
                        const char *format, ...)
{
    va_list values;
    va_start(values, format);
    ResetPasswordStatus status = ask_with(handle, answer, operation, format, values);
    va_end(values);
    return status;
}

const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL ? "" : text;
}

json_t *done(const ResetPasswordUserManagement *handle, const char *operation, const char *format, ...)
{
    json_t *answer;
    va_list values;
    va_start(values, format);
    ResetPasswordStatus status = ask_with(handle, &answer, operation, format, values);
    va_end(values);
    if (status != RESET_PASSWORD_STATUS_OK)
        fail_msg("%s: %s: %s", operation, text_of(answer, "code"), text_of(answer, "message"));
    assert_non_null(answer);
    return answer;
}

static void keep(char *place, const json_t *object, const char *name)
{
    if (place != NULL)
        snprintf(place, 128, "%s", text_of(object, name));
}

void create_user(const ResetPasswordUserManagement *handle, const char *email, char *id)
{
    json_t *user = done(handle, "create_user", "{\"email\":\"%s\"}", email);
    keep(id, user, "id");
    json_decref(user);
}

void create_reset(const ResetPasswordUserManagement *handle, const char *email, char *token)
{
    json_t *reset = done(handle, "create_password_reset", "{\"email\":\"%s\"}", email);
    keep(token, reset, "password_reset_token");
    json_decref(reset);
}

void refused(const ResetPasswordUserManagement *handle, const char *operation, const char *arguments, size_t length,
             ResetPasswordStatus status, const char *reason)
{
    ResetPasswordBuffer buffer;
    ResetPasswordStatus given = reset_password_call(handle, operation, arguments, length, &buffer);
    const char *code = reset_password_status_code(status);
    if (given != status)
        fail_msg("%s is %s, not %s", operation, reset_password_status_code(given), code);
    json_t *error = json_loadb(buffer.data, buffer.length, JSON_REJECT_DUPLICATES, NULL);
    assert_string_equal(text_of(error, "code"), code);
    assert_string_not_equal(text_of(error, "message"), "");
    assert_true(json_is_boolean(json_object_get(error, "retryable")));
    if (reason != NULL)
        assert_string_equal(text_of(json_array_get(json_object_get(error, "errors"), 0), "code"), reason);
    json_decref(error);
    reset_password_buffer_free(&buffer);
}

void not_opened(const char *arguments, size_t length, const char *message)
{
    /* What a caller has not set must not matter. */
    ResetPasswordUserManagement *handle = (ResetPasswordUserManagement *)(uintptr_t)16;
    ResetPasswordBuffer buffer = {(char *)(uintptr_t)16, 16};
    assert_int_equal(reset_password_open(arguments, length, &handle, &buffer), RESET_PASSWORD_STATUS_CONFIG_INVALID);
    assert_null(handle);
    json_t *error = json_loadb(buffer.data, buffer.length, JSON_REJECT_DUPLICATES, NULL);
    assert_string_equal(text_of(error, "code"), "config_invalid");
    assert_string_equal(text_of(error, "message"), message);
    json_decref(error);
    reset_password_buffer_free(&buffer);
}
