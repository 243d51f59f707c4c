// Generated from bindings/api by scripts/update; changes here are lost.
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
     * Makes a user. A password is held to the policy. A hash from another system is taken as it is, and
     * replaced by a current one when the user signs in.
     *
     * @param user what is given
     * @return the answer
     * @throws EmailNotAvailableException the e-mail address belongs to another user
     * @throws ExternalIdAlreadyUsedException the external id belongs to another user
     * @throws InputInvalidException the input is not valid
     * @throws InvalidPasswordHashException the password hash is damaged, too costly or of a kind that is not supported
     * @throws PasswordAndPasswordHashProvidedException give a password or a password hash, not both
     * @throws PasswordRejectedException the password does not meet the policy
     */
    public User createUser(CreateUser user) {
        return call(Operation.CREATE_USER, required(user, "user").arguments()).user();
    }

    /**
     * Reads the user with an id.
     *
     * @param id the id: {@code user_…}
     * @return the answer
     * @throws UserNotFoundException there is no such user
     */
    public User getUser(String id) {
        return call(Operation.GET_USER, required(id, "id")).user();
    }

    /**
     * Reads the user with an address.
     *
     * @param email the address, compared in its look-up form
     * @return the answer
     * @throws InputInvalidException the input is not valid
     * @throws UserNotFoundException there is no such user
     */
    public User getUserByEmail(String email) {
        return call(Operation.GET_USER_BY_EMAIL, required(email, "email")).user();
    }

    /**
     * Reads the user whom another system knows by an id.
     *
     * @param externalId the id that another system knows the user by
     * @return the answer
     * @throws UserNotFoundException there is no such user
     */
    public User getUserByExternalId(String externalId) {
        return call(Operation.GET_USER_BY_EXTERNAL_ID, required(externalId, "externalId")).user();
    }

    /**
     * Reads a page of users. The newest come first, unless {@code order} says otherwise.
     *
     * @return the answer
     * @throws InputInvalidException the input is not valid
     */
    public UserList listUsers() {
        return listUsers(ListUsers.builder().build());
    }

    /**
     * Reads a page of users. The newest come first, unless {@code order} says otherwise.
     *
     * @param users what is given
     * @return the answer
     * @throws InputInvalidException the input is not valid
     */
    public UserList listUsers(ListUsers users) {
        return call(Operation.LIST_USERS, (users == null ? ListUsers.builder().build() : users).arguments()).userList();
    }

    /**
     * Changes a user; what is left out stays as it is. An empty text clears a name, the locale or the
     * external id. Metadata that is given replaces all of it. A new address or password ends the user's live
     * reset.
     *
     * @param id the id: {@code user_…}
     * @param change what is given
     * @return the answer
     * @throws EmailAlreadyVerifiedException a verified e-mail address cannot be marked unverified
     * @throws EmailNotAvailableException the e-mail address belongs to another user
     * @throws ExternalIdAlreadyUsedException the external id belongs to another user
     * @throws InputInvalidException the input is not valid
     * @throws InvalidPasswordHashException the password hash is damaged, too costly or of a kind that is not supported
     * @throws PasswordAndPasswordHashProvidedException give a password or a password hash, not both
     * @throws PasswordRejectedException the password does not meet the policy
     * @throws UserNotFoundException there is no such user
     */
    public User updateUser(String id, UpdateUser change) {
        required(id, "id");
        return call(Operation.UPDATE_USER, after(id, required(change, "change").arguments())).user();
    }

    /**
     * Deletes a user with their resets.
     *
     * @param id the id: {@code user_…}
     * @throws UserNotFoundException there is no such user
     */
    public void deleteUser(String id) {
        call(Operation.DELETE_USER, required(id, "id")).nothing();
    }

    /**
     * Checks an address and a password. All that is wrong with either gets one answer. After many failures in
     * a row nothing is checked for a while. No session is issued.
     *
     * @param email the address, compared in its look-up form
     * @param password the password: at most 4,096 bytes
     * @return the answer
     * @throws InvalidCredentialsException the e-mail address or the password is wrong
     * @throws OverloadedException too many calls are under way; try again shortly
     * @throws RateLimitedException too many requests; try again later
     */
    public User authenticateWithPassword(String email, String password) {
        Object[] given = {required(email, "email"), required(password, "password")};
        return call(Operation.AUTHENTICATE_WITH_PASSWORD, given).user();
    }

    /**
     * Makes a reset for a user, for the trusted server. It tells whether there is such a user. An earlier
     * reset of the user ends. For a user without a password, such as one who is invited, the token works for
     * {@code firstPasswordLifetime}.
     *
     * @param email the address of the user, compared in its look-up form
     * @return the answer
     * @throws InputInvalidException the input is not valid
     * @throws UserLockedException the account is locked since a change of it was reported; make sure of its e-mail address, then unlock it
     * @throws UserNotFoundException there is no such user
     */
    public PasswordReset createPasswordReset(String email) {
        return call(Operation.CREATE_PASSWORD_RESET, required(email, "email")).passwordReset();
    }

    /**
     * Makes a reset for whoever has an address, for a public form. Answer the form in the same way whatever
     * comes of it, and send the mail later. Nothing comes of it where there is no such user, or where it was
     * asked for too often.
     *
     * @param email what was typed into the form
     * @return the answer, or {@code null} where there is none
     * @throws InputInvalidException the input is not valid
     */
    public PasswordReset requestPasswordReset(String email) {
        return call(Operation.REQUEST_PASSWORD_RESET, required(email, "email")).optionalPasswordReset();
    }

    /**
     * Reads a live reset with its link. Only while its token can be used.
     *
     * @param id the id: {@code password_reset_…}
     * @return the answer
     * @throws PasswordResetNotFoundException there is no such password reset, or it is no longer usable
     */
    public PasswordReset getPasswordReset(String id) {
        return call(Operation.GET_PASSWORD_RESET, required(id, "id")).passwordReset();
    }

    /**
     * Says whether a token can be used, and until when; nothing is changed. For the page behind the link,
     * before it shows a form. It tells no more than {@code resetPassword} would.
     *
     * @param token the {@code token} query parameter from the password reset URL
     * @return the answer
     */
    public TokenCheck checkPasswordResetToken(String token) {
        return call(Operation.CHECK_PASSWORD_RESET_TOKEN, required(token, "token")).tokenCheck();
    }

    /**
     * Sets a new password with the token of a reset link. A token works once, and success verifies the user's
     * e-mail. A refused password leaves the token usable. End the sessions that began before the user's
     * {@code credentialsChangedAt}.
     *
     * @param token the {@code token} query parameter from the password reset URL
     * @param newPassword the new password to set for the user
     * @return the answer
     * @throws OverloadedException too many calls are under way; try again shortly
     * @throws PasswordRejectedException the password does not meet the policy
     * @throws PasswordResetTokenExpiredException the password reset token has expired
     * @throws PasswordResetTokenNotFoundException the password reset token is unknown or can no longer be used
     */
    public User resetPassword(String token, String newPassword) {
        return call(Operation.RESET_PASSWORD, required(token, "token"), required(newPassword, "newPassword")).user();
    }

    /**
     * Ends the live resets of one user, or of all. Answers how many were ended.
     *
     * @return the number
     * @throws UserNotFoundException there is no such user
     */
    public long revokePasswordResets() {
        return call(Operation.REVOKE_PASSWORD_RESETS, (Object) null).number();
    }

    /**
     * Ends the live resets of one user, or of all. Answers how many were ended.
     *
     * @param userId the user, or nothing for all users, or {@code null}
     * @return the number
     * @throws UserNotFoundException there is no such user
     */
    public long revokePasswordResets(String userId) {
        return call(Operation.REVOKE_PASSWORD_RESETS, userId).number();
    }

    /**
     * Gives the policy's verdict on a password; nothing is set.
     *
     * @param password the password to judge
     * @return the answer
     * @throws UserNotFoundException there is no such user
     */
    public PasswordCheck checkPassword(String password) {
        return call(Operation.CHECK_PASSWORD, required(password, "password"), (Object) null).passwordCheck();
    }

    /**
     * Gives the policy's verdict on a password; nothing is set.
     *
     * @param password the password to judge
     * @param userId whose it would be: it is then also held against their address and names, or {@code
     *     null}
     * @return the answer
     * @throws UserNotFoundException there is no such user
     */
    public PasswordCheck checkPassword(String password, String userId) {
        return call(Operation.CHECK_PASSWORD, required(password, "password"), userId).passwordCheck();
    }

    /**
     * Reads what happened, oldest first. Begins after the event {@code after}, or with the oldest.
     *
     * @return the answer
     * @throws InputInvalidException the input is not valid
     */
    public EventList events() {
        return call(Operation.EVENTS, (Object) null, (Object) null).eventList();
    }

    /**
     * Reads what happened, oldest first. Begins after the event {@code after}, or with the oldest.
     *
     * @param after the id of the event to begin after, or {@code null}
     * @return the answer
     * @throws InputInvalidException the input is not valid
     */
    public EventList events(String after) {
        return call(Operation.EVENTS, after, (Object) null).eventList();
    }

    /**
     * Reads what happened, oldest first. Begins after the event {@code after}, or with the oldest.
     *
     * @param after the id of the event to begin after, or {@code null}
     * @param limit events on a page: 1 to 100
     * @return the answer
     * @throws InputInvalidException the input is not valid
     */
    public EventList events(String after, long limit) {
        return call(Operation.EVENTS, after, limit).eventList();
    }

    /**
     * Takes messages that are to be sent now, for a mailer. Needs the option {@code messages}. Each is held
     * for 5 minutes by whoever was given it: say what became of it by {@code messageSent} or {@code
     * messageFailed}, or it is given out again. Send each to its {@code to}, with a {@code Message-ID} made
     * of its {@code messageId}, which stays the same.
     *
     * @return the answer
     * @throws ConfigInvalidException the configuration cannot be used
     * @throws InputInvalidException the input is not valid
     */
    public MessageList messages() {
        return call(Operation.MESSAGES, (Object) null).messageList();
    }

    /**
     * Takes messages that are to be sent now, for a mailer. Needs the option {@code messages}. Each is held
     * for 5 minutes by whoever was given it: say what became of it by {@code messageSent} or {@code
     * messageFailed}, or it is given out again. Send each to its {@code to}, with a {@code Message-ID} made
     * of its {@code messageId}, which stays the same.
     *
     * @param limit most messages that are taken: 1 to 100, 10 by default
     * @return the answer
     * @throws ConfigInvalidException the configuration cannot be used
     * @throws InputInvalidException the input is not valid
     */
    public MessageList messages(long limit) {
        return call(Operation.MESSAGES, limit).messageList();
    }

    /**
     * Removes a message that was sent. Refused with {@code idUnknown} when there is no such message any more,
     * or another holds it by now; there is nothing to be done about that.
     *
     * @param id the message's {@code id}, as it was given out this time
     * @throws ConfigInvalidException the configuration cannot be used
     * @throws InputInvalidException the input is not valid
     */
    public void messageSent(String id) {
        call(Operation.MESSAGE_SENT, required(id, "id")).nothing();
    }

    /**
     * Gives a message back that could not be sent. It is given out again after 10 seconds, 1, 5, 15 and 60
     * minutes, then every 4 hours: a link until it stops working, a notice for a day.
     *
     * @param id the message's {@code id}, as it was given out this time
     * @throws ConfigInvalidException the configuration cannot be used
     * @throws InputInvalidException the input is not valid
     */
    public void messageFailed(String id) {
        call(Operation.MESSAGE_FAILED, required(id, "id")).nothing();
    }

    /**
     * Says that a change was not the owner's, by the token of the notice that told of it. Nobody knows the
     * password any more, and links end; end the sessions that began before the user's {@code
     * credentialsChangedAt}. A new link is sent if the address is still the account's. If not, the account is
     * locked: no link is made for it until {@code unlockUser}, or until an address is set. A token works
     * once, for 7 days.
     *
     * @param token the notice's {@code reportToken}
     * @param email the address that the notice was sent to, typed by its reader
     * @return the answer
     * @throws InputInvalidException the input is not valid
     * @throws OverloadedException too many calls are under way; try again shortly
     */
    public User reportChange(String token, String email) {
        return call(Operation.REPORT_CHANGE, required(token, "token"), required(email, "email")).user();
    }

    /**
     * Has links made again for a user who was locked out by {@code reportChange}. Make sure first that the
     * account's address is its owner's.
     *
     * @param id the id: {@code user_…}
     * @throws UserNotFoundException there is no such user
     */
    public void unlockUser(String id) {
        call(Operation.UNLOCK_USER, required(id, "id")).nothing();
    }

    /**
     * Removes what is dead and old. Of each kind go at most {@code limit} rows; call it again while it
     * removes as many.
     *
     * @return the answer
     * @throws InputInvalidException the input is not valid
     */
    public Purged purge() {
        return call(Operation.PURGE, (Object) null).purged();
    }

    /**
     * Removes what is dead and old. Of each kind go at most {@code limit} rows; call it again while it
     * removes as many.
     *
     * @param limit most rows of each kind that go: 1 to 10,000
     * @return the answer
     * @throws InputInvalidException the input is not valid
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
