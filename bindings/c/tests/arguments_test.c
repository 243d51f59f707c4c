/* What a call makes of arguments that are none. */

#include "opened.h"

#include <stdlib.h>
#include <string.h>

#define INPUT RESET_PASSWORD_STATUS_INPUT_INVALID

static void null_for_every_pointer(void **state)
{
    const struct opened *opened = *state;
    const ResetPasswordUserManagement *handle = opened->handle;
    const char arguments[] = "{\"email\":\"ada@example.com\"}";
    const size_t length = sizeof arguments - 1;
    ResetPasswordBuffer answer;

    REFUSED(NULL, "create_user", "{\"email\":\"ada@example.com\"}", INPUT, "user_management_required");
    REFUSED(handle, NULL, "{\"email\":\"ada@example.com\"}", INPUT, "operation_required");
    refused(handle, "create_user", NULL, 0, INPUT, "arguments_required");
    refused(handle, "create_user", NULL, length, INPUT, "arguments_required");
    refused(NULL, NULL, NULL, 0, INPUT, "user_management_required");
    assert_int_equal(reset_password_call(NULL, NULL, NULL, 0, NULL), INPUT);

    /* Without a place for the answer the call is done all the same. */
    assert_int_equal(reset_password_call(handle, "create_user", arguments, length, NULL), RESET_PASSWORD_STATUS_OK);
    assert_int_equal(reset_password_call(handle, "create_user", arguments, length, NULL),
                     RESET_PASSWORD_STATUS_EMAIL_NOT_AVAILABLE);
    assert_int_equal(reset_password_call(handle, "list_users", "{}", 2, &answer), RESET_PASSWORD_STATUS_OK);
    assert_non_null(strstr(answer.data, "ada@example.com"));
    reset_password_buffer_free(&answer);

    reset_password_close(NULL);
    reset_password_free(NULL);
    reset_password_buffer_free(NULL);
}

static int64_t revoked(const struct opened *opened)
{
    json_t *count = done(opened->handle, "revoke_password_resets", "{}");
    assert_true(json_is_integer(count));
    int64_t number = json_integer_value(count);
    json_decref(count);
    return number;
}

/* What a program has whose JSON library failed: NULL and 0, NULL and a length, or the -1 of `snprintf`. With none of
 * them is anything done, above all not for all users. */
static void what_is_left_of_a_failure_is_not_no_arguments(void **state)
{
    const struct opened *opened = *state;
    const char *revoke = "revoke_password_resets";
    const char arguments[] = "{\"user_id\":\"user_1\"}";
    create_user(opened->handle, "ada@example.com", NULL);
    create_reset(opened->handle, "ada@example.com", NULL);
    refused(opened->handle, revoke, NULL, 0, INPUT, "arguments_required");
    refused(opened->handle, revoke, NULL, sizeof arguments - 1, INPUT, "arguments_required");
    refused(opened->handle, revoke, NULL, (size_t)-1, INPUT, "arguments_required");
    refused(opened->handle, revoke, arguments, (size_t)-1, INPUT, "arguments_too_long");
    refused(opened->handle, revoke, arguments, (size_t)PTRDIFF_MAX + 1, INPUT, "arguments_too_long");
    refused(opened->handle, revoke, "", 0, INPUT, "arguments_object_required");
    refused(opened->handle, revoke, arguments, 0, INPUT, "arguments_object_required");
    assert_int_equal(revoked(opened), 1);
    assert_int_equal(revoked(opened), 0);
}

static void null_where_a_database_is_opened(void **state)
{
    (void)state;
    const char arguments[] = "{\"database_url\":\":memory:\"," LEAST_COST "}";
    ResetPasswordUserManagement *handle;
    ResetPasswordBuffer answer;

    assert_int_equal(reset_password_open(arguments, sizeof arguments - 1, NULL, &answer), INPUT);
    assert_non_null(strstr(answer.data, "user_management_required"));
    reset_password_buffer_free(&answer);
    assert_int_equal(reset_password_open(arguments, sizeof arguments - 1, NULL, NULL), INPUT);
    not_opened(NULL, 0, "arguments must not be NULL; {} is none");
    not_opened(NULL, 5, "arguments must not be NULL; {} is none");
    not_opened(arguments, (size_t)-1, "arguments is too long");
    not_opened(arguments, 0, "the arguments must be one JSON object");
    not_opened("{}", 2, "database_url must be a string");
    assert_int_equal(reset_password_open(NULL, 0, &handle, NULL), RESET_PASSWORD_STATUS_CONFIG_INVALID);
    assert_null(handle);

    assert_int_equal(reset_password_open(arguments, sizeof arguments - 1, &handle, NULL), RESET_PASSWORD_STATUS_OK);
    assert_non_null(handle);
    reset_password_free(handle);
}

static void unknown_operations(void **state)
{
    const struct opened *opened = *state;
    static const char *const names[] = {"", "nothing", "open", "close", "Create_User", "create_user ", "\xff\xfe"};
    for (size_t at = 0; at < sizeof names / sizeof names[0]; at++)
        REFUSED(opened->handle, names[at], "{}", INPUT, "operation_unknown");
}

static void what_is_no_object(void **state)
{
    const struct opened *opened = *state;
    static const char *const texts[] = {
        " ",       "null",        "true",          "5",         "\"x\"",           "[]",           "[{}]",
        "{",       "}",           "{\"email\"}",   "{email:1}", "{'email':'a'}",   "{\"a\":1,}",   "{} {}",
        "{}x",     "{\"email\":", "{\"email\":NaN}", "\xff",      "{\"email\":1e400}", "{\"email\":01}", "//{}",
        "\xef\xbb\xbf{}"};
    for (size_t at = 0; at < sizeof texts / sizeof texts[0]; at++) {
        const char *reason = strcmp(texts[at], "{\"a\":1,}") == 0 ? "arguments_unknown" : "arguments_object_required";
        refused(opened->handle, "create_user", texts[at], strlen(texts[at]), INPUT, reason);
    }
    REFUSED(opened->handle, "create_user", "{}\0", INPUT, "arguments_object_required");
    NOT_OPENED("[]", "the arguments must be one JSON object");
    NOT_OPENED("{", "the arguments must be one JSON object");
}

static void only_the_length_counts(void **state)
{
    const struct opened *opened = *state;
    const char arguments[] = "{\"email\":\"ada@example.com\"}and what follows";
    ResetPasswordBuffer answer;
    size_t length = strlen("{\"email\":\"ada@example.com\"}");
    /* At the end of its own memory, so that reading on is found by a checker. */
    char *exact = malloc(length);
    memcpy(exact, arguments, length);
    assert_int_equal(reset_password_call(opened->handle, "create_user", exact, length, &answer),
                     RESET_PASSWORD_STATUS_OK);
    reset_password_buffer_free(&answer);
    free(exact);
}

static void wrong_types(void **state)
{
    const struct opened *opened = *state;
    static const char *const of_text[] = {"1", "1.5", "true", "[]", "[\"a\"]", "{}", "{\"a\":\"b\"}"};
    static const char *const of_number[] = {"\"1\"", "1.5", "1e0", "-0.5", "true", "[1]", "{}"};
    static const char *const of_flag[] = {"\"true\"", "1", "0", "[]", "{}"};
    static const char *const of_pairs[] = {"\"a\"", "1", "true", "[\"a\",\"b\"]", "{\"a\":1}", "{\"a\":null}",
                                           "{\"a\":{}}"};
    static const struct {
        const char *operation;
        const char *before;
        const char *reason;
        const char *const *values;
        size_t count;
    } kinds[] = {
        {"create_user", "{\"email\":", "email_string_required", of_text, sizeof of_text / sizeof of_text[0]},
        {"create_user", "{\"email\":\"a@b.cd\",\"name\":", "name_string_required", of_text,
         sizeof of_text / sizeof of_text[0]},
        {"list_users", "{\"limit\":", "limit_integer_required", of_number, sizeof of_number / sizeof of_number[0]},
        {"create_user", "{\"email\":\"a@b.cd\",\"email_verified\":", "email_verified_boolean_required", of_flag,
         sizeof of_flag / sizeof of_flag[0]},
        {"create_user", "{\"email\":\"a@b.cd\",\"metadata\":", "metadata_object_required", of_pairs,
         sizeof of_pairs / sizeof of_pairs[0]},
    };
    char text[256];
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++)
        for (size_t at = 0; at < kinds[kind].count; at++) {
            strcpy(text, kinds[kind].before);
            strcat(text, kinds[kind].values[at]);
            strcat(text, "}");
            refused(opened->handle, kinds[kind].operation, text, strlen(text), INPUT, kinds[kind].reason);
        }
    REFUSED(opened->handle, "create_user", "{\"email\":null}", INPUT, "email_string_required");
    json_t *users = done(opened->handle, "list_users", "{}");
    assert_int_equal(json_array_size(json_object_get(users, "data")), 0);
    json_decref(users);

    NOT_OPENED("{\"database_url\":5}", "database_url must be a string");
    NOT_OPENED("{\"database_url\":\":memory:\",\"migrate\":1}", "migrate must be true or false");
    NOT_OPENED("{\"database_url\":\":memory:\",\"token_lifetime\":\"1\"}", "token_lifetime must be a whole number");
    NOT_OPENED("{\"database_url\":\":memory:\",\"service_names\":\"a\"}", "service_names must be a list of strings");
    NOT_OPENED("{\"database_url\":\":memory:\",\"service_names\":[1]}", "service_names must be a list of strings");
}

static void unknown_and_repeated(void **state)
{
    const struct opened *opened = *state;
    REFUSED(opened->handle, "get_user", "{\"id\":\"user_1\",\"email\":\"a\"}", INPUT, "arguments_unknown");
    REFUSED(opened->handle, "get_user", "{\"ID\":\"user_1\"}", INPUT, "arguments_unknown");
    REFUSED(opened->handle, "get_user", "{\"id\":\"user_1\",\"id\":\"user_2\"}", INPUT, "id_ambiguous");
    REFUSED(opened->handle, "get_user", "{\"id\":null,\"\\u0069d\":\"user_2\"}", INPUT, "id_ambiguous");
    NOT_OPENED("{\"database_url\":\":memory:\",\"database_url\":\"x\"}", "database_url is given twice");
}

static void very_deep_and_very_long(void **state)
{
    const struct opened *opened = *state;
    const size_t depth = 1000000;
    char *text = malloc(depth + 64);
    strcpy(text, "{\"email\":");
    size_t start = strlen(text);
    memset(text + start, '[', depth);
    refused(opened->handle, "create_user", text, start + depth, INPUT, NULL);
    text[start] = '"';
    memset(text + start + 1, 'a', depth);
    strcpy(text + start + depth, "\"}");
    refused(opened->handle, "create_user", text, strlen(text), INPUT, "email_too_long");
    free(text);
}

void test_arguments(struct count *count)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(null_for_every_pointer, open_new, give_back),
        cmocka_unit_test_setup_teardown(what_is_left_of_a_failure_is_not_no_arguments, open_new, give_back),
        cmocka_unit_test(null_where_a_database_is_opened),
        cmocka_unit_test_setup_teardown(unknown_operations, open_new, give_back),
        cmocka_unit_test_setup_teardown(what_is_no_object, open_new, give_back),
        cmocka_unit_test_setup_teardown(only_the_length_counts, open_new, give_back),
        cmocka_unit_test_setup_teardown(wrong_types, open_new, give_back),
        cmocka_unit_test_setup_teardown(unknown_and_repeated, open_new, give_back),
        cmocka_unit_test_setup_teardown(very_deep_and_very_long, open_new, give_back),
    };
    RUN("arguments", tests, count);
}
