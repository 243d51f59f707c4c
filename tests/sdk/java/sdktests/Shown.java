package sdktests;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the SDK shows of an object: the value of each of its getters, by name. */
record Shown(SortedMap<String, Object> fields) {
    private static final Set<String> SECRET = Set.of("passwordResetToken", "passwordResetUrl");

    Shown {
        fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    }

    static Shown of(Object model) {
        SortedMap<String, Object> fields = new TreeMap<>();
        for (Method method : model.getClass().getDeclaredMethods()) {
            String name = method.getName();
            boolean getter = Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())
                    && method.getParameterCount() == 0 && name.matches("get[A-Z].*");
            if (getter) {
                fields.put(Character.toLowerCase(name.charAt(3)) + name.substring(4), value(method, model));
            }
        }
        return new Shown(fields);
    }

    private static Object value(Method getter, Object model) {
        try {
            return getter.invoke(model);
        } catch (IllegalAccessException | InvocationTargetException error) {
            throw new AssertionError(getter.getName() + " cannot be called", error);
        }
    }

    Object get(String name) {
        Expect.expect(fields.containsKey(name), "the SDK shows a field " + name);
        return fields.get(name);
    }

    String text(String name) {
        Object value = get(name);
        Expect.expect(value instanceof String, name + " is a string");
        return (String) value;
    }

    String id() {
        return text("id");
    }

    String email() {
        return text("email");
    }

    String token() {
        return text("passwordResetToken");
    }

    /** The same but for some fields. */
    Shown with(Map<String, ?> changed) {
        SortedMap<String, Object> all = new TreeMap<>(fields);
        all.putAll(changed);
        return new Shown(all);
    }

    Shown without(String... names) {
        SortedMap<String, Object> rest = new TreeMap<>(fields);
        for (String name : names) {
            get(name);
            rest.remove(name);
        }
        return new Shown(rest);
    }

    @Override
    public String toString() {
        SortedMap<String, Object> told = new TreeMap<>(fields);
        told.replaceAll((name, value) -> SECRET.contains(name) ? "[redacted]" : value);
        return told.toString();
    }
}
