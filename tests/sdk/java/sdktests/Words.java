package sdktests;

import java.util.Map;

/** The passwords and ids that the stories are told with. */
final class Words {
    static final String FIRST_PASSWORD = "a long walk by the sea";
    static final String SECOND_PASSWORD = "seven green boats at dusk";
    static final String THIRD_PASSWORD = "nine red kites over the hill";
    static final String WEAK_PASSWORD = "tiny kettle";

    static final Map<String, Object> TOO_SHORT = Map.of("code", "password_too_short", "minimum_length", 15);

    static final String UNKNOWN_USER = "user_01HZZZZZZZZZZZZZZZZZZZZZZZ";
    static final String UNKNOWN_RESET = "password_reset_01HZZZZZZZZZZZZZZZZZZZZZZZ";
    static final String UNKNOWN_TOKEN = "A".repeat(43);

    private Words() {}

    /** The entry of a 422 for a field that is missing or empty. */
    static Map<String, Object> missing(String field) {
        return Map.of("code", field + "_string_required", "field", field);
    }
}
