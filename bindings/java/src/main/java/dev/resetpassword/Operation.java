// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

/** What the native library can be asked for, in its order. */
enum Operation {
    CREATE_USER,
    GET_USER,
    GET_USER_BY_EMAIL,
    GET_USER_BY_EXTERNAL_ID,
    LIST_USERS,
    UPDATE_USER,
    DELETE_USER,
    AUTHENTICATE_WITH_PASSWORD,
    CREATE_PASSWORD_RESET,
    REQUEST_PASSWORD_RESET,
    GET_PASSWORD_RESET,
    CHECK_PASSWORD_RESET_TOKEN,
    RESET_PASSWORD,
    REVOKE_PASSWORD_RESETS,
    CHECK_PASSWORD,
    EVENTS,
    MESSAGES,
    MESSAGE_SENT,
    MESSAGE_FAILED,
    REPORT_CHANGE,
    UNLOCK_USER,
    PURGE
}
