/* The numbers, the reference and the header say the same. */

#include "opened.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Statuses from 1 up to the last. */
static int32_t last_status(void)
{
    int32_t status = 0;
    while (reset_password_status_code(status + 1) != NULL)
        status++;
    return status;
}

static FILE *opened_for_reading(const char *variable)
{
    const char *path = getenv(variable);
    assert_non_null(path);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    return file;
}

static void every_code_of_the_reference(void **state)
{
    (void)state;
    FILE *reference = opened_for_reading("ERRORS_REFERENCE");
    char line[512], code[128];
    int within = 0;
    int32_t status = 0;
    while (fgets(line, sizeof line, reference) != NULL) {
        if (strstr(line, "<!-- codes:begin -->") != NULL)
            within = 1;
        else if (strstr(line, "<!-- codes:end -->") != NULL)
            within = 0;
        else if (within && sscanf(line, "| `%127[a-z_]` |", code) == 1) {
            status++;
            assert_non_null(reset_password_status_code(status));
            assert_string_equal(reset_password_status_code(status), code);
        }
    }
    fclose(reference);
    assert_true(status > 0);
    assert_int_equal(status, last_status());
}

static void every_status_of_the_header(void **state)
{
    (void)state;
    FILE *header = opened_for_reading("HEADER");
    char line[512], name[128];
    int number;
    int32_t count = 0;
    while (fgets(line, sizeof line, header) != NULL) {
        if (sscanf(line, " RESET_PASSWORD_STATUS_%127[A-Z_] = %d,", name, &number) != 2)
            continue;
        for (char *at = name; *at != '\0'; at++)
            *at = (char)tolower((unsigned char)*at);
        assert_non_null(reset_password_status_code(number));
        assert_string_equal(reset_password_status_code(number), name);
        count++;
    }
    fclose(header);
    /* And 0 and -1, which are no errors. */
    assert_int_equal(count, last_status() + 2);
}

static void what_is_no_status(void **state)
{
    (void)state;
    assert_string_equal(reset_password_status_code(RESET_PASSWORD_STATUS_OK), "ok");
    assert_int_equal(RESET_PASSWORD_STATUS_CANCELLED, -1);
    assert_string_equal(reset_password_status_code(-1), "cancelled");
    static const int32_t numbers[] = {-2, INT32_MIN, INT32_MAX, 1000};
    for (size_t at = 0; at < sizeof numbers / sizeof numbers[0]; at++)
        assert_null(reset_password_status_code(numbers[at]));
    assert_null(reset_password_status_code(last_status() + 1));
}

static void the_version(void **state)
{
    (void)state;
    const char *version = getenv("VERSION");
    assert_non_null(version);
    assert_string_equal(reset_password_version(), version);
}

void test_status(struct count *count)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_of_the_reference),
        cmocka_unit_test(every_status_of_the_header),
        cmocka_unit_test(what_is_no_status),
        cmocka_unit_test(the_version),
    };
    RUN("status", tests, count);
}
