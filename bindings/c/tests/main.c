/* Runs all tests. With TEST_HOOKS, which needs a library that has them, also those of panics and of what lives on. */

#include "opened.h"

#include <stdio.h>

#ifdef TEST_HOOKS
#include "live.h"

static void nothing_lives_on(void **state)
{
    (void)state;
    assert_int_equal(reset_password_test_live_buffers(), 0);
    assert_int_equal(reset_password_test_live_handles(), 0);
}

static void test_what_lives_on(struct count *count)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_lives_on)};
    RUN("what lives on", tests, count);
}
#endif

int main(void)
{
    struct count count = {0, 0};
    test_arguments(&count);
    test_text(&count);
    test_status(&count);
    test_buffers(&count);
    test_operations(&count);
    test_cancellation(&count);
    test_lifetimes(&count);
    test_threads(&count);
    test_memory(&count);
#ifdef TEST_HOOKS
    test_panics(&count);
    test_what_lives_on(&count);
#endif
    fflush(stderr);
    printf("test result: %s. %zu passed; %zu failed; 0 ignored;\n", count.failed == 0 ? "ok" : "FAILED", count.passed,
           count.failed);
    return count.failed != 0;
}
