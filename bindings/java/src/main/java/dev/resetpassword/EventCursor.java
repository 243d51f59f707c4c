// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

/**
 * Where a page of events ends.
 *
 * @param after the id to give as {@code after} for the next page, or {@code null}
 */
public record EventCursor(String after) {}
