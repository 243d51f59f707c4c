package sdktests;

import java.util.Map;

/** A user to be created; null is what is not given. */
record NewUser(
        String email,
        String password,
        String firstName,
        String lastName,
        String externalId,
        Map<String, String> metadata) {

    static NewUser at(String email) {
        return new NewUser(email, null, null, null, null, null);
    }

    NewUser withPassword(String value) {
        return new NewUser(email, value, firstName, lastName, externalId, metadata);
    }

    NewUser named(String first, String last) {
        return new NewUser(email, password, first, last, externalId, metadata);
    }

    NewUser known(String id, Map<String, String> more) {
        return new NewUser(email, password, firstName, lastName, id, more);
    }

    @Override
    public String toString() {
        return "NewUser[" + email + "]";
    }
}
