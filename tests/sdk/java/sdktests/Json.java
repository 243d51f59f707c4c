package sdktests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/** Reads JSON, with the library that the SDK brings. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static Map<String, Object> object(String text) {
        return read(text, new TypeReference<>() {});
    }

    static List<String> strings(String text) {
        return read(text, new TypeReference<>() {});
    }

    // The text is left out of the message, for it may hold a secret.
    private static <T> T read(String text, TypeReference<T> type) {
        Expect.expect(text != null, "there is JSON to be read");
        try {
            return MAPPER.readValue(text, type);
        } catch (JsonProcessingException error) {
            throw new AssertionError("it is not the JSON that was expected");
        }
    }
}
