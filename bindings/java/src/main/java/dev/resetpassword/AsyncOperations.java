// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The operations of {@link UserManagement} as futures.
 *
 * <p>Each runs its twin, which blocks, on the executor that is given, or on the default
 * executor of {@link CompletableFuture}: the common pool, or a thread for each call where that has few.
 * Give one of your own where many calls hash passwords at once. The arguments are those of the twin's
 * longest form. A future fails with the twin's exception, inside a
 * {@link java.util.concurrent.CompletionException}. Cancelling one does not stop the call.
 */
public sealed interface AsyncOperations permits UserManagement {
    /**
     * Does {@link UserManagement#createUser(CreateUser)} on the default executor.
     *
     * @param user what is given
     * @return what will hold the outcome
     */
    default CompletableFuture<User> createUserAsync(CreateUser user) {
        return createUserAsync(user, standard());
    }

    /**
     * Does {@link UserManagement#createUser(CreateUser)} on an executor.
     *
     * @param user what is given
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<User> createUserAsync(CreateUser user, Executor executor) {
        Objects.requireNonNull(user, "user");
        return later(() -> self().createUser(user), executor);
    }

    /**
     * Does {@link UserManagement#getUser(String)} on the default executor.
     *
     * @param id the id: {@code user_…}
     * @return what will hold the outcome
     */
    default CompletableFuture<User> getUserAsync(String id) {
        return getUserAsync(id, standard());
    }

    /**
     * Does {@link UserManagement#getUser(String)} on an executor.
     *
     * @param id the id: {@code user_…}
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<User> getUserAsync(String id, Executor executor) {
        Objects.requireNonNull(id, "id");
        return later(() -> self().getUser(id), executor);
    }

    /**
     * Does {@link UserManagement#getUserByEmail(String)} on the default executor.
     *
     * @param email the address, compared in its look-up form
     * @return what will hold the outcome
     */
    default CompletableFuture<User> getUserByEmailAsync(String email) {
        return getUserByEmailAsync(email, standard());
    }

    /**
     * Does {@link UserManagement#getUserByEmail(String)} on an executor.
     *
     * @param email the address, compared in its look-up form
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<User> getUserByEmailAsync(String email, Executor executor) {
        Objects.requireNonNull(email, "email");
        return later(() -> self().getUserByEmail(email), executor);
    }

    /**
     * Does {@link UserManagement#getUserByExternalId(String)} on the default executor.
     *
     * @param externalId the id that another system knows the user by
     * @return what will hold the outcome
     */
    default CompletableFuture<User> getUserByExternalIdAsync(String externalId) {
        return getUserByExternalIdAsync(externalId, standard());
    }

    /**
     * Does {@link UserManagement#getUserByExternalId(String)} on an executor.
     *
     * @param externalId the id that another system knows the user by
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<User> getUserByExternalIdAsync(String externalId, Executor executor) {
        Objects.requireNonNull(externalId, "externalId");
        return later(() -> self().getUserByExternalId(externalId), executor);
    }

    /**
     * Does {@link UserManagement#listUsers(ListUsers)} on the default executor.
     *
     * @param users what is given
     * @return what will hold the outcome
     */
    default CompletableFuture<UserList> listUsersAsync(ListUsers users) {
        return listUsersAsync(users, standard());
    }

    /**
     * Does {@link UserManagement#listUsers(ListUsers)} on an executor.
     *
     * @param users what is given
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<UserList> listUsersAsync(ListUsers users, Executor executor) {
        return later(() -> self().listUsers(users), executor);
    }

    /**
     * Does {@link UserManagement#updateUser(String, UpdateUser)} on the default executor.
     *
     * @param id the id: {@code user_…}
     * @param change what is given
     * @return what will hold the outcome
     */
    default CompletableFuture<User> updateUserAsync(String id, UpdateUser change) {
        return updateUserAsync(id, change, standard());
    }

    /**
     * Does {@link UserManagement#updateUser(String, UpdateUser)} on an executor.
     *
     * @param id the id: {@code user_…}
     * @param change what is given
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<User> updateUserAsync(String id, UpdateUser change, Executor executor) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(change, "change");
        return later(() -> self().updateUser(id, change), executor);
    }

    /**
     * Does {@link UserManagement#deleteUser(String)} on the default executor.
     *
     * @param id the id: {@code user_…}
     * @return what will hold the outcome
     */
    default CompletableFuture<Void> deleteUserAsync(String id) {
        return deleteUserAsync(id, standard());
    }

    /**
     * Does {@link UserManagement#deleteUser(String)} on an executor.
     *
     * @param id the id: {@code user_…}
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<Void> deleteUserAsync(String id, Executor executor) {
        Objects.requireNonNull(id, "id");
        return later(nothing(() -> self().deleteUser(id)), executor);
    }

    /**
     * Does {@link UserManagement#authenticateWithPassword(String, String)} on the default executor.
     *
     * @param email the address, compared in its look-up form
     * @param password the password: at most 4,096 bytes
     * @return what will hold the outcome
     */
    default CompletableFuture<User> authenticateWithPasswordAsync(String email, String password) {
        return authenticateWithPasswordAsync(email, password, standard());
    }

    /**
     * Does {@link UserManagement#authenticateWithPassword(String, String)} on an executor.
     *
     * @param email the address, compared in its look-up form
     * @param password the password: at most 4,096 bytes
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<User> authenticateWithPasswordAsync(String email, String password, Executor executor) {
        Objects.requireNonNull(email, "email");
        Objects.requireNonNull(password, "password");
        return later(() -> self().authenticateWithPassword(email, password), executor);
    }

    /**
     * Does {@link UserManagement#createPasswordReset(String)} on the default executor.
     *
     * @param email the address of the user, compared in its look-up form
     * @return what will hold the outcome
     */
    default CompletableFuture<PasswordReset> createPasswordResetAsync(String email) {
        return createPasswordResetAsync(email, standard());
    }

    /**
     * Does {@link UserManagement#createPasswordReset(String)} on an executor.
     *
     * @param email the address of the user, compared in its look-up form
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<PasswordReset> createPasswordResetAsync(String email, Executor executor) {
        Objects.requireNonNull(email, "email");
        return later(() -> self().createPasswordReset(email), executor);
    }

    /**
     * Does {@link UserManagement#requestPasswordReset(String)} on the default executor.
     *
     * @param email what was typed into the form
     * @return what will hold the outcome
     */
    default CompletableFuture<PasswordReset> requestPasswordResetAsync(String email) {
        return requestPasswordResetAsync(email, standard());
    }

    /**
     * Does {@link UserManagement#requestPasswordReset(String)} on an executor.
     *
     * @param email what was typed into the form
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<PasswordReset> requestPasswordResetAsync(String email, Executor executor) {
        Objects.requireNonNull(email, "email");
        return later(() -> self().requestPasswordReset(email), executor);
    }

    /**
     * Does {@link UserManagement#getPasswordReset(String)} on the default executor.
     *
     * @param id the id: {@code password_reset_…}
     * @return what will hold the outcome
     */
    default CompletableFuture<PasswordReset> getPasswordResetAsync(String id) {
        return getPasswordResetAsync(id, standard());
    }

    /**
     * Does {@link UserManagement#getPasswordReset(String)} on an executor.
     *
     * @param id the id: {@code password_reset_…}
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<PasswordReset> getPasswordResetAsync(String id, Executor executor) {
        Objects.requireNonNull(id, "id");
        return later(() -> self().getPasswordReset(id), executor);
    }

    /**
     * Does {@link UserManagement#checkPasswordResetToken(String)} on the default executor.
     *
     * @param token the {@code token} query parameter from the password reset URL
     * @return what will hold the outcome
     */
    default CompletableFuture<TokenCheck> checkPasswordResetTokenAsync(String token) {
        return checkPasswordResetTokenAsync(token, standard());
    }

    /**
     * Does {@link UserManagement#checkPasswordResetToken(String)} on an executor.
     *
     * @param token the {@code token} query parameter from the password reset URL
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<TokenCheck> checkPasswordResetTokenAsync(String token, Executor executor) {
        Objects.requireNonNull(token, "token");
        return later(() -> self().checkPasswordResetToken(token), executor);
    }

    /**
     * Does {@link UserManagement#resetPassword(String, String)} on the default executor.
     *
     * @param token the {@code token} query parameter from the password reset URL
     * @param newPassword the new password to set for the user
     * @return what will hold the outcome
     */
    default CompletableFuture<User> resetPasswordAsync(String token, String newPassword) {
        return resetPasswordAsync(token, newPassword, standard());
    }

    /**
     * Does {@link UserManagement#resetPassword(String, String)} on an executor.
     *
     * @param token the {@code token} query parameter from the password reset URL
     * @param newPassword the new password to set for the user
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<User> resetPasswordAsync(String token, String newPassword, Executor executor) {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(newPassword, "newPassword");
        return later(() -> self().resetPassword(token, newPassword), executor);
    }

    /**
     * Does {@link UserManagement#revokePasswordResets(String)} on the default executor.
     *
     * @param userId the user, or nothing for all users, or {@code null}
     * @return what will hold the outcome
     */
    default CompletableFuture<Long> revokePasswordResetsAsync(String userId) {
        return revokePasswordResetsAsync(userId, standard());
    }

    /**
     * Does {@link UserManagement#revokePasswordResets(String)} on an executor.
     *
     * @param userId the user, or nothing for all users, or {@code null}
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<Long> revokePasswordResetsAsync(String userId, Executor executor) {
        return later(() -> self().revokePasswordResets(userId), executor);
    }

    /**
     * Does {@link UserManagement#checkPassword(String, String)} on the default executor.
     *
     * @param password the password to judge
     * @param userId whose it would be: it is then also held against their address and names, or {@code
     *     null}
     * @return what will hold the outcome
     */
    default CompletableFuture<PasswordCheck> checkPasswordAsync(String password, String userId) {
        return checkPasswordAsync(password, userId, standard());
    }

    /**
     * Does {@link UserManagement#checkPassword(String, String)} on an executor.
     *
     * @param password the password to judge
     * @param userId whose it would be: it is then also held against their address and names, or {@code
     *     null}
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<PasswordCheck> checkPasswordAsync(String password, String userId, Executor executor) {
        Objects.requireNonNull(password, "password");
        return later(() -> self().checkPassword(password, userId), executor);
    }

    /**
     * Does {@link UserManagement#events(String, long)} on the default executor.
     *
     * @param after the id of the event to begin after, or {@code null}
     * @param limit events on a page: 1 to 100
     * @return what will hold the outcome
     */
    default CompletableFuture<EventList> eventsAsync(String after, long limit) {
        return eventsAsync(after, limit, standard());
    }

    /**
     * Does {@link UserManagement#events(String, long)} on an executor.
     *
     * @param after the id of the event to begin after, or {@code null}
     * @param limit events on a page: 1 to 100
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<EventList> eventsAsync(String after, long limit, Executor executor) {
        return later(() -> self().events(after, limit), executor);
    }

    /**
     * Does {@link UserManagement#messages(long)} on the default executor.
     *
     * @param limit most messages that are taken: 1 to 100, 10 by default
     * @return what will hold the outcome
     */
    default CompletableFuture<MessageList> messagesAsync(long limit) {
        return messagesAsync(limit, standard());
    }

    /**
     * Does {@link UserManagement#messages(long)} on an executor.
     *
     * @param limit most messages that are taken: 1 to 100, 10 by default
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<MessageList> messagesAsync(long limit, Executor executor) {
        return later(() -> self().messages(limit), executor);
    }

    /**
     * Does {@link UserManagement#messageSent(String)} on the default executor.
     *
     * @param id the message's {@code id}, as it was given out this time
     * @return what will hold the outcome
     */
    default CompletableFuture<Void> messageSentAsync(String id) {
        return messageSentAsync(id, standard());
    }

    /**
     * Does {@link UserManagement#messageSent(String)} on an executor.
     *
     * @param id the message's {@code id}, as it was given out this time
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<Void> messageSentAsync(String id, Executor executor) {
        Objects.requireNonNull(id, "id");
        return later(nothing(() -> self().messageSent(id)), executor);
    }

    /**
     * Does {@link UserManagement#messageFailed(String)} on the default executor.
     *
     * @param id the message's {@code id}, as it was given out this time
     * @return what will hold the outcome
     */
    default CompletableFuture<Void> messageFailedAsync(String id) {
        return messageFailedAsync(id, standard());
    }

    /**
     * Does {@link UserManagement#messageFailed(String)} on an executor.
     *
     * @param id the message's {@code id}, as it was given out this time
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<Void> messageFailedAsync(String id, Executor executor) {
        Objects.requireNonNull(id, "id");
        return later(nothing(() -> self().messageFailed(id)), executor);
    }

    /**
     * Does {@link UserManagement#reportChange(String, String)} on the default executor.
     *
     * @param token the notice's {@code reportToken}
     * @param email the address that the notice was sent to, typed by its reader
     * @return what will hold the outcome
     */
    default CompletableFuture<User> reportChangeAsync(String token, String email) {
        return reportChangeAsync(token, email, standard());
    }

    /**
     * Does {@link UserManagement#reportChange(String, String)} on an executor.
     *
     * @param token the notice's {@code reportToken}
     * @param email the address that the notice was sent to, typed by its reader
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<User> reportChangeAsync(String token, String email, Executor executor) {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(email, "email");
        return later(() -> self().reportChange(token, email), executor);
    }

    /**
     * Does {@link UserManagement#unlockUser(String)} on the default executor.
     *
     * @param id the id: {@code user_…}
     * @return what will hold the outcome
     */
    default CompletableFuture<Void> unlockUserAsync(String id) {
        return unlockUserAsync(id, standard());
    }

    /**
     * Does {@link UserManagement#unlockUser(String)} on an executor.
     *
     * @param id the id: {@code user_…}
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<Void> unlockUserAsync(String id, Executor executor) {
        Objects.requireNonNull(id, "id");
        return later(nothing(() -> self().unlockUser(id)), executor);
    }

    /**
     * Does {@link UserManagement#purge(long)} on the default executor.
     *
     * @param limit most rows of each kind that go: 1 to 10,000
     * @return what will hold the outcome
     */
    default CompletableFuture<Purged> purgeAsync(long limit) {
        return purgeAsync(limit, standard());
    }

    /**
     * Does {@link UserManagement#purge(long)} on an executor.
     *
     * @param limit most rows of each kind that go: 1 to 10,000
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<Purged> purgeAsync(long limit, Executor executor) {
        return later(() -> self().purge(limit), executor);
    }

    /**
     * Does {@link UserManagement#close()} on the default executor.
     *
     * @return what will hold the outcome
     */
    default CompletableFuture<Void> closeAsync() {
        return closeAsync(standard());
    }

    /**
     * Does {@link UserManagement#close()} on an executor.
     *
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the outcome
     */
    default CompletableFuture<Void> closeAsync(Executor executor) {
        return later(nothing(() -> self().close()), executor);
    }

    private static Executor standard() {
        return new CompletableFuture<Void>().defaultExecutor();
    }

    private UserManagement self() {
        return (UserManagement) this;
    }

    private static Supplier<Void> nothing(Runnable work) {
        return () -> {
            work.run();
            return null;
        };
    }

    private static <T> CompletableFuture<T> later(Supplier<T> work, Executor executor) {
        return CompletableFuture.supplyAsync(work, Objects.requireNonNull(executor, "executor"));
    }
}
