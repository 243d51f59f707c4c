package driver;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** What a request gives, as Java values. A value of another type than Java's compiler takes fails its cast. */
record Arguments(Map<String, Object> given) {

    String text(String name) {
        return (String) given.get(name);
    }

    Boolean flag(String name) {
        return (Boolean) given.get(name);
    }

    boolean has(String name) {
        return given.get(name) != null;
    }

    /** The package takes a {@code long}: a whole number beyond it is narrowed to the nearest, as a caller would. */
    long number(String name) {
        if (given.get(name) instanceof BigInteger number) {
            return number.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return (Long) given.get(name);
    }

    List<String> texts(String name) {
        @SuppressWarnings("unchecked")
        List<String> texts = (List<String>) given.get(name);
        return texts;
    }

    Map<String, String> pairs(String name) {
        @SuppressWarnings("unchecked")
        Map<String, String> pairs = (Map<String, String>) given.get(name);
        return pairs;
    }

    void text(String name, Consumer<String> setter) {
        if (given.containsKey(name)) {
            setter.accept(text(name));
        }
    }

    /** A number has no null: one that is null is left out. */
    void number(String name, LongConsumer setter) {
        if (has(name)) {
            setter.accept(number(name));
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(Object value) {
        return (List<Object>) value;
    }

    static Map<String, Object> object(JsonElement json) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (var member : json.getAsJsonObject().entrySet()) {
            object.put(member.getKey(), value(member.getValue()));
        }
        return object;
    }

    private static Object value(JsonElement json) {
        if (json.isJsonNull()) {
            return null;
        } else if (json instanceof JsonPrimitive primitive) {
            return primitive(primitive);
        } else if (json.isJsonArray()) {
            List<Object> list = new ArrayList<>();
            json.getAsJsonArray().forEach(element -> list.add(value(element)));
            return list;
        }
        JsonObject object = json.getAsJsonObject();
        if (object.size() == 1 && object.keySet().iterator().next().startsWith("$")) {
            var special = object.entrySet().iterator().next();
            return special(special.getKey(), special.getValue());
        }
        return object(object);
    }

    private static Object primitive(JsonPrimitive primitive) {
        if (primitive.isBoolean()) {
            return primitive.getAsBoolean();
        } else if (primitive.isString()) {
            return primitive.getAsString();
        }
        String digits = primitive.getAsString();
        if (!digits.matches("-?\\d+")) {
            return Double.valueOf(digits);
        }
        BigInteger number = new BigInteger(digits);
        return number.bitLength() < 64 ? (Object) number.longValue() : number;
    }

    private static Object special(String kind, JsonElement json) {
        return switch (kind) {
            case "$utf16" -> {
                StringBuilder text = new StringBuilder();
                json.getAsJsonArray().forEach(unit -> text.append((char) unit.getAsInt()));
                yield text.toString();
            }
            case "$bytes" -> HexFormat.of().parseHex(json.getAsString());
            case "$undefined" -> null;
            case "$symbol" -> new Object() {};
            case "$float" -> switch (json.getAsString()) {
                case "nan" -> Double.NaN;
                case "inf" -> Double.POSITIVE_INFINITY;
                default -> Double.valueOf(json.getAsString());
            };
            case "$big" -> new BigInteger(json.getAsString());
            case "$repeat" -> {
                var parts = json.getAsJsonArray();
                yield ((String) value(parts.get(0))).repeat(parts.get(1).getAsInt());
            }
            default -> throw new IllegalArgumentException("no such special value: " + kind);
        };
    }
}
