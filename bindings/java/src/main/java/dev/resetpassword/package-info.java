/**
 * Password resets inside the application's own process: {@link dev.resetpassword.UserManagement} opens a
 * database and does every operation, {@link dev.resetpassword.ResetPasswordException} is what every one of
 * them fails with.
 *
 * <p>A value that may be missing is {@code null}, and its documentation says so. Whatever else is given or
 * returned is never {@code null}: {@code null} for an argument that is required is a
 * {@link NullPointerException} that names it.
 */
package dev.resetpassword;
