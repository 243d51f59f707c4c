// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/**
 * The policy's verdict on a password.
 *
 * @param acceptable whether it may be chosen
 * @param errors every rule that it breaks; cannot be changed
 */
public record PasswordCheck(boolean acceptable, List<Detail> errors) {}
