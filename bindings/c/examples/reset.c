/*
 * A password reset, from the user to the login, with jansson for the JSON.
 *
 *   reset DATABASE [OPTIONS]
 *
 * OPTIONS is a JSON object of options of `reset_password_open`.
 */

#define _DEFAULT_SOURCE /* explicit_bzero */

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <reset_password.h>

/* Passwords and tokens go through jansson's memory. It is wiped before it is given back. */
static void *wiped_malloc(size_t size)
{
    max_align_t *block = malloc(sizeof *block + size);
    if (block == NULL)
        return NULL;
    memcpy(block, &size, sizeof size);
    return block + 1;
}

static void wiped_free(void *memory)
{
    size_t size;
    if (memory == NULL)
        return;
    max_align_t *block = (max_align_t *)memory - 1;
    memcpy(&size, block, sizeof size);
    explicit_bzero(block, sizeof *block + size);
    free(block);
}

/* The answer as a value, and the buffer given back. NULL for no answer. */
static json_t *read_answer(ResetPasswordBuffer *answer)
{
    json_t *value = NULL;
    if (answer->data != NULL)
        value = json_loadb(answer->data, answer->length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    reset_password_buffer_free(answer);
    return value;
}

/* The arguments as text, and the value let go. A JSON library may have no memory, or be given what is not Unicode: then
 * it answers NULL, and nothing may be done. */
static char *text_of_arguments(json_t *arguments)
{
    char *text = json_dumps(arguments, JSON_COMPACT);
    json_decref(arguments);
    if (text == NULL) {
        fputs("the arguments cannot be written\n", stderr);
        exit(1);
    }
    return text;
}

/* Does one operation, and lets go of the arguments. The answer is the result or the error. */
static ResetPasswordStatus call(const ResetPasswordUserManagement *user_management, const char *operation,
                                json_t *arguments, json_t **result)
{
    ResetPasswordBuffer answer;
    char *text = text_of_arguments(arguments);
    ResetPasswordStatus status = reset_password_call(user_management, operation, text, strlen(text), &answer);
    wiped_free(text);
    *result = read_answer(&answer);
    return status;
}

static ResetPasswordStatus open_database(json_t *arguments, ResetPasswordUserManagement **user_management,
                                         json_t **error)
{
    ResetPasswordBuffer answer;
    char *text = text_of_arguments(arguments);
    ResetPasswordStatus status = reset_password_open(text, strlen(text), user_management, &answer);
    wiped_free(text);
    *error = read_answer(&answer);
    return status;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL ? "" : text;
}

static void show_error(const json_t *error)
{
    size_t at;
    json_t *reason;
    printf("%s: %s\n", text_of(error, "code"), text_of(error, "message"));
    json_array_foreach(json_object_get(error, "errors"), at, reason)
        printf("- %s\n", text_of(reason, "message"));
}

/* From the user to the login. Answers 0, or 1 after an error, which it shows. */
static int story(const ResetPasswordUserManagement *user_management)
{
    json_t *user = NULL, *reset = NULL, *refused = NULL, *confirmed = NULL, *again = NULL, *login = NULL;
    const char *email = "ada@example.com", *password = "a long walk by the sea";
    int failed = 1;

    if (call(user_management, "create_user", json_pack("{s:s, s:s}", "email", email, "first_name", "Ada"), &user) !=
        RESET_PASSWORD_STATUS_OK) {
        show_error(user);
        goto end;
    }
    printf("created %s\n", text_of(user, "email"));

    if (call(user_management, "create_password_reset", json_pack("{s:s}", "email", email), &reset) !=
        RESET_PASSWORD_STATUS_OK) {
        show_error(reset);
        goto end;
    }
    /* An application mails password_reset_url to the user. It comes back with the token. */
    const char *token = text_of(reset, "password_reset_token");
    printf("a reset for %s\n", text_of(reset, "email"));

    if (call(user_management, "reset_password", json_pack("{s:s, s:s}", "token", token, "new_password", "password1"),
             &refused) != RESET_PASSWORD_STATUS_PASSWORD_REJECTED) {
        fputs("a bad password was not refused\n", stderr);
        goto end;
    }
    show_error(refused);

    if (call(user_management, "reset_password", json_pack("{s:s, s:s}", "token", token, "new_password", password),
             &confirmed) != RESET_PASSWORD_STATUS_OK) {
        show_error(confirmed);
        goto end;
    }
    printf("a new password for %s\n", text_of(confirmed, "email"));

    if (call(user_management, "reset_password", json_pack("{s:s, s:s}", "token", token, "new_password", password),
             &again) != RESET_PASSWORD_STATUS_PASSWORD_RESET_TOKEN_NOT_FOUND) {
        fputs("a token was used twice\n", stderr);
        goto end;
    }
    show_error(again);

    if (call(user_management, "authenticate_with_password",
             json_pack("{s:s, s:s}", "email", email, "password", password), &login) != RESET_PASSWORD_STATUS_OK) {
        show_error(login);
        goto end;
    }
    printf("%s is logged in\n", text_of(login, "email"));
    failed = 0;

end:
    json_decref(login);
    json_decref(again);
    json_decref(confirmed);
    json_decref(refused);
    json_decref(reset);
    json_decref(user);
    return failed;
}

int main(int count, char **arguments)
{
    ResetPasswordUserManagement *user_management;
    json_t *error;

    json_set_alloc_funcs(wiped_malloc, wiped_free);
    json_t *options = count > 2 ? json_loads(arguments[2], 0, NULL) : json_object();
    if (count < 2 || options == NULL) {
        fputs("usage: reset DATABASE [OPTIONS]\n", stderr);
        json_decref(options);
        return 2;
    }
    json_object_set_new(options, "database_url", json_string(arguments[1]));
    json_object_set_new(options, "reset_url", json_string("https://example.com/reset-password"));
    if (open_database(options, &user_management, &error) != RESET_PASSWORD_STATUS_OK) {
        show_error(error);
        json_decref(error);
        return 1;
    }
    int failed = story(user_management);
    reset_password_free(user_management);
    return failed;
}
