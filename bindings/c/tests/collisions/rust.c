/* A program with another library written in Rust beside the static one: each catches its own panics. */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <reset_password.h>

int32_t other_library_panics(bool really);

int main(void)
{
    const char options[] = "{\"database_url\":\":memory:\"}", panic[] = "{\"id\":\"panic\"}";
    ResetPasswordUserManagement *handle;
    if (reset_password_open(options, strlen(options), &handle, NULL) != RESET_PASSWORD_STATUS_OK)
        return 3;
    for (int times = 0; times < 3; times++) {
        if (other_library_panics(false) != 0 || other_library_panics(true) != 1)
            return 4;
        if (reset_password_call(handle, "get_user", panic, strlen(panic), NULL) != RESET_PASSWORD_STATUS_INTERNAL)
            return 5;
    }
    reset_password_free(handle);
    puts("two libraries written in Rust");
    return 0;
}
