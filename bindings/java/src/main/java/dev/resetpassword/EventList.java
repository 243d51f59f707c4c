// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/**
 * A page of events.
 *
 * @param data the events, oldest first; cannot be changed
 * @param listMetadata where the page ends
 */
public record EventList(List<Event> data, EventCursor listMetadata) {}
