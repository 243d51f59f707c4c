package driver;

import dev.resetpassword.ErrorCode;
import dev.resetpassword.ResetPasswordException;
import dev.resetpassword.UserManagement;
import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** The public surface, found by reflection. */
final class Surface {
    private Surface() {}

    static Map<String, Object> version() {
        String version = UserManagement.class.getPackage().getImplementationVersion();
        return Map.of("package", version, "runtime", "Java " + System.getProperty("java.version"));
    }

    /** Every code and its class, by what an exception of each class in the jar says of itself. */
    static Map<String, String> codes() throws Exception {
        Map<String, String> codes = new TreeMap<>();
        var jar = new File(UserManagement.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (JarFile classes = new JarFile(jar)) {
            for (var entry : (Iterable<java.util.jar.JarEntry>) classes.stream()::iterator) {
                if (!entry.getName().matches("dev/resetpassword/\\w+\\.class")) {
                    continue;
                }
                String name = entry.getName().replace('/', '.').replaceAll("\\.class$", "");
                Class<?> found = Class.forName(name);
                if (found.getSuperclass() == ResetPasswordException.class) {
                    Constructor<?> constructor =
                            found.getDeclaredConstructor(String.class, List.class, boolean.class, Integer.class);
                    constructor.setAccessible(true);
                    var error = (ResetPasswordException) constructor.newInstance("", List.of(), false, null);
                    codes.put(error.getCode().value(), found.getSimpleName());
                }
            }
        }
        codes.remove(ErrorCode.UNKNOWN.value());
        return codes;
    }

    static Map<String, Object> signatures() {
        Map<String, List<Method>> overloads = Arrays.stream(UserManagement.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> !method.getName().endsWith("Async"))
                .filter(method -> !Arrays.asList(method.getParameterTypes()).contains(Path.class))
                .collect(Collectors.groupingBy(Method::getName));
        Map<String, Object> signatures = new TreeMap<>();
        overloads.forEach((name, methods) -> signatures.put(Results.snake(name), signature(methods)));
        return signatures;
    }

    /** The longest form; a parameter that a shorter form lacks may be left out. */
    private static Map<String, Object> signature(List<Method> overloads) {
        overloads.sort(Comparator.comparingInt(Method::getParameterCount));
        int required = overloads.get(0).getParameterCount();
        Method longest = overloads.get(overloads.size() - 1);
        List<Object> parameters = new ArrayList<>();
        for (Parameter parameter : longest.getParameters()) {
            Map<String, Object> described = described(parameter, parameters.size() < required);
            List<Object> properties = properties(parameter.getType());
            if (!properties.isEmpty()) {
                described.put("properties", properties);
            }
            parameters.add(described);
        }
        return Map.of("parameters", parameters, "returns", name(longest.getGenericReturnType()));
    }

    private static Map<String, Object> described(Parameter parameter, boolean required) {
        if (!parameter.isNamePresent()) {
            throw new IllegalStateException("the package is compiled without the names of parameters");
        }
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", parameter.getName());
        described.put("required", required);
        described.put("type", name(parameter.getParameterizedType()));
        return described;
    }

    /** What a builder takes at its beginning, and then what its methods take, in the order of its fields. */
    private static List<Object> properties(Class<?> type) {
        List<Object> properties = new ArrayList<>();
        for (Class<?> builder : type.getClasses()) {
            for (Method method : type.getMethods()) {
                if (method.getName().equals("builder")) {
                    Arrays.stream(method.getParameters()).forEach(first -> properties.add(described(first, true)));
                }
            }
            List<String> order = Arrays.stream(builder.getDeclaredFields()).map(Field::getName).toList();
            Arrays.stream(builder.getMethods())
                    .filter(method -> method.getReturnType() == builder)
                    .filter(method -> method.getParameterTypes()[0] != Path.class)
                    .sorted(Comparator.comparingInt(method -> order.indexOf(method.getName())))
                    .forEach(method -> properties.add(property(method)));
        }
        return properties;
    }

    private static Map<String, Object> property(Method setter) {
        Map<String, Object> property = described(setter.getParameters()[0], false);
        property.put("name", setter.getName());
        return property;
    }

    private static String name(Type type) {
        return type.getTypeName().replaceAll("[\\w.]+[.$](\\w+)", "$1");
    }
}
