/* A whole reset through the C library, with nothing else beside it: reset DATABASE. */

#include <stdio.h>
#include <string.h>

#include <reset_password.h>

/* Does one operation; its answer is text for `answer`, with a zero at its end. */
static ResetPasswordStatus call(const ResetPasswordUserManagement *engine, const char *operation,
                                const char *arguments, char *answer, size_t size)
{
    ResetPasswordBuffer buffer;
    ResetPasswordStatus status = reset_password_call(engine, operation, arguments, strlen(arguments), &buffer);
    size_t length = buffer.length < size - 1 ? buffer.length : size - 1;
    memcpy(answer, buffer.data, length);
    answer[length] = '\0';
    reset_password_buffer_free(&buffer);
    return status;
}

#define EMAIL "\"email\": \"ada@example.com\""
#define NEW "seven green boats at dusk"

int main(int count, char **arguments)
{
    char text[1024], answer[8192], token[128];
    ResetPasswordUserManagement *engine;
    ResetPasswordBuffer buffer;

    if (count != 2)
        return 2;
    snprintf(text, sizeof text, "{\"database_url\": \"%s\"}", arguments[1]);
    if (reset_password_open(text, strlen(text), &engine, &buffer) != RESET_PASSWORD_STATUS_OK) {
        fwrite(buffer.data, 1, buffer.length, stderr);
        return 1;
    }
    if (call(engine, "create_user", "{" EMAIL "}", answer, sizeof answer) != RESET_PASSWORD_STATUS_OK ||
        call(engine, "create_password_reset", "{" EMAIL "}", answer, sizeof answer) != RESET_PASSWORD_STATUS_OK) {
        fputs(answer, stderr);
        return 1;
    }
    const char *found = strstr(answer, "\"password_reset_token\":\"");
    if (found == NULL || sscanf(found + 24, "%127[^\"]", token) != 1)
        return 1;
    snprintf(text, sizeof text, "{\"token\": \"%s\", \"new_password\": \"" NEW "\"}", token);
    if (call(engine, "reset_password", text, answer, sizeof answer) != RESET_PASSWORD_STATUS_OK) {
        fputs(answer, stderr);
        return 1;
    }
    if (call(engine, "reset_password", text, answer, sizeof answer) !=
        RESET_PASSWORD_STATUS_PASSWORD_RESET_TOKEN_NOT_FOUND) {
        fputs("a token was used twice\n", stderr);
        return 1;
    }
    if (call(engine, "authenticate_with_password", "{" EMAIL ", \"password\": \"" NEW "\"}", answer, sizeof answer) !=
        RESET_PASSWORD_STATUS_OK) {
        fputs(answer, stderr);
        return 1;
    }
    reset_password_free(engine);
    puts("reset");
    return 0;
}
