// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a native call answers: one tag and what belongs to it for each value. {@code native/answer.rs} is
 * the other half. A record's fields are read in the order in which its type declares them.
 */
final class Answer {
    private static final byte NULL = 0;
    private static final byte FALSE = 1;
    private static final byte TRUE = 2;
    private static final byte INTEGER = 3;
    private static final byte TEXT = 4;
    private static final byte MOMENT = 5;
    private static final byte LIST = 6;
    private static final byte MAP = 7;
    private static final byte RECORD = 8;
    private static final byte FAILURE = 9;

    private final ByteBuffer octets;

    private Answer(byte[] octets) {
        this.octets = ByteBuffer.wrap(octets);
    }

    /** Takes an answer, and throws what it says where it is a failure. */
    static Answer of(byte[] octets) {
        Answer answer = new Answer(octets);
        if (octets[0] == FAILURE) {
            answer.octets.get();
            throw answer.failure();
        }
        return answer;
    }

    private ResetPasswordException failure() {
        ErrorCode code = ErrorCode.of(text());
        String message = text();
        boolean retryable = flag();
        Integer retryAfter = smallNumber();
        return code.exception(message, list(this::detail), retryable, retryAfter);
    }

    void nothing() {
        expect(NULL);
    }

    long number() {
        expect(INTEGER);
        return octets.getLong();
    }

    Detail detail() {
        record("Detail");
        return new Detail(text(), text(), text(), smallNumber(), smallNumber());
    }

    Event event() {
        record("Event");
        return new Event(text(), text(), map(this::anything), moment());
    }

    EventCursor eventCursor() {
        record("EventCursor");
        return new EventCursor(text());
    }

    EventList eventList() {
        record("EventList");
        return new EventList(list(this::event), eventCursor());
    }

    Message message() {
        record("Message");
        return new Message(
                text(), text(), text(), text(), text(), text(), text(), text(), text(), moment(), text(),
                moment(), number());
    }

    MessageList messageList() {
        record("MessageList");
        return new MessageList(list(this::message));
    }

    PasswordCheck passwordCheck() {
        record("PasswordCheck");
        return new PasswordCheck(flag(), list(this::detail));
    }

    PasswordReset passwordReset() {
        record("PasswordReset");
        return new PasswordReset(text(), text(), text(), text(), text(), moment(), moment());
    }

    Purged purged() {
        record("Purged");
        return new Purged(number(), number(), number());
    }

    TokenCheck tokenCheck() {
        record("TokenCheck");
        return new TokenCheck(flag(), moment(), text());
    }

    User user() {
        record("User");
        return new User(
                text(), text(), flag(), text(), text(), text(), text(), moment(), text(), texts(), text(),
                moment(), moment(), moment());
    }

    UserCursors userCursors() {
        record("UserCursors");
        return new UserCursors(text(), text());
    }

    UserList userList() {
        record("UserList");
        return new UserList(list(this::user), userCursors());
    }

    PasswordReset optionalPasswordReset() {
        return isNull() ? null : passwordReset();
    }

    private void record(String kind) {
        expect(RECORD);
        String found = text();
        if (!kind.equals(found)) {
            throw mistaken();
        }
    }

    private String text() {
        if (isNull()) {
            return null;
        }
        expect(TEXT);
        int length = octets.getInt();
        String text = new String(octets.array(), octets.position(), length, StandardCharsets.UTF_8);
        octets.position(octets.position() + length);
        return text;
    }

    private boolean flag() {
        byte tag = octets.get();
        if (tag != TRUE && tag != FALSE) {
            throw mistaken();
        }
        return tag == TRUE;
    }

    private Integer smallNumber() {
        return isNull() ? null : Math.toIntExact(number());
    }

    private Instant moment() {
        if (isNull()) {
            return null;
        }
        expect(MOMENT);
        return Instant.ofEpochMilli(octets.getLong());
    }

    private <T> List<T> list(Supplier<T> element) {
        expect(LIST);
        int length = octets.getInt();
        if (length == 0) {
            return List.of();
        }
        List<T> list = new ArrayList<>(length);
        for (int index = 0; index < length; index++) {
            list.add(element.get());
        }
        return Collections.unmodifiableList(list);
    }

    private Map<String, String> texts() {
        return map(this::text);
    }

    private <T> Map<String, T> map(Supplier<T> value) {
        expect(MAP);
        int length = octets.getInt();
        if (length == 0) {
            return Map.of();
        }
        Map<String, T> map = new LinkedHashMap<>();
        for (int index = 0; index < length; index++) {
            map.put(text(), value.get());
        }
        return Collections.unmodifiableMap(map);
    }

    private Object anything() {
        byte tag = octets.get(octets.position());
        return switch (tag) {
            case FALSE, TRUE -> flag();
            case INTEGER -> number();
            case LIST -> list(this::anything);
            case MAP -> map(this::anything);
            default -> text();
        };
    }

    private boolean isNull() {
        boolean isNull = octets.get(octets.position()) == NULL;
        if (isNull) {
            octets.get();
        }
        return isNull;
    }

    private void expect(byte tag) {
        if (octets.get() != tag) {
            throw mistaken();
        }
    }

    /** The native library is not the one that belongs to these classes. */
    private static IllegalStateException mistaken() {
        return new IllegalStateException("the native library does not fit this version of the package");
    }
}
