package sdktests;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** Assertions that say what was expected. None of them prints a password or a token. */
final class Expect {
    private Expect() {}

    static void expect(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("not so: " + what);
        }
    }

    static void equal(Object actual, Object expected, String what) {
        if (!Objects.equals(actual, expected)) {
            throw new AssertionError(what + ": " + actual + ", expected " + expected);
        }
    }

    /**
     * Makes a call that must be refused, and compares all that the SDK tells of it. {@code never} are secrets
     * that no part of the exception may repeat.
     */
    static void refused(Client client, Runnable call, Refusal refusal, String... never) {
        Seen seen = seen(client, call, refusal);
        Map<String, Object> body = seen.body();
        checkBody(body, refusal);
        equal(seen.status(), refusal.status(), "status of the exception");
        equal(seen.code(), refusal.code(), "code of the exception");
        equal(seen.message(), body.get("message"), "message of the exception");
        equal(seen.errors(), kept(body), "errors of the exception");
        equal(UUID.fromString(seen.requestId()).toString(), seen.requestId(), "request id, a UUID");
        for (String secret : never) {
            expect(seen.told().stream().noneMatch(text -> text.contains(secret)), "the exception repeats no secret");
        }
    }

    private static Seen seen(Client client, Runnable call, Refusal refusal) {
        try {
            call.run();
        } catch (RuntimeException error) {
            return client.seen(error, refusal.status());
        }
        throw new AssertionError("the call was accepted, expected " + refusal);
    }

    /** What the SDK keeps of the entries of {@code errors}. */
    private static List<Map<String, Object>> kept(Map<String, Object> body) {
        if (!body.containsKey("errors")) {
            return null;
        }
        List<Map<String, Object>> kept = new ArrayList<>();
        for (Map<String, Object> entry : entries(body)) {
            Map<String, Object> names = new LinkedHashMap<>();
            for (String name : List.of("code", "field", "message")) {
                names.put(name, entry.get(name));
            }
            kept.add(names);
        }
        return kept;
    }

    private static void checkBody(Map<String, Object> body, Refusal refusal) {
        if (refusal.status() == 401) {
            equal(body, Map.of("message", "Unauthorized"), "body of a 401");
            return;
        }
        expect(isText(body.get("message")), "the error has a message");
        equal(body.get("code"), refusal.code(), "code of the body");
        Set<String> names = new HashSet<>(Set.of("code", "message"));
        if (refusal.errors() != null) {
            names.add("errors");
            for (Map<String, Object> entry : entries(body)) {
                expect(isText(entry.get("message")), "each of the errors has a message");
            }
            equal(withoutMessages(body), refusal.errors(), "errors of the body");
        }
        if (refusal.entityId() != null) {
            names.add("entity_id");
            equal(body.get("entity_id"), refusal.entityId(), "entity_id of the body");
        }
        equal(body.keySet(), names, "names in the body");
    }

    private static List<Map<String, Object>> withoutMessages(Map<String, Object> body) {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Map<String, Object> entry : entries(body)) {
            Map<String, Object> rest = new LinkedHashMap<>(entry);
            rest.remove("message");
            entries.add(rest);
        }
        return entries;
    }

    private static List<Map<String, Object>> entries(Map<String, Object> body) {
        expect(body.get("errors") instanceof List<?>, "the errors are a list");
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Object entry : (List<?>) body.get("errors")) {
            expect(entry instanceof Map<?, ?>, "each of the errors is an object");
            Map<String, Object> named = new LinkedHashMap<>();
            ((Map<?, ?>) entry).forEach((name, value) -> named.put((String) name, value));
            entries.add(named);
        }
        return entries;
    }

    private static boolean isText(Object value) {
        return value instanceof String text && !text.isEmpty();
    }
}
