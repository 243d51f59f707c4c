/* What a checker must find: `leak` gives an answer never back, `late` reads one that was given back. */

#include <stdio.h>
#include <string.h>

#include <reset_password.h>

/* A hundred, so that no pointer to the first is left over anywhere. */
static int keep_answers(const ResetPasswordUserManagement *handle)
{
    for (int times = 0; times < 100; times++) {
        ResetPasswordBuffer answer;
        if (reset_password_call(handle, "events", "{}", 2, &answer) != RESET_PASSWORD_STATUS_OK)
            return 3;
    }
    return 0;
}

static int read_late(const ResetPasswordUserManagement *handle)
{
    ResetPasswordBuffer answer;
    if (reset_password_call(handle, "events", "{}", 2, &answer) != RESET_PASSWORD_STATUS_OK)
        return 3;
    const volatile char *data = answer.data;
    reset_password_buffer_free(&answer);
    printf("%d\n", *data);
    return 0;
}

int main(int count, char **arguments)
{
    const char options[] = "{\"database_url\":\":memory:\"}";
    ResetPasswordUserManagement *handle;
    if (count != 2 || reset_password_open(options, strlen(options), &handle, NULL) != RESET_PASSWORD_STATUS_OK)
        return 3;
    int failed = strcmp(arguments[1], "late") == 0 ? read_late(handle) : keep_answers(handle);
    reset_password_free(handle);
    return failed;
}
