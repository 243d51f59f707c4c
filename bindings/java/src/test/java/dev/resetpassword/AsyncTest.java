package dev.resetpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AsyncTest {

    @Test
    void aWholeResetAsFutures() {
        UserManagement users = UserManagement.openAsync(":memory:", Opened.cheap().build()).join();
        User user = users.createUserAsync(CreateUser.builder("ada@example.com").build())
                .thenCompose(made -> users.createPasswordResetAsync(made.email()))
                .thenCompose(reset -> users.resetPasswordAsync(reset.passwordResetToken(), Opened.PASSWORD))
                .thenCompose(reset -> users.authenticateWithPasswordAsync("ada@example.com", Opened.PASSWORD))
                .join();
        assertTrue(user.emailVerified());
        assertEquals(user, users.getUserAsync(user.id()).join());
        assertEquals(user, users.getUserByEmailAsync(user.email()).join());
        assertThrows(CompletionException.class, () -> users.getUserByExternalIdAsync("x").join());
        assertEquals(List.of(user), users.listUsersAsync(ListUsers.builder().limit(1).build()).join().data());
        assertEquals("Ada", users.updateUserAsync(user.id(), UpdateUser.builder().name("Ada").build()).join().name());
        PasswordReset reset = users.requestPasswordResetAsync(user.email()).join();
        assertEquals(reset, users.getPasswordResetAsync(reset.id()).join());
        assertNull(users.requestPasswordResetAsync("nobody@example.com").join());
        assertEquals(1, users.revokePasswordResetsAsync(null).join());
        assertTrue(users.checkPasswordAsync(Opened.OTHER_PASSWORD, user.id()).join().acceptable());
        assertEquals(1, users.eventsAsync(null, 1).join().data().size());
        assertEquals(new Purged(0, 0, 0), users.purgeAsync(1).join());
        assertNull(users.deleteUserAsync(user.id()).join());
        assertNull(users.closeAsync().join());
    }

    @Test
    void theWorkIsDoneOnTheExecutorThatIsGiven() {
        UserManagement users = Opened.inMemory();
        AtomicInteger given = new AtomicInteger();
        Executor counting = work -> {
            given.incrementAndGet();
            ForkJoinPool.commonPool().execute(work);
        };
        users.eventsAsync(null, 1, counting).join();
        users.closeAsync(counting).join();
        assertEquals(2, given.get());
        Executor refusing = work -> {
            throw new java.util.concurrent.RejectedExecutionException("full");
        };
        assertThrows(java.util.concurrent.RejectedExecutionException.class, () -> users.purgeAsync(1, refusing));
    }

    @Test
    void aFutureFailsWithTheOperationsError() {
        UserManagement users = Opened.inMemory();
        CompletableFuture<User> future = users.getUserAsync("user_x");
        var failure = assertThrows(CompletionException.class, future::join);
        assertInstanceOf(UserNotFoundException.class, failure.getCause());
        assertSame(ErrorCode.USER_NOT_FOUND, ((ResetPasswordException) failure.getCause()).getCode());
        assertEquals("email", assertThrows(
                NullPointerException.class, () -> users.createPasswordResetAsync(null)).getMessage());
    }

    @Test
    void everyOperationHasAnAsyncTwinWithAndWithoutAnExecutor() {
        Set<String> operations = Arrays.stream(UserManagement.class.getDeclaredMethods())
                .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
                .filter(method -> !method.isSynthetic() && !method.getName().endsWith("Async"))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(operations.size() > 15, operations.toString());
        for (String operation : operations) {
            List<Method> blocking = named(operation);
            List<Method> async = named(operation + "Async");
            List<Class<?>> longest = parameters(blocking.get(blocking.size() - 1));
            assertEquals(longest, parameters(async.get(0)), operation);
            List<Class<?>> onExecutor = new java.util.ArrayList<>(longest);
            onExecutor.add(Executor.class);
            assertEquals(onExecutor, parameters(async.get(1)), operation);
            assertEquals(2, async.size(), operation);
        }
    }

    private static List<Class<?>> parameters(Method method) {
        return List.of(method.getParameterTypes());
    }

    private static List<Method> named(String name) {
        return Arrays.stream(UserManagement.class.getMethods())
                .filter(method -> method.getName().equals(name))
                .filter(method -> !parameters(method).contains(Path.class))
                .sorted(java.util.Comparator.comparingInt(Method::getParameterCount))
                .toList();
    }
}
