package driver;

import dev.resetpassword.Detail;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results in canonical form, by the names that the records really have. */
final class Results {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Results() {}

    static Object canonical(Object value) {
        if (value instanceof Record object) {
            return fields(object);
        } else if (value instanceof Instant moment) {
            return MOMENT.format(moment);
        } else if (value instanceof List<?> list) {
            List<Object> values = new ArrayList<>();
            list.forEach(element -> values.add(canonical(element)));
            return values;
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, Object> values = new LinkedHashMap<>();
            map.forEach((key, element) -> values.put(key, canonical(element)));
            return values;
        }
        return value;
    }

    /** Reasons, without the fields that have no value. */
    static List<Object> details(List<Detail> details) {
        List<Object> reasons = new ArrayList<>();
        for (Detail detail : details) {
            Map<String, Object> reason = fields(detail);
            reason.values().removeIf(value -> value == null);
            reasons.add(reason);
        }
        return reasons;
    }

    private static Map<String, Object> fields(Record object) {
        Map<String, Object> fields = new LinkedHashMap<>();
        try {
            for (RecordComponent field : object.getClass().getRecordComponents()) {
                fields.put(snake(field.getName()), canonical(field.getAccessor().invoke(object)));
            }
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
        return fields;
    }

    static String snake(String camel) {
        return camel.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
    }
}
