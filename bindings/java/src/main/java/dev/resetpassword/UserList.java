// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/**
 * A page of users.
 *
 * @param data the users; cannot be changed
 * @param listMetadata where the neighbouring pages begin
 */
public record UserList(List<User> data, UserCursors listMetadata) {}
