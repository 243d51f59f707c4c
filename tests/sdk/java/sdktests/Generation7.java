package sdktests;

import static sdktests.Expect.equal;
import static sdktests.Expect.expect;

import com.fasterxml.jackson.core.type.TypeReference;
import com.workos.WorkOS;
import com.workos.common.exceptions.ApiError;
import com.workos.common.exceptions.BadRequestException;
import com.workos.common.exceptions.NotFoundException;
import com.workos.common.exceptions.UnauthorizedException;
import com.workos.common.exceptions.UnprocessableEntityException;
import com.workos.common.exceptions.WorkOSException;
import com.workos.common.exceptions.WorkOSGenericException;
import com.workos.common.http.RequestConfig;
import com.workos.common.http.RequestOptions;
import com.workos.models.EventSchema;
import com.workos.models.VerifyEmailResponse;
import com.workos.models.WorkOSEvent;
import com.workos.types.PaginationOrder;
import com.workos.usermanagement.CreateUserPassword;
import com.workos.usermanagement.UserManagement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import kotlin.Pair;

/**
 * workos 7: {@code resetPassword} creates and {@code confirmPasswordReset} confirms, timestamps are
 * {@link OffsetDateTime}, and what was lost on the way is sent again, under a key made from the request.
 */
final class Generation7 implements Client {
    private static final AtomicInteger SERIAL = new AtomicInteger();

    private static final Map<Integer, Class<? extends WorkOSException>> EXCEPTIONS = Map.of(
            400, BadRequestException.class,
            401, UnauthorizedException.class,
            403, WorkOSGenericException.class,
            404, NotFoundException.class,
            422, UnprocessableEntityException.class);

    private final String label;
    private final String baseUrl;
    private final WorkOS sdk;
    private final UserManagement users;

    Generation7(String label, String baseUrl, String apiKey) {
        this.label = label;
        this.baseUrl = baseUrl;
        sdk = WorkOS.builder().apiKey(apiKey).apiBaseUrl(baseUrl).build();
        users = sdk.getUserManagement();
    }

    /** The version that the installed SDK gives for itself. */
    String version() {
        return sdk.version;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public String apiKey() {
        return sdk.apiKey;
    }

    @Override
    public Client at(String address) {
        return new Generation7(label, address, sdk.apiKey);
    }

    @Override
    public Client withKey(String apiKey) {
        return new Generation7(label, baseUrl, apiKey);
    }

    @Override
    public String address() {
        return "ada-" + SERIAL.incrementAndGet() + "@" + label.replaceAll("[ .]", "-") + ".example.com";
    }

    @Override
    public Set<String> userFields() {
        return Set.of(
                "objectType", "id", "email", "emailVerified", "firstName", "lastName", "name", "profilePictureUrl",
                "lastSignInAt", "locale", "externalId", "metadata", "createdAt", "updatedAt");
    }

    @Override
    public Set<String> resetFields() {
        return Set.of(
                "objectType", "id", "userId", "email", "passwordResetToken", "passwordResetUrl", "expiresAt",
                "createdAt");
    }

    @Override
    public Set<String> resetDataFields() {
        return Set.of("objectType", "id", "userId", "email", "expiresAt", "createdAt");
    }

    @Override
    public Instant moment(Object timestamp) {
        expect(timestamp instanceof OffsetDateTime, timestamp + " is an OffsetDateTime");
        OffsetDateTime moment = (OffsetDateTime) timestamp;
        equal(moment.getOffset(), ZoneOffset.UTC, "offset of a timestamp");
        equal(moment.getNano() % 1_000_000, 0, "nanoseconds of a timestamp");
        return moment.toInstant();
    }

    @Override
    public Shown createUser(NewUser user) {
        Shown created = Shown.of(users.create(
                password(user.password()), user.email(), user.firstName(), user.lastName(), null, null,
                user.metadata(), user.externalId()));
        equal(created.get("radarAuthAttemptId"), null, "radarAuthAttemptId");
        return created.without("radarAuthAttemptId");
    }

    @Override
    public Shown getUser(String id) {
        return Shown.of(users.get(id));
    }

    @Override
    public Shown getUserByExternalId(String externalId) {
        return Shown.of(users.getByExternalId(externalId));
    }

    @Override
    public Page<Shown> listUsers(Query query) {
        PaginationOrder order = query.oldestFirst() ? PaginationOrder.Asc : null;
        var page = users.list(query.before(), query.after(), query.limit(), order, null, null, query.email());
        equal(page.hasNextPage(), page.listMetadata.after != null, "hasNextPage");
        List<Shown> shown = page.data.stream().map(Shown::of).toList();
        return new Page<>(shown, page.listMetadata.before, page.listMetadata.after);
    }

    @Override
    public List<Shown> walkUsers(int limit) {
        var all = users.list(null, null, limit).autoPagingIterable();
        return StreamSupport.stream(all.spliterator(), false).map(Shown::of).toList();
    }

    @Override
    public Shown rename(String id, String firstName) {
        return Shown.of(users.update(id, null, null, firstName));
    }

    @Override
    public Shown changePassword(String id, String password) {
        return Shown.of(users.update(id, password(password)));
    }

    @Override
    public void deleteUser(String id) {
        users.delete(id);
    }

    @Override
    public Shown createReset(String email) {
        return Shown.of(users.resetPassword(email));
    }

    @Override
    public Shown getReset(String id) {
        return Shown.of(users.getPasswordReset(id));
    }

    @Override
    public Shown confirm(String token, String newPassword) {
        return userOf(users.confirmPasswordReset(token, newPassword));
    }

    @Override
    public Shown confirm(String token, String newPassword, String idempotencyKey) {
        RequestOptions options = RequestOptions.builder().idempotencyKey(idempotencyKey).build();
        return userOf(users.confirmPasswordReset(token, newPassword, options));
    }

    private static Shown userOf(VerifyEmailResponse answer) {
        equal(Shown.of(answer).fields().keySet(), Set.of("user"), "fields of the answer");
        return Shown.of(answer.getUser());
    }

    @Override
    public Page<Event> listEvents(List<String> kinds, String after, int limit) {
        // The SDK's own method reads no event of these kinds; what it is built from does, with the SDK's models.
        var page = sdk.baseClient.requestPage(
                eventsRequest(kinds, after, limit), new TypeReference<WorkOSEvent>() {},
                cursor -> eventsRequest(kinds, cursor, limit));
        List<Event> events = new ArrayList<>();
        for (var event : page.data) {
            Shown shown = Shown.of(event);
            equal(shown.get("objectType"), "event", "object of an event");
            Instant createdAt = moment(event.getCreatedAt());
            events.add(new Event(event.getId(), event.getEvent(), createdAt, Shown.of(shown.get("data"))));
        }
        return new Page<>(events, page.listMetadata.before, page.listMetadata.after);
    }

    private static RequestConfig eventsRequest(List<String> kinds, String after, int limit) {
        List<Pair<String, String>> parameters = new ArrayList<>();
        parameters.add(new Pair<>("events", String.join(",", kinds)));
        parameters.add(new Pair<>("limit", String.valueOf(limit)));
        if (after != null) {
            parameters.add(new Pair<>("after", after));
        }
        return new RequestConfig("GET", "/events", parameters);
    }

    @Override
    public List<String> listEventsByItself(List<String> kinds, String after, int limit) {
        return sdk.getEvents().list(kinds, null, after, limit).data.stream().map(EventSchema::getId).toList();
    }

    @Override
    public Seen seen(RuntimeException error, int status) {
        equal(error.getClass(), EXCEPTIONS.get(status), "class of the exception");
        WorkOSException told = (WorkOSException) error;
        String path = error instanceof NotFoundException missing ? missing.path : null;
        expect(status != 404 || path.startsWith(baseUrl), "a 404 names the address that was called");
        List<Map<String, Object>> errors =
                told.errors == null ? null : told.errors.stream().map(Generation7::entry).toList();
        List<String> texts = Stream.of(told.toString(), told.code, told.rawBody, path, String.valueOf(told.errors))
                .filter(Objects::nonNull)
                .toList();
        return new Seen(told.status, told.code, told.getMessage(), errors, told.requestId, Json.object(told.rawBody),
                texts);
    }

    private static Map<String, Object> entry(ApiError error) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("code", error.code);
        entry.put("field", error.field);
        entry.put("message", error.message);
        return entry;
    }

    @Override
    public String described(Throwable error) {
        String name = error.getClass().getSimpleName();
        return error instanceof WorkOSException told ? name + " " + told.status + " " + told.code : name;
    }

    private static CreateUserPassword password(String password) {
        return password == null ? null : new CreateUserPassword.Plaintext(password);
    }
}
