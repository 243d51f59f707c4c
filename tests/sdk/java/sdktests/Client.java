package sdktests;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What a generation of the SDK can do, in the words of the stories, pointed at one address with one API key.
 *
 * <p>An adapter calls the SDK as a program would, states what the generation gives back (types, fields,
 * exceptions), and changes neither requests nor answers.
 */
interface Client {
    String label();

    String apiKey();

    /** The same client at another address. */
    Client at(String baseUrl);

    /** The same client with another key. */
    Client withKey(String apiKey);

    /** An e-mail address that no other test uses. */
    String address();

    /** The fields of a user that this generation shows. */
    Set<String> userFields();

    /** The fields of a reset that this generation shows. */
    Set<String> resetFields();

    /** The fields of an event's data, for an event of a reset, that this generation shows. */
    Set<String> resetDataFields();

    /** Reads a timestamp, and fails unless it has the type that this generation promises. */
    Instant moment(Object timestamp);

    Shown createUser(NewUser user);

    Shown getUser(String id);

    Shown getUserByExternalId(String externalId);

    Page<Shown> listUsers(Query query);

    /** All users, in pages of a size, walked through by the SDK itself. */
    List<Shown> walkUsers(int limit);

    Shown rename(String id, String firstName);

    Shown changePassword(String id, String password);

    void deleteUser(String id);

    Shown createReset(String email);

    Shown getReset(String id);

    /** Confirms under the Idempotency-Key that the SDK makes. */
    Shown confirm(String token, String newPassword);

    /** Confirms under a key of the caller's. */
    Shown confirm(String token, String newPassword, String idempotencyKey);

    /** Events after a cursor, or from the start where it is null. */
    Page<Event> listEvents(List<String> kinds, String after, int limit);

    /** The ids of those events, by the SDK's own method for the feed. */
    List<String> listEventsByItself(List<String> kinds, String after, int limit);

    /** What an exception tells. Fails unless it is of the class that belongs to the status. */
    Seen seen(RuntimeException error, int status);

    /** What may be printed of an exception that no test expected: not its text, which may hold what was sent. */
    String described(Throwable error);
}
