/* Texts that are not Unicode, and numbers of any size. */

#include "opened.h"

#include <string.h>

#define INPUT RESET_PASSWORD_STATUS_INPUT_INVALID

static void octets_that_are_not_utf8(void **state)
{
    const struct opened *opened = *state;
    const ResetPasswordUserManagement *handle = opened->handle;
    static const char *const octets[] = {"\x80", "\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xc3"};
    char text[256];
    for (size_t at = 0; at < sizeof octets / sizeof octets[0]; at++) {
        snprintf(text, sizeof text, "{\"email\":\"a@example.com\",\"name\":\"%s\"}", octets[at]);
        refused(handle, "create_user", text, strlen(text), INPUT, "name_invalid");
        snprintf(text, sizeof text, "{\"email\":\"a@example.com\",\"metadata\":{\"%s\":\"x\"}}", octets[at]);
        refused(handle, "create_user", text, strlen(text), INPUT, "metadata_invalid");
        snprintf(text, sizeof text, "{\"id\":\"user_%s\"}", octets[at]);
        refused(handle, "get_user", text, strlen(text), RESET_PASSWORD_STATUS_USER_NOT_FOUND, NULL);
        snprintf(text, sizeof text, "{\"email\":\"a@example.com\",\"password\":\"%s %s\"}", PASSWORD, octets[at]);
        refused(handle, "create_user", text, strlen(text), RESET_PASSWORD_STATUS_PASSWORD_REJECTED,
                "password_invalid_characters");
        snprintf(text, sizeof text, "{\"%s\":\"x\"}", octets[at]);
        refused(handle, "get_user", text, strlen(text), INPUT, "arguments_object_required");
    }
    NOT_OPENED("{\"database_url\":\"\xff\"}", "database_url must be text in Unicode");
}

static void lone_surrogates(void **state)
{
    const struct opened *opened = *state;
    const ResetPasswordUserManagement *handle = opened->handle;
    REFUSED(handle, "create_user", "{\"email\":\"a\\ud800@example.com\"}", INPUT, "email_invalid");
    REFUSED(handle, "create_user", "{\"email\":\"a@b.cd\",\"name\":\"\\udc00\\ud800\"}", INPUT, "name_invalid");
    REFUSED(handle, "create_user", "{\"email\":\"a@b.cd\",\"password\":\"" PASSWORD "\\ud83d\"}",
            RESET_PASSWORD_STATUS_PASSWORD_REJECTED, "password_invalid_characters");
    REFUSED(handle, "reset_password", "{\"token\":\"\\ud800\",\"new_password\":\"" PASSWORD "\"}",
            RESET_PASSWORD_STATUS_PASSWORD_RESET_TOKEN_NOT_FOUND, NULL);
    REFUSED(handle, "create_user", "{\"email\":\"a@b.cd\",\"name\":\"\\ud8\"}", INPUT, "arguments_object_required");

    /* A pair is a character. */
    json_t *user = done(handle, "create_user", "{\"email\":\"a@b.cd\",\"name\":\"\\ud83d\\udea2\"}");
    assert_string_equal(text_of(user, "name"), "\xf0\x9f\x9a\xa2");
    json_decref(user);
}

static void nul_within_a_text(void **state)
{
    const struct opened *opened = *state;
    const ResetPasswordUserManagement *handle = opened->handle;
    REFUSED(handle, "create_user", "{\"email\":\"a\\u0000@example.com\"}", INPUT, "email_invalid");
    REFUSED(handle, "create_user", "{\"email\":\"a\0@example.com\"}", INPUT, "email_invalid");
    REFUSED(handle, "create_user", "{\"email\":\"a@b.cd\",\"name\":\"a\\u0000\"}", INPUT, "name_invalid");
    REFUSED(handle, "get_user", "{\"id\":\"user_\\u0000\"}", RESET_PASSWORD_STATUS_USER_NOT_FOUND, NULL);
    NOT_OPENED("{\"database_url\":\"a\\u0000.db\"}", "database must not hold a NUL");

    /* Of a password it is a part: nothing ends there. */
    create_user(handle, "ada@example.com", NULL);
    char token[128];
    create_reset(handle, "ada@example.com", token);
    json_decref(done(handle, "reset_password", "{\"token\":\"%s\",\"new_password\":\"" PASSWORD "\\u0000!\"}", token));
    REFUSED(handle, "authenticate_with_password", "{\"email\":\"ada@example.com\",\"password\":\"" PASSWORD "\"}",
            RESET_PASSWORD_STATUS_INVALID_CREDENTIALS, NULL);
    json_decref(done(handle, "authenticate_with_password", "{\"email\":\"%s\",\"password\":\"" PASSWORD "\\u0000!\"}",
                     "ada@example.com"));
}

static void numbers_of_any_size(void **state)
{
    const struct opened *opened = *state;
    static const char *const numbers[] = {
        "0",
        "-1",
        "101",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "123456789012345678901234567890",
        "-123456789012345678901234567890",
        "1e300",
    };
    char text[128];
    for (size_t at = 0; at < sizeof numbers / sizeof numbers[0]; at++) {
        snprintf(text, sizeof text, "{\"limit\":%s}", numbers[at]);
        refused(opened->handle, "list_users", text, strlen(text), INPUT, "limit_invalid");
    }
    REFUSED(opened->handle, "list_users", "{\"limit\":1e999}", INPUT, "arguments_object_required");
    json_decref(done(opened->handle, "list_users", "{\"limit\":100}"));
}

static void texts_come_back_as_they_were(void **state)
{
    const struct opened *opened = *state;
    const char *name = "\xc3\x89lo\xc3\xafse \xe2\x80\x9c\xd0\x96\xe2\x80\x9d \\\" / \xf0\x9f\x9a\xa2";
    json_t *user = done(opened->handle, "create_user", "{\"email\":\"a@b.cd\",\"name\":\"%s\"}", name);
    assert_string_equal(text_of(user, "name"), "\xc3\x89lo\xc3\xafse \xe2\x80\x9c\xd0\x96\xe2\x80\x9d \" / \xf0\x9f\x9a\xa2");
    json_decref(user);
}

void test_text(struct count *count)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(octets_that_are_not_utf8, open_new, give_back),
        cmocka_unit_test_setup_teardown(lone_surrogates, open_new, give_back),
        cmocka_unit_test_setup_teardown(nul_within_a_text, open_new, give_back),
        cmocka_unit_test_setup_teardown(numbers_of_any_size, open_new, give_back),
        cmocka_unit_test_setup_teardown(texts_come_back_as_they_were, open_new, give_back),
    };
    RUN("text", tests, count);
}
