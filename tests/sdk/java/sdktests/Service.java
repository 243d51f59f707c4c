package sdktests;

import static sdktests.Expect.equal;
import static sdktests.Expect.expect;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The service under test, and what a test does behind the back of the HTTP API. */
final class Service {
    private static final int TIMEOUT_SECONDS = 30;

    final String baseUrl = environment("SDK_BASE_URL");
    final String apiKey = environment("SDK_API_KEY");
    final String readingKey = environment("SDK_READING_KEY");
    final String resetUrl = environment("SDK_RESET_URL");
    private final String database = environment("SDK_DATABASE");
    private final List<String> command = Json.strings(environment("SDK_RESET_PASSWORD"));
    private final String ageReset = environment("SDK_AGE_RESET");

    private static String environment(String name) {
        String value = System.getenv(name);
        expect(value != null, name + " is set; tests/sdk/run sets it");
        return value;
    }

    /** Moves a reset into the past. */
    void makeOlder(String resetId, long seconds) {
        Ended ended = run(
                List.of(ageReset, "--database", database, "--id", resetId, "--seconds", String.valueOf(seconds)), "");
        equal(ended.code(), 0, "exit code of age-reset");
    }

    /** Whether a login with this password succeeds. The HTTP API has no login yet. */
    boolean accepts(String email, String password) {
        List<String> login = new ArrayList<>(command);
        login.addAll(List.of("--json", "user", "authenticate", "--email", email, "--password-stdin"));
        Ended ended = run(login, password + "\n");
        if (ended.code() == 0) {
            return true;
        }
        Object error = Json.object(ended.stderr()).get("error");
        Object code = error instanceof Map<?, ?> named ? named.get("code") : null;
        equal(ended.code() + " " + code, "1 invalid_credentials", "exit code and error of the login");
        return false;
    }

    private record Ended(int code, String stderr) {}

    private static Ended run(List<String> command, String input) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            expect(ended, "a program ends in time");
            String stderr = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.exitValue(), stderr);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", error);
        }
    }
}
