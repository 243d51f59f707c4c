// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

/**
 * Where the neighbouring pages of a list of users begin.
 *
 * @param before the id to give as {@code before} for the page before, or {@code null}
 * @param after the id to give as {@code after} for the page after, or {@code null}
 */
public record UserCursors(String before, String after) {}
