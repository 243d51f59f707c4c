package dev.resetpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From open to the collector. */
class LifetimeTest {

    @Test
    void aHandleIsUsedAfterCloseAsBefore(@TempDir Path directory) {
        UserManagement users = Opened.file(directory);
        try (users) {
            Opened.ada(users);
        }
        users.close();
        users.close();
        assertEquals("ada@example.com", users.getUserByEmail("ada@example.com").email());
        UserManagement inMemory = Opened.inMemory();
        Opened.ada(inMemory);
        inMemory.close();
        assertEquals("ada@example.com", inMemory.getUserByEmail("ada@example.com").email());
    }

    @Test
    void closeLetsTheCallsThatAreUnderWayEnd(@TempDir Path directory) throws Exception {
        UserManagement users = Opened.file(directory);
        Opened.ada(users);
        AtomicBoolean done = new AtomicBoolean();
        var threads = Executors.newFixedThreadPool(4);
        List<Future<Integer>> calls = new ArrayList<>();
        for (int index = 0; index < 4; index++) {
            calls.add(threads.submit(() -> {
                int count = 0;
                while (!done.get()) {
                    assertEquals("ada@example.com", users.getUserByEmail("ada@example.com").email());
                    count++;
                }
                return count;
            }));
        }
        for (int time = 0; time < 50; time++) {
            users.close();
        }
        done.set(true);
        for (Future<Integer> call : calls) {
            assertTrue(call.get() > 0);
        }
        threads.shutdown();
    }

    @Test
    void twoHandlesOnOneFileSeeTheSame(@TempDir Path directory) {
        UserManagement first = Opened.file(directory);
        UserManagement second = Opened.file(directory);
        User ada = Opened.ada(first);
        assertEquals(ada, second.getUser(ada.id()));
        first.close();
        second.deleteUser(ada.id());
        assertThrows(UserNotFoundException.class, () -> first.getUser(ada.id()));
    }

    /** How many write-ahead logs in a directory this process has open: one for each connection. */
    private static long openLogs(Path directory) throws IOException {
        Path real = directory.toRealPath();
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.filter(entry -> isOpenLog(entry, real)).count();
        }
    }

    private static boolean isOpenLog(Path entry, Path directory) {
        try {
            Path file = Files.readSymbolicLink(entry);
            return file.startsWith(directory) && file.toString().endsWith("-wal");
        } catch (IOException closed) {
            return false;
        }
    }

    @Test
    void whatNobodyHoldsIsFreed(@TempDir Path directory) throws Exception {
        List<UserManagement> held = new ArrayList<>();
        for (int index = 0; index < 20; index++) {
            UserManagement users = Opened.file(directory);
            users.listUsers();
            held.add(users);
        }
        assertTrue(openLogs(directory) >= 20);
        held.clear();
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (openLogs(directory) > 0 && System.nanoTime() < deadline) {
            System.gc();
            Thread.yield();
        }
        assertEquals(0, openLogs(directory));
    }

    @Test
    void aHandleThatIsDroppedWithinItsCallServesItToTheEnd() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Thread collector = new Thread(() -> {
            while (!done.get()) {
                System.gc();
            }
        });
        collector.start();
        var threads = Executors.newFixedThreadPool(4);
        List<Future<String>> calls = new ArrayList<>();
        for (int index = 0; index < 60; index++) {
            calls.add(threads.submit(() -> Opened.inMemory()
                    .createUser(CreateUser.builder("ada@example.com").password(Opened.PASSWORD).build()).email()));
        }
        for (Future<String> call : calls) {
            assertEquals("ada@example.com", call.get());
        }
        done.set(true);
        collector.join();
        threads.shutdown();
    }

    @Test
    void aNumberWithoutAHandleIsAnErrorAndNoCrash() {
        Library.load();
        int getUser = Operation.GET_USER.ordinal();
        for (long handle : new long[] {0, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            byte[] answer = Native.call(handle, getUser, new Object[] {"user_x"});
            assertThrows(InternalException.class, () -> Answer.of(answer));
            assertThrows(InternalException.class, () -> Native.close(handle));
            Native.free(handle);
        }
        Object[] options = Options.builder().build().arguments();
        Object[] given = new Object[1 + options.length];
        given[0] = ":memory:";
        long handle = Answer.of(Native.open(given)).number();
        Object[][] mistaken = {{}, {null}, {1L}, {true}, {new String[] {"x"}}, {new Object()}};
        for (Object[] arguments : mistaken) {
            assertThrows(InternalException.class, () -> Answer.of(Native.call(handle, getUser, arguments)));
        }
        for (int unknown : new int[] {-1, Operation.values().length, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            byte[] answer = Native.call(handle, unknown, new Object[] {});
            assertThrows(InternalException.class, () -> Answer.of(answer));
        }
        assertThrows(InternalException.class, () -> Native.call(handle, getUser, null));
        Native.free(handle);
        byte[] freed = Native.call(handle, getUser, new Object[] {"user_x"});
        assertThrows(InternalException.class, () -> Answer.of(freed));
    }
}
