/**
 * Password resets inside the application's own process.
 *
 * <p>Start at {@link dev.resetpassword.UserManagement}.
 */
module dev.resetpassword {
    exports dev.resetpassword;
}
