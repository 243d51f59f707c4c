/* Every operation, once. What each does in every case is for the conformance suite. */

#include "opened.h"

#include <stdio.h>
#include <string.h>

static void every_operation(void **state)
{
    const struct opened *opened = *state;
    const ResetPasswordUserManagement *handle = opened->handle;
    char id[128], reset_id[128], token[128];

    json_t *user = done(handle, "create_user",
                        "{\"email\":\"ada@example.com\",\"external_id\":\"a-1\",\"first_name\":\"Ada\","
                        "\"metadata\":{\"plan\":\"free\"},\"locale\":\"%s\"}",
                        "en-GB");
    snprintf(id, sizeof id, "%s", text_of(user, "id"));
    assert_string_equal(text_of(json_object_get(user, "metadata"), "plan"), "free");
    assert_true(json_is_false(json_object_get(user, "email_verified")));
    assert_true(json_is_null(json_object_get(user, "last_name")));

    json_t *same[] = {
        done(handle, "get_user", "{\"id\":\"%s\"}", id),
        done(handle, "get_user_by_email", "{\"email\":\"%s\"}", "Ada@Example.com"),
        done(handle, "get_user_by_external_id", "{\"external_id\":\"%s\"}", "a-1"),
    };
    for (size_t at = 0; at < sizeof same / sizeof same[0]; at++) {
        assert_true(json_equal(user, same[at]));
        json_decref(same[at]);
    }
    json_decref(user);

    json_t *reset = done(handle, "create_password_reset", "{\"email\":\"%s\"}", "ada@example.com");
    snprintf(reset_id, sizeof reset_id, "%s", text_of(reset, "id"));
    snprintf(token, sizeof token, "%s", text_of(reset, "password_reset_token"));
    assert_int_equal(strncmp(text_of(reset, "password_reset_url"), "https://example.com/reset?token=", 32), 0);
    json_t *found = done(handle, "get_password_reset", "{\"id\":\"%s\"}", reset_id);
    assert_true(json_equal(reset, found));
    json_decref(found);
    json_decref(reset);

    json_t *check = done(handle, "check_password", "{\"password\":\"short\",\"user_id\":\"%s\"}", id);
    assert_true(json_is_false(json_object_get(check, "acceptable")));
    assert_string_equal(text_of(json_array_get(json_object_get(check, "errors"), 0), "code"), "password_too_short");
    json_decref(check);

    user = done(handle, "reset_password", "{\"token\":\"%s\",\"new_password\":\"" PASSWORD "\"}", token);
    assert_true(json_is_true(json_object_get(user, "email_verified")));
    json_decref(user);
    user = done(handle, "authenticate_with_password", "{\"email\":\"%s\",\"password\":\"" PASSWORD "\"}",
                "ada@example.com");
    assert_string_equal(text_of(user, "id"), id);
    json_decref(user);

    user = done(handle, "update_user", "{\"id\":\"%s\",\"last_name\":\"Lovelace\"}", id);
    assert_string_equal(text_of(user, "last_name"), "Lovelace");
    assert_string_equal(text_of(user, "first_name"), "Ada");
    json_decref(user);

    json_t *users = done(handle, "list_users", "{\"limit\":%d,\"order\":\"asc\"}", 5);
    assert_int_equal(json_array_size(json_object_get(users, "data")), 1);
    json_decref(users);

    json_t *requested = done(handle, "request_password_reset", "{\"email\":\"%s\"}", "ada@example.com");
    assert_string_equal(text_of(requested, "user_id"), id);
    json_decref(requested);
    requested = done(handle, "request_password_reset", "{\"email\":\"%s\"}", "nobody@example.com");
    assert_true(json_is_null(requested));
    json_decref(requested);

    json_t *revoked = done(handle, "revoke_password_resets", "{\"user_id\":\"%s\"}", id);
    assert_int_equal(json_integer_value(revoked), 1);
    json_decref(revoked);

    json_t *events = done(handle, "events", "{\"limit\":%d}", 100);
    json_t *first = json_array_get(json_object_get(events, "data"), 0);
    assert_string_equal(text_of(first, "event"), "user.created");
    assert_string_equal(text_of(json_object_get(first, "data"), "email"), "ada@example.com");
    json_decref(events);

    json_t *purged = done(handle, "purge", "{\"limit\":%d}", 10);
    assert_true(json_is_object(purged));
    json_decref(purged);

    json_t *deleted = done(handle, "delete_user", "{\"id\":\"%s\"}", id);
    assert_true(json_is_null(deleted));
    json_decref(deleted);
    assert_int_equal(ask(handle, NULL, "get_user", "{\"id\":\"%s\"}", id), RESET_PASSWORD_STATUS_USER_NOT_FOUND);
}

static void a_refused_password_with_its_reasons(void **state)
{
    const struct opened *opened = *state;
    json_t *error;
    assert_int_equal(ask(opened->handle, &error, "create_user",
                         "{\"email\":\"ada@example.com\",\"password\":\"password\"}"),
                     RESET_PASSWORD_STATUS_PASSWORD_REJECTED);
    const json_t *reasons = json_object_get(error, "errors");
    assert_int_equal(json_array_size(reasons), 2);
    assert_string_equal(text_of(json_array_get(reasons, 0), "code"), "password_too_short");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(reasons, 0), "minimum_length")), 15);
    assert_string_equal(text_of(json_array_get(reasons, 1), "code"), "password_too_common");
    assert_true(json_is_false(json_object_get(error, "retryable")));
    assert_null(json_object_get(error, "retry_after"));
    json_decref(error);
}

static void no_secret_in_an_error(void **state)
{
    const struct opened *opened = *state;
    static const char *const calls[][2] = {
        {"reset_password", "{\"token\":\"s3cr3t\",\"new_password\":\"s3cr3t s3cr3t s3cr3t\"}"},
        {"reset_password", "{\"token\":[\"s3cr3t\"],\"new_password\":\"s3cr3t\"}"},
        {"authenticate_with_password", "{\"email\":\"s3cr3t@example.com\",\"password\":\"s3cr3t\"}"},
        {"create_user", "{\"email\":\"s3cr3t\",\"password\":\"s3cr3t\"}"},
        {"create_user", "{\"email\":\"a@b.cd\",\"s3cr3t\":\"s3cr3t\"}"},
        {"s3cr3t", "{\"s3cr3t\""},
    };
    for (size_t at = 0; at < sizeof calls / sizeof calls[0]; at++) {
        ResetPasswordBuffer answer;
        assert_int_not_equal(
            reset_password_call(opened->handle, calls[at][0], calls[at][1], strlen(calls[at][1]), &answer),
            RESET_PASSWORD_STATUS_OK);
        assert_null(strstr(answer.data, "s3cr3t"));
        reset_password_buffer_free(&answer);
    }
}

void test_operations(struct count *count)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_operation, open_new, give_back),
        cmocka_unit_test_setup_teardown(a_refused_password_with_its_reasons, open_new, give_back),
        cmocka_unit_test_setup_teardown(no_secret_in_an_error, open_new, give_back),
    };
    RUN("operations", tests, count);
}
