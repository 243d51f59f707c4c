package sdktests;

import static sdktests.Expect.equal;
import static sdktests.Expect.expect;
import static sdktests.Expect.refused;
import static sdktests.Words.FIRST_PASSWORD;
import static sdktests.Words.SECOND_PASSWORD;
import static sdktests.Words.TOO_SHORT;
import static sdktests.Words.UNKNOWN_USER;
import static sdktests.Words.WEAK_PASSWORD;
import static sdktests.Words.missing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Users: create, get, list, update, delete. */
final class StoryUsers {
    private StoryUsers() {}

    static void aUserIsCreatedReadChangedAndDeleted(Client client, Service service) {
        String address = client.address();
        Shown created =
                client.createUser(NewUser.at(address).withPassword(FIRST_PASSWORD).named("Ada", "Lovelace"));
        equal(created.fields().keySet(), client.userFields(), "fields of a user");
        Map<String, Object> expected = new HashMap<>(Map.of(
                "objectType", "user", "email", address, "emailVerified", false, "firstName", "Ada",
                "lastName", "Lovelace", "metadata", Map.of()));
        for (String name : List.of("name", "profilePictureUrl", "lastSignInAt", "externalId", "locale")) {
            expected.put(name, null);
        }
        equal(created.without("id", "createdAt", "updatedAt").fields(), expected, "the user");
        expect(created.id().matches("user_[0-9A-Z]{26}"), "an id is user_ and a ULID");
        equal(client.getUser(created.id()), created, "the user, read");

        Shown changed = client.rename(created.id(), "Augusta");
        expect(!updated(client, changed).isBefore(updated(client, created)), "updatedAt moves on");
        Object updatedAt = changed.get("updatedAt");
        equal(changed, created.with(Map.of("firstName", "Augusta", "updatedAt", updatedAt)), "the user, changed");
        equal(client.getUser(created.id()), changed, "the changed user, read");
        expect(service.accepts(address, FIRST_PASSWORD), "the password is in force");

        client.deleteUser(created.id());
        refused(client, () -> client.getUser(created.id()), Refusal.nothing(created.id()));
    }

    static void timestampsOfAUserHaveTheTypeOfThisGeneration(Client client, Service service) {
        Shown user = client.createUser(NewUser.at(client.address()));
        equal(client.moment(user.get("createdAt")), updated(client, user), "updatedAt of a new user");
    }

    static void aPasswordIsChangedByAnUpdate(Client client, Service service) {
        String address = client.address();
        Shown user = client.createUser(NewUser.at(address).withPassword(FIRST_PASSWORD));
        client.changePassword(user.id(), SECOND_PASSWORD);
        expect(!service.accepts(address, FIRST_PASSWORD), "the old password is refused");
        expect(service.accepts(address, SECOND_PASSWORD), "the new password is in force");
    }

    static void usersAreListedByAddress(Client client, Service service) {
        String address = client.address();
        Shown user = client.createUser(NewUser.at(address));
        client.createUser(NewUser.at(client.address()));
        Page<Shown> page = client.listUsers(Query.ofEmail(address.toUpperCase()));
        equal(page, new Page<>(List.of(user), null, null), "the only page of the users of an address");
        equal(client.listUsers(Query.ofEmail(client.address())).data(), List.of(), "users of an unknown address");
    }

    static void usersAreListedInPages(Client client, Service service) {
        List<String> ids = newUsers(client, 3);
        String first = ids.get(0);
        String second = ids.get(1);
        String third = ids.get(2);
        Query two = Query.ofLimit(2);

        Page<Shown> page = client.listUsers(two);
        equal(ids(page.data()), List.of(third, second), "the first page, newest first");
        equal(page.before(), null, "cursor of the first page, backwards");
        equal(page.after(), second, "cursor of the first page");
        page = client.listUsers(two.startingAfter(page.after()));
        equal(page.data().get(0).id(), first, "first of the second page");
        equal(page.before(), first, "cursor of the second page, backwards");
        page = client.listUsers(two.startingBefore(page.before()));
        equal(ids(page.data()), List.of(third, second), "the page before the second");
        page = client.listUsers(two.startingAfter(first).fromTheOldest());
        equal(ids(page.data()), List.of(second, third), "a page, oldest first");
        equal(page.after(), null, "cursor of the last page");
    }

    static void theSdkWalksThroughAllPages(Client client, Service service) {
        List<String> newest = newUsers(client, 3);
        Collections.reverse(newest);
        List<String> walked = ids(client.walkUsers(10));
        equal(walked.subList(0, 3), newest, "the newest users");
        equal(new HashSet<>(walked).size(), walked.size(), "number of different users");

        List<String> listed = new ArrayList<>();
        Query query = Query.ofLimit(100);
        Page<Shown> page = client.listUsers(query);
        listed.addAll(ids(page.data()));
        while (page.after() != null) {
            page = client.listUsers(query.startingAfter(page.after()));
            listed.addAll(ids(page.data()));
        }
        equal(walked, listed, "all users");
    }

    static void aUserIsFoundByTheIdOfAnotherSystem(Client client, Service service) {
        String externalId = "crm-" + client.address();
        Map<String, String> metadata = Map.of("plan", "free");
        Shown created = client.createUser(NewUser.at(client.address()).known(externalId, metadata));
        equal(created.get("externalId"), externalId, "the id that was given");
        equal(created.get("metadata"), metadata, "the metadata that were given");
        equal(client.getUserByExternalId(externalId), created, "the user, found");
        String unknown = "crm-" + client.address();
        refused(client, () -> client.getUserByExternalId(unknown), Refusal.nothing(unknown));
    }

    static void anUnknownUserIs404(Client client, Service service) {
        Refusal nobody = Refusal.nothing(UNKNOWN_USER);
        refused(client, () -> client.getUser(UNKNOWN_USER), nobody);
        refused(client, () -> client.rename(UNKNOWN_USER, "Ada"), nobody);
        refused(client, () -> client.deleteUser(UNKNOWN_USER), nobody);
    }

    static void aTakenAddressIs400(Client client, Service service) {
        String address = client.address();
        client.createUser(NewUser.at(address));
        Refusal taken = Refusal.because(400, "user_creation_error", Map.of("code", "email_not_available"));
        refused(client, () -> client.createUser(NewUser.at(address.toUpperCase())), taken);
        // The same request under the same key: a creation is not answered again.
        refused(client, () -> client.createUser(NewUser.at(address)), taken);
    }

    static void aWeakPasswordOfAUserIs400(Client client, Service service) {
        Refusal weak = Refusal.because(400, "password_strength_error", TOO_SHORT);
        NewUser user = NewUser.at(client.address());
        refused(client, () -> client.createUser(user.withPassword(WEAK_PASSWORD)), weak, WEAK_PASSWORD);
        equal(client.listUsers(Query.ofEmail(user.email())).data(), List.of(), "users that the refusal has left");
        String id = client.createUser(user.withPassword(FIRST_PASSWORD)).id();
        refused(client, () -> client.changePassword(id, WEAK_PASSWORD), weak, WEAK_PASSWORD);
        expect(service.accepts(user.email(), FIRST_PASSWORD), "the password is still in force");
    }

    static void anEmptyAddressIs422(Client client, Service service) {
        Refusal empty = Refusal.because(422, "invalid_request_parameters", missing("email"));
        refused(client, () -> client.createUser(NewUser.at("")), empty);
    }

    private static List<String> newUsers(Client client, int number) {
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < number; n++) {
            ids.add(client.createUser(NewUser.at(client.address())).id());
        }
        return ids;
    }

    private static List<String> ids(List<Shown> users) {
        return users.stream().map(Shown::id).toList();
    }

    private static Instant updated(Client client, Shown user) {
        return client.moment(user.get("updatedAt"));
    }
}
