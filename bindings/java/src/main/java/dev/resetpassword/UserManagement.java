package dev.resetpassword;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Users and their password resets, on a database.
 *
 * <p>One handle is for any number of threads, virtual ones too. Every operation blocks its thread, and is
 * not ended by an interrupt; {@link AsyncOperations} has the same operations as futures. Each fails with a
 * {@link ResetPasswordException}: any of them may be a {@link StorageUnavailableException} or an
 * {@link InternalException}.
 *
 * <pre>{@code
 * try (UserManagement userManagement = UserManagement.open("users.db")) {
 *     PasswordReset reset = userManagement.createPasswordReset("ada@example.com");
 *     userManagement.resetPassword(reset.passwordResetToken(), "seven green boats at dusk");
 * }
 * }</pre>
 */
public final class UserManagement implements AsyncOperations, AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final long handle;

    private UserManagement(long handle) {
        this.handle = handle;
        CLEANER.register(this, () -> Native.free(handle));
    }

    /**
     * Opens a database, with the default of every option.
     *
     * @param databaseUrl a bare path, {@code sqlite:path} or {@code sqlite://path} (relative),
     *     {@code sqlite:///absolute/path}, {@code sqlite::memory:} or {@code :memory:}; {@code postgres://…};
     *     {@code mysql://…} or {@code mariadb://…}
     * @return the handle that every operation is called on
     * @throws ConfigInvalidException if the database, its key or its tables cannot be used
     * @throws UnsatisfiedLinkError if the native library cannot be loaded
     */
    public static UserManagement open(String databaseUrl) {
        return open(databaseUrl, null);
    }

    /**
     * Opens a database.
     *
     * @param databaseUrl a bare path, {@code sqlite:path} or {@code sqlite://path} (relative),
     *     {@code sqlite:///absolute/path}, {@code sqlite::memory:} or {@code :memory:}; {@code postgres://…};
     *     {@code mysql://…} or {@code mariadb://…}
     * @param options how the engine behaves, or {@code null} for the default of every option
     * @return the handle that every operation is called on
     * @throws ConfigInvalidException if an option, the database, its key or its tables cannot be used
     * @throws UnsatisfiedLinkError if the native library cannot be loaded
     */
    public static UserManagement open(String databaseUrl, Options options) {
        required(databaseUrl, "databaseUrl");
        Library.load();
        Object[] given = (options == null ? Options.builder().build() : options).arguments();
        return new UserManagement(Answer.of(Native.open(after(databaseUrl, given))).number());
    }

    /**
     * Opens a database file, with the default of every option.
     *
     * @param database the file
     * @return the handle that every operation is called on
     * @throws ConfigInvalidException if the database, its key or its tables cannot be used
     * @throws UnsatisfiedLinkError if the native library cannot be loaded
     */
    public static UserManagement open(Path database) {
        return open(database, null);
    }

    /**
     * Opens a database file.
     *
     * @param database the file
     * @param options how the engine behaves, or {@code null} for the default of every option
     * @return the handle that every operation is called on
     * @throws ConfigInvalidException if an option, the database, its key or its tables cannot be used
     * @throws UnsatisfiedLinkError if the native library cannot be loaded
     */
    public static UserManagement open(Path database, Options options) {
        return open(Texts.path(required(database, "database")), options);
    }

    /**
     * Does {@link #open(String, Options)} on the default executor.
     *
     * @param databaseUrl the database
     * @param options how the engine behaves, or {@code null} for the default of every option
     * @return what will hold the handle
     */
    public static CompletableFuture<UserManagement> openAsync(String databaseUrl, Options options) {
        required(databaseUrl, "databaseUrl");
        return CompletableFuture.supplyAsync(() -> open(databaseUrl, options));
    }

    /**
     * Does {@link #open(String, Options)} on an executor.
     *
     * @param databaseUrl the database
     * @param options how the engine behaves, or {@code null} for the default of every option
     * @param executor what runs the call, which blocks its thread
     * @return what will hold the handle
     */
    public static CompletableFuture<UserManagement> openAsync(
            String databaseUrl, Options options, Executor executor) {
        required(databaseUrl, "databaseUrl");
        required(executor, "executor");
        return CompletableFuture.supplyAsync(() -> open(databaseUrl, options), executor);
    }

    /**
     * Ends this process's connections, after the calls that are under way. A later call opens new ones. In
     * memory it does nothing, since the data would be gone.
     */
    @Override
    public void close() {
        try {
            Native.close(handle);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Makes a user.
     *
     * @param user what the user is made of
     * @return the user
     * @throws EmailNotAvailableException if another user has the address
     * @throws ExternalIdAlreadyUsedException if another user has the external id
     * @throws PasswordRejectedException if the policy refuses the password
     * @throws InvalidPasswordHashException if the hash cannot be used
     * @throws PasswordAndPasswordHashProvidedException if both are given
     * @throws InputInvalidException if a field cannot be used
     */
    public User createUser(CreateUser user) {
        return call(Operation.CREATE_USER, required(user, "user").arguments()).user();
    }

    /**
     * Reads the user with an id.
     *
     * @param id the id: {@code user_…}
     * @return the user
     * @throws UserNotFoundException if there is none
     */
    public User getUser(String id) {
        return call(Operation.GET_USER, required(id, "id")).user();
    }

    /**
     * Reads the user with an address.
     *
     * @param email the address, compared in its look-up form
     * @return the user
     * @throws UserNotFoundException if there is none
     * @throws InputInvalidException if the text is no address
     */
    public User getUserByEmail(String email) {
        return call(Operation.GET_USER_BY_EMAIL, required(email, "email")).user();
    }

    /**
     * Reads the user whom another system knows by an id.
     *
     * @param externalId the id that another system knows the user by
     * @return the user
     * @throws UserNotFoundException if there is none
     */
    public User getUserByExternalId(String externalId) {
        return call(Operation.GET_USER_BY_EXTERNAL_ID, required(externalId, "externalId")).user();
    }

    /**
     * Lists users, by creation. What may be given is left out.
     *
     * @return a page of users
     */
    public UserList listUsers() {
        return listUsers(ListUsers.builder().build());
    }

    /**
     * Lists users, by creation.
     *
     * @param users which users
     * @return a page of users
     * @throws InputInvalidException if the limit, a cursor, the order or the address cannot be used
     */
    public UserList listUsers(ListUsers users) {
        return call(Operation.LIST_USERS, (users == null ? ListUsers.builder().build() : users).arguments()).userList();
    }

    /**
     * Changes a user. A new address or password ends the user's live reset.
     *
     * @param id the id: {@code user_…}
     * @param change the change
     * @return the user as it is now
     * @throws UserNotFoundException if there is none
     * @throws EmailAlreadyVerifiedException if a verified address would be marked unverified
     * @throws EmailNotAvailableException if another user has the address
     * @throws ExternalIdAlreadyUsedException if another user has the external id
     * @throws PasswordRejectedException if the policy refuses the password
     * @throws InvalidPasswordHashException if the hash cannot be used
     * @throws PasswordAndPasswordHashProvidedException if both are given
     * @throws InputInvalidException if a field cannot be used
     */
    public User updateUser(String id, UpdateUser change) {
        required(id, "id");
        return call(Operation.UPDATE_USER, after(id, required(change, "change").arguments())).user();
    }

    /**
     * Deletes a user and its resets.
     *
     * @param id the id: {@code user_…}
     * @throws UserNotFoundException if there is none
     */
    public void deleteUser(String id) {
        call(Operation.DELETE_USER, required(id, "id")).nothing();
    }

    /**
     * Checks an address and a password. It issues no session. After many failures in a row nothing is checked for a
     * while.
     *
     * @param email the address, compared in its look-up form
     * @param password the password
     * @return the user
     * @throws InvalidCredentialsException if either is wrong; which is not told
     * @throws RateLimitedException after too many failures in a row; where it is not retryable, the password has to be
     *     reset
     * @throws OverloadedException if too many passwords are hashed
     */
    public User authenticateWithPassword(String email, String password) {
        Object[] given = {required(email, "email"), required(password, "password")};
        return call(Operation.AUTHENTICATE_WITH_PASSWORD, given).user();
    }

    /**
     * Makes a reset for a user, for the trusted server: it tells whether there is such a user. An earlier
     * reset
     * of the user stops working.
     *
     * @param email the user's address
     * @return the reset, with its token and url
     * @throws UserNotFoundException if there is no such user
     * @throws InputInvalidException if the text is no address
     */
    public PasswordReset createPasswordReset(String email) {
        return call(Operation.CREATE_PASSWORD_RESET, required(email, "email")).passwordReset();
    }

    /**
     * Makes a reset if the address belongs to a user, for a public form. Answer the form the same way in
     * every
     * case, and send the mail later.
     *
     * @param email the address that somebody typed
     * @return the reset, or {@code null} if there is no such user or it is too soon for another
     * @throws InputInvalidException if the text is no address
     */
    public PasswordReset requestPasswordReset(String email) {
        return call(Operation.REQUEST_PASSWORD_RESET, required(email, "email")).optionalPasswordReset();
    }

    /**
     * Reads a reset with its token and url, while the token can be used.
     *
     * @param id the id: {@code password_reset_…}
     * @return the reset
     * @throws PasswordResetNotFoundException if there is none, or its token can no longer be used
     */
    public PasswordReset getPasswordReset(String id) {
        return call(Operation.GET_PASSWORD_RESET, required(id, "id")).passwordReset();
    }

    /**
     * Sets a new password using a token, and verifies the user's e-mail. A token works once: of concurrent
     * calls
     * with one token exactly one succeeds. End the sessions that began before {@code
     * credentialsChangedAt}.
     *
     * @param token the token from the link that the user received
     * @param newPassword the new password
     * @return the user
     * @throws PasswordResetTokenNotFoundException if the token is unknown or can no longer be used
     * @throws PasswordResetTokenExpiredException if it is too old
     * @throws PasswordRejectedException if the policy refuses the password; the token stays usable
     * @throws OverloadedException if too many passwords are hashed; the token stays usable
     */
    public User resetPassword(String token, String newPassword) {
        return call(Operation.RESET_PASSWORD, required(token, "token"), required(newPassword, "newPassword")).user();
    }

    /**
     * Ends the live resets of one user, or of all users. What may be given is left out.
     *
     * @return how many were ended
     */
    public long revokePasswordResets() {
        return revokePasswordResets(null);
    }

    /**
     * Ends the live resets of one user, or of all users.
     *
     * @param userId the user, or {@code null} for all users
     * @return how many were ended
     * @throws UserNotFoundException if there is no such user
     */
    public long revokePasswordResets(String userId) {
        return call(Operation.REVOKE_PASSWORD_RESETS, userId).number();
    }

    /**
     * Gives the policy's verdict on a password. Nothing is set and nothing is hashed. What may be given is
     * left out.
     *
     * @param password the password
     * @return the verdict
     */
    public PasswordCheck checkPassword(String password) {
        return checkPassword(password, null);
    }

    /**
     * Gives the policy's verdict on a password. Nothing is set and nothing is hashed.
     *
     * @param password the password
     * @param userId the user whose address and names it is held against too, or {@code null}
     * @return the verdict
     * @throws UserNotFoundException if there is no such user
     */
    public PasswordCheck checkPassword(String password, String userId) {
        return call(Operation.CHECK_PASSWORD, required(password, "password"), userId).passwordCheck();
    }

    /**
     * Reads what happened, oldest first. What may be given is left out.
     *
     * @return a page of events
     */
    public EventList events() {
        return call(Operation.EVENTS, null, null).eventList();
    }

    /**
     * Reads what happened, oldest first. What may be given is left out.
     *
     * @param after the event that the page begins after, or {@code null} for the beginning
     * @return a page of events
     * @throws InputInvalidException if the limit is out of range or {@code after} is not in the feed
     */
    public EventList events(String after) {
        return call(Operation.EVENTS, after, null).eventList();
    }

    /**
     * Reads what happened, oldest first.
     *
     * @param after the event that the page begins after, or {@code null} for the beginning
     * @param limit events on a page: 1 to 100; 10 by default
     * @return a page of events
     * @throws InputInvalidException if the limit is out of range or {@code after} is not in the feed
     */
    public EventList events(String after, long limit) {
        return call(Operation.EVENTS, after, limit).eventList();
    }

    /**
     * Removes what is dead and old. Call it daily, and again while it removes as many as it may. What may be
     * given is left out.
     *
     * @return how many rows it removed
     */
    public Purged purge() {
        return call(Operation.PURGE, (Object) null).purged();
    }

    /**
     * Removes what is dead and old. Call it daily, and again while it removes as many as it may.
     *
     * @param limit rows of each kind: 1 to 10,000; 1,000 by default
     * @return how many rows it removed
     * @throws InputInvalidException if the limit is out of range
     */
    public Purged purge(long limit) {
        return call(Operation.PURGE, limit).purged();
    }
    /** The object must not be found unreachable, and its handle freed, while a call is under way. */
    private Answer call(Operation operation, Object... arguments) {
        try {
            return Answer.of(Native.call(handle, operation.ordinal(), arguments));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private static <T> T required(T argument, String name) {
        return Objects.requireNonNull(argument, name);
    }

    private static Object[] after(String first, Object[] rest) {
        Object[] arguments = new Object[rest.length + 1];
        arguments[0] = first;
        System.arraycopy(rest, 0, arguments, 1, rest.length);
        return arguments;
    }
}
