import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What every Java contender shares: one JSON request a line in, one JSON answer a line out. */
final class Protocol {
    /** A field of a request, which is flat and whose texts hold nothing that JSON escapes. */
    private static final Pattern FIELD = Pattern.compile("\"(\\w+)\": *(?:\"([^\"\\\\]*)\"|(\\d+))");

    private Protocol() {}

    interface Operation {
        Map<String, Object> run(Map<String, String> request) throws Exception;
    }

    interface Work<T> {
        T run() throws Exception;
    }

    record Timed<T>(long ns, T result) {}

    /** Runs the work once and answers its own duration with its result. */
    static <T> Timed<T> timed(Work<T> work) throws Exception {
        long start = System.nanoTime();
        T result = work.run();
        return new Timed<>(System.nanoTime() - start, result);
    }

    /** Greets with the versions measured, then answers requests until standard input ends. */
    static void serve(Map<String, Object> versions, Map<String, Operation> operations) throws IOException {
        answer("{\"versions\": " + json(versions) + "}");
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            Map<String, String> request = read(line);
            try {
                answer(json(operations.get(request.get("op")).run(request)));
            } catch (Exception error) { // the orchestrator reports it and stops the run
                answer(json(Map.of("error", error.toString())));
            }
        }
    }

    private static Map<String, String> read(String line) {
        var request = new HashMap<String, String>();
        for (var field = FIELD.matcher(line); field.find(); ) {
            request.put(field.group(1), field.group(2) == null ? field.group(3) : field.group(2));
        }
        return request;
    }

    private static String json(Map<String, Object> record) {
        return record.entrySet().stream()
                .map(field -> quoted(field.getKey()) + ": " + value(field.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String value(Object value) {
        return value instanceof Number ? value.toString() : quoted(value.toString());
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private static void answer(String record) {
        System.out.println(record);
        System.out.flush();
    }
}
