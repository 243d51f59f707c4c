/*
 * A program with an SQLite of its own beside the one in the static library: each uses its own, here on a file of its
 * own. tests/two_sqlites has both on one.
 */

#include <stdio.h>
#include <string.h>

#include <reset_password.h>
#include <sqlite3.h>

static ResetPasswordStatus call(const ResetPasswordUserManagement *handle, const char *operation, const char *arguments)
{
    return reset_password_call(handle, operation, arguments, strlen(arguments), NULL);
}

int main(int count, char **arguments)
{
    char options[4096];
    ResetPasswordUserManagement *handle;
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    if (count != 3)
        return 2;
    int length = snprintf(options, sizeof options, "{\"database_url\":\"%s\"}", arguments[1]);
    if (reset_password_open(options, (size_t)length, &handle, NULL) != RESET_PASSWORD_STATUS_OK)
        return 3;

    /* The program's own has no memory from here on. The library's does not notice. */
    if (strcmp(sqlite3_sourceid(), SQLITE_SOURCE_ID) != 0)
        return 4;
    sqlite3_initialize();
    sqlite3_hard_heap_limit64(1);
    if (sqlite3_open(arguments[2], &database) != SQLITE_NOMEM)
        return 5;
    sqlite3_close(database);
    if (call(handle, "create_user", "{\"email\":\"ada@example.com\"}") != RESET_PASSWORD_STATUS_OK)
        return 6;
    sqlite3_hard_heap_limit64(0);

    if (sqlite3_open(arguments[2], &database) != SQLITE_OK ||
        sqlite3_exec(database, "CREATE TABLE own (number INTEGER); INSERT INTO own VALUES (7)", NULL, NULL, NULL) !=
            SQLITE_OK ||
        sqlite3_prepare_v2(database, "SELECT number FROM own", -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW || sqlite3_column_int(statement, 0) != 7)
        return 7;
    sqlite3_finalize(statement);
    sqlite3_close(database);
    if (call(handle, "create_user", "{\"email\":\"ada@example.com\"}") != RESET_PASSWORD_STATUS_EMAIL_NOT_AVAILABLE)
        return 8;
    reset_password_free(handle);
    puts("two SQLites");
    return 0;
}
