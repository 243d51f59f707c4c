package dev.resetpassword;

/**
 * How many rows a purge removed.
 *
 * @param passwordResets dead resets
 * @param events records of the audit trail; the feed's events are among them
 * @param requests counted requests and failed logins
 */
public record Purged(long passwordResets, long events, long requests) {}
