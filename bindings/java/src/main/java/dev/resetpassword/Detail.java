// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

/**
 * One reason why a password or an input is refused.
 *
 * @param code which reason, such as {@code passwordTooShort}
 * @param message the same in English, to show to whoever typed it
 * @param field the argument that it is about, or {@code null}
 * @param minimumLength with {@code passwordTooShort}, or {@code null}
 * @param maximumLength with {@code passwordTooLong}, or {@code null}
 */
public record Detail(
        String code,
        String message,
        String field,
        Integer minimumLength,
        Integer maximumLength) {}
