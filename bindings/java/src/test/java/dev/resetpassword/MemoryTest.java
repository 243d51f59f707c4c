package dev.resetpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** 10,000 calls of each cheap kind leave nothing behind. */
class MemoryTest {
    private static final int CALLS = 10_000;
    private static final long MOST_KIB = 5 * 1_024;

    /** In a JVM whose heap is all there from the start, growth is what native code leaves behind. */
    @Test
    void callsDoNotGrowTheProcess() throws Exception {
        Child child = Child.run(
                Growing.class, "-Xms48m", "-Xmx48m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1");
        assertEquals(0, child.status(), child.output());
        var growth = Pattern.compile("^(.+): (-?\\d+) KiB$", Pattern.MULTILINE).matcher(child.output());
        int kinds = 0;
        while (growth.find()) {
            kinds++;
            assertTrue(Long.parseLong(growth.group(2)) <= MOST_KIB, child.output());
        }
        assertEquals(5, kinds, child.output());
        System.out.print(child.output());
    }

    static final class Growing {
        public static void main(String[] arguments) throws IOException {
            UserManagement users = Opened.inMemory();
            User ada = users.createUser(CreateUser.builder("ada@example.com").metadata(Map.of("k", "v")).build());
            Map<String, Runnable> kinds = new LinkedHashMap<>();
            kinds.put("unknown token", () -> refused(() -> users.resetPassword(Opened.UNKNOWN_TOKEN, Opened.PASSWORD)));
            kinds.put("get user", () -> users.getUser(ada.id()));
            kinds.put("list users", () -> users.listUsers(ListUsers.builder().limit(5).build()));
            kinds.put("refused number", () -> refused(() -> users.events(null, -1)));
            kinds.put("refused text", () -> refused(() -> users.getUserByEmail("\uD800")));
            kinds.values().forEach(Growing::repeat);
            for (var kind : kinds.entrySet()) {
                long before = residentKib();
                repeat(kind.getValue());
                System.out.println(kind.getKey() + ": " + (residentKib() - before) + " KiB");
            }
        }

        private static void repeat(Runnable call) {
            for (int time = 0; time < CALLS; time++) {
                call.run();
            }
        }

        private static void refused(Runnable call) {
            try {
                call.run();
            } catch (ResetPasswordException expected) {
                return;
            }
            throw new AssertionError("not refused");
        }

        private static long residentKib() throws IOException {
            System.gc();
            String status = Files.readString(Path.of("/proc/self/status"));
            return Long.parseLong(status.replaceAll("(?s).*VmRSS:\\s+(\\d+) kB.*", "$1"));
        }
    }
}
