// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

/**
 * How many rows were removed.
 *
 * @param passwordResets resets removed
 * @param events events removed
 * @param requests counted requests and failed logins removed
 */
public record Purged(long passwordResets, long events, long requests) {}
