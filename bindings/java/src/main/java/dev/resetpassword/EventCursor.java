package dev.resetpassword;

/**
 * Where a page of the event feed ends.
 *
 * @param after the id to give as {@code after} for the next page, or {@code null} on the last
 */
public record EventCursor(String after) {}
