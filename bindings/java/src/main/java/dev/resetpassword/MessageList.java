// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/**
 * Messages that are to be sent now.
 *
 * @param data the messages, those first that have waited for longest; cannot be changed
 */
public record MessageList(List<Message> data) {}
