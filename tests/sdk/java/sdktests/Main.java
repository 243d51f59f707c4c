package sdktests;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Tells every story with the SDK on the class path: {@code Main VERSION}. Prints one line for each test. */
final class Main {
    private static final List<Class<?>> STORIES =
            List.of(StoryUsers.class, StoryResets.class, StoryAccess.class, StoryLostAnswer.class);

    private Main() {}

    public static void main(String[] arguments) {
        String expected = arguments[0];
        Service service = new Service();
        Generation7 client = new Generation7("java " + expected, service.baseUrl, service.apiKey);
        if (!client.version().equals(expected)) {
            System.err.println("com.workos:workos " + client.version() + " is installed, not " + expected);
            System.exit(1);
        }
        boolean passed = true;
        for (Class<?> story : STORIES) {
            for (Method test : tests(story)) {
                passed &= passes(test, client, service);
            }
        }
        // The SDK keeps threads for its connections, which would hold up the end.
        System.exit(passed ? 0 : 1);
    }

    /** What a story does not keep to itself, in an order that is always the same. */
    private static List<Method> tests(Class<?> story) {
        return Arrays.stream(story.getDeclaredMethods())
                .filter(method -> !Modifier.isPrivate(method.getModifiers()))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    private static boolean passes(Method test, Client client, Service service) {
        String name = client.label() + ": " + words(test.getName());
        try {
            test.invoke(null, client, service);
        } catch (InvocationTargetException failed) {
            Throwable cause = failed.getCause();
            String what = cause instanceof AssertionError ? cause.getMessage() : client.described(cause);
            System.out.println("FAILED " + name + "\n       " + what + "\n       " + places(cause));
            return false;
        } catch (IllegalAccessException error) {
            throw new IllegalStateException(name + " cannot be called", error);
        }
        System.out.println("ok     " + name);
        return true;
    }

    private static String words(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z])|(?<=[a-z])(?=[0-9])", " ").toLowerCase();
    }

    /** Where it happened, outermost first. */
    private static String places(Throwable error) {
        List<StackTraceElement> frames = Arrays.stream(error.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("sdktests.") && !frame.getClassName().endsWith("Main"))
                .collect(Collectors.toList());
        Collections.reverse(frames);
        return frames.stream()
                .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .distinct()
                .collect(Collectors.joining(" > "));
    }
}
