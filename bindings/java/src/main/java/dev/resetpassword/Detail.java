package dev.resetpassword;

/**
 * One reason among several: a rule that a password breaks, or a field that cannot be used.
 *
 * @param code the reason, such as {@code password_too_short} or {@code email_invalid}
 * @param message the reason in English, fit to show to the person who typed
 * @param field the input field, or {@code null} where the reason is not about one
 * @param minimumLength the least number of code points, or {@code null}
 * @param maximumLength the greatest number of code points, or {@code null}
 */
public record Detail(
        String code, String message, String field, Integer minimumLength, Integer maximumLength) {}
