package driver;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParser;
import dev.resetpassword.UserManagement;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Reads one request a line, uses the installed package as an application would, writes one answer a line. */
public final class Driver {
    private static final Gson JSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private final Map<String, UserManagement> handles = new ConcurrentHashMap<>();

    public static void main(String[] given) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var driver = new Driver();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(JSON.toJson(driver.answer(line)));
        }
    }

    private Map<String, Object> answer(String line) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", null);
        try {
            Map<String, Object> request = Arguments.object(JsonParser.parseString(line));
            answer.put("id", request.get("id"));
            answer.putAll(outcome(request));
        } catch (RuntimeException notARequest) {
            answer.putAll(Failures.ofTheDriver(notARequest));
        }
        return answer;
    }

    /** {@code ok} and the result, or {@code error} and what is known of it. */
    private Map<String, Object> outcome(Map<String, Object> request) {
        Map<String, Object> outcome = new LinkedHashMap<>();
        try {
            outcome.put("ok", result(request));
        } catch (Throwable failure) {
            outcome.putAll(Failures.of(failure));
        }
        return outcome;
    }

    private Object result(Map<String, Object> request) throws Exception {
        String call = (String) request.get("call");
        String name = (String) request.get("handle");
        Map<String, Object> given = Arguments.map(request.getOrDefault("arguments", Map.of()));
        switch (call == null ? "" : call) {
            case "concurrently":
                return together(Arguments.list(given.get("calls")), 0);
            case "at":
                return together(Arguments.list(given.get("calls")), (Long) given.get("unix_millis"));
            case "signatures":
                return Surface.signatures();
            case "codes":
                return Surface.codes();
            case "version":
                return Surface.version();
            case "open":
                handles.put(name, Operations.open(new Arguments(given)));
                return null;
            case "drop":
                handle(name).close();
                handles.remove(name);
                return null;
            default:
                return Operations.call(handle(name), call == null ? "" : call, new Arguments(given));
        }
    }

    private UserManagement handle(String name) {
        UserManagement handle = name == null ? null : handles.get(name);
        if (handle == null) {
            throw new IllegalStateException("no handle of the name " + name);
        }
        return handle;
    }

    /** Does the calls at once, each on a thread of its own, not before a moment. */
    private List<Object> together(List<Object> calls, long unixMillis) throws InterruptedException {
        Object[] outcomes = new Object[calls.size()];
        var ready = new CountDownLatch(calls.size());
        List<Thread> threads = new ArrayList<>();
        for (int index = 0; index < outcomes.length; index++) {
            int position = index;
            Map<String, Object> call = Arguments.map(calls.get(index));
            threads.add(new Thread(() -> {
                ready.countDown();
                waitFor(ready, unixMillis);
                outcomes[position] = outcome(call);
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        return Arrays.asList(outcomes);
    }

    private static void waitFor(CountDownLatch ready, long unixMillis) {
        try {
            ready.await();
            long ahead = unixMillis - System.currentTimeMillis() - 1;
            if (ahead > 0) {
                Thread.sleep(ahead);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        while (System.currentTimeMillis() < unixMillis) {
            Thread.onSpinWait();
        }
    }
}
