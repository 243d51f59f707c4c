package dev.resetpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadsTest {

    @Test
    void otherThreadsAndTheCollectorGoOnWhileAHashIsMade() throws Exception {
        UserManagement users = UserManagement.open(":memory:");
        Opened.ada(users);
        AtomicInteger ticks = new AtomicInteger();
        AtomicInteger collections = new AtomicInteger();
        var timer = Executors.newScheduledThreadPool(1);
        timer.scheduleAtFixedRate(ticks::incrementAndGet, 0, 1, TimeUnit.MILLISECONDS);
        Thread hashing = new Thread(() -> {
            for (int time = 0; time < 5; time++) {
                users.authenticateWithPassword("ada@example.com", Opened.PASSWORD);
            }
        });
        hashing.start();
        // A collection waits for every thread but those in native code.
        while (hashing.isAlive()) {
            System.gc();
            if (hashing.isAlive()) {
                collections.incrementAndGet();
            }
        }
        timer.shutdownNow();
        assertTrue(ticks.get() >= 50, "ticks: " + ticks);
        assertTrue(collections.get() >= 5, "collections: " + collections);
    }

    @Test
    void oneOfManyThreadsWinsAToken(@TempDir Path directory) throws Exception {
        UserManagement first = Opened.file(directory);
        UserManagement second = Opened.file(directory);
        Opened.ada(first);
        for (int round = 0; round < 5; round++) {
            String token = first.createPasswordReset("ada@example.com").passwordResetToken();
            AtomicInteger won = new AtomicInteger();
            AtomicInteger lost = new AtomicInteger();
            CyclicBarrier start = new CyclicBarrier(8);
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Callable<Void>> calls = new ArrayList<>();
            for (int index = 0; index < 8; index++) {
                UserManagement users = index % 2 == 0 ? first : second;
                calls.add(() -> {
                    start.await();
                    try {
                        users.resetPassword(token, Opened.OTHER_PASSWORD);
                        won.incrementAndGet();
                    } catch (PasswordResetTokenNotFoundException late) {
                        lost.incrementAndGet();
                    }
                    return null;
                });
            }
            for (Future<Void> call : threads.invokeAll(calls)) {
                call.get();
            }
            threads.shutdown();
            assertEquals(List.of(1, 7), List.of(won.get(), lost.get()));
        }
    }

    /** On a JDK with virtual threads these are; before, a pool of as many threads as there would be carriers. */
    private static ExecutorService executor() throws ReflectiveOperationException {
        return Runtime.version().feature() < 21
                ? Executors.newFixedThreadPool(2)
                : (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private static boolean isVirtual() throws ReflectiveOperationException {
        return Runtime.version().feature() >= 21
                && (boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
    }

    @Test
    void moreVirtualThreadsThanCarriersMakeProgress(@TempDir Path directory) throws Exception {
        assertEquals("2", System.getProperty("jdk.virtualThreadScheduler.maxPoolSize"));
        UserManagement users = Opened.file(directory);
        Opened.ada(users);
        String token = users.createPasswordReset("ada@example.com").passwordResetToken();
        AtomicInteger won = new AtomicInteger();
        List<Callable<Boolean>> calls = new ArrayList<>();
        for (int index = 0; index < 100; index++) {
            int number = index;
            calls.add(() -> {
                switch (number % 4) {
                    case 0 -> users.authenticateWithPasswordAsync("nobody@example.com", Opened.PASSWORD)
                            .exceptionally(wrong -> null).join();
                    case 1 -> users.createUser(CreateUser.builder(number + "@example.com").build());
                    case 2 -> {
                        try {
                            users.resetPassword(token, Opened.OTHER_PASSWORD);
                            won.incrementAndGet();
                        } catch (PasswordResetTokenNotFoundException late) {
                            Thread.yield();
                        }
                    }
                    default -> users.listUsers();
                }
                return isVirtual();
            });
        }
        ExecutorService threads = executor();
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (Future<Boolean> call : threads.invokeAll(calls)) {
                assertEquals(Runtime.version().feature() >= 21, call.get());
            }
        });
        threads.shutdown();
        assertEquals(1, won.get());
    }

    @Test
    void aThreadWithASmallStackIsEnough() throws Exception {
        UserManagement users = Opened.inMemory();
        List<Object> outcome = new ArrayList<>();
        Thread small = new Thread(null, () -> {
            User ada = Opened.ada(users);
            outcome.add(users.authenticateWithPassword(ada.email(), Opened.PASSWORD).id().equals(ada.id()));
        }, "small", 256 * 1024);
        small.start();
        small.join();
        assertEquals(List.of(true), outcome);
    }

    @Test
    void anInterruptEndsNoCall() throws Exception {
        UserManagement users = Opened.inMemory();
        Opened.ada(users);
        Thread.currentThread().interrupt();
        users.authenticateWithPassword("ada@example.com", Opened.PASSWORD);
        assertTrue(Thread.interrupted());
        assertThrows(UserNotFoundException.class, () -> users.getUser("user_x"));
    }
}
