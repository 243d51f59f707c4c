package sdktests;

import java.util.List;
import java.util.Map;

/** An error as the API promises it; {@code errors} without their messages, null where there is none. */
record Refusal(int status, String code, List<Map<String, Object>> errors, String entityId) {
    static Refusal of(int status, String code) {
        return new Refusal(status, code, null, null);
    }

    static Refusal because(int status, String code, Map<String, Object> error) {
        return new Refusal(status, code, List.of(error), null);
    }

    static Refusal nothing(String entityId) {
        return new Refusal(404, "entity_not_found", null, entityId);
    }
}
