package driver;

import dev.resetpassword.CreateUser;
import dev.resetpassword.ListUsers;
import dev.resetpassword.Options;
import dev.resetpassword.UpdateUser;
import dev.resetpassword.UserManagement;

/** The operations, as an application calls them. What a request leaves out is left out here. */
final class Operations {
    private Operations() {}

    static UserManagement open(Arguments given) {
        Options.Builder options = Options.builder()
                .previousKeys(given.texts("previous_keys"))
                .sealTokens(given.flag("seal_tokens"))
                .serviceNames(given.texts("service_names"))
                .migrate(given.flag("migrate"));
        given.text("key", options::key);
        given.text("key_file", options::keyFile);
        given.text("reset_url", options::resetUrl);
        given.number("token_lifetime", options::tokenLifetime);
        given.number("password_min_length", options::passwordMinLength);
        given.number("argon2_memory_kib", options::argon2MemoryKib);
        given.number("argon2_iterations", options::argon2Iterations);
        given.number("memory_budget_kib", options::memoryBudgetKib);
        return UserManagement.open(given.text("database_url"), options.build());
    }

    static Object call(UserManagement users, String call, Arguments given) {
        return Results.canonical(switch (call) {
            case "authenticate_with_password" ->
                    users.authenticateWithPassword(given.text("email"), given.text("password"));
            case "check_password" -> given.has("user_id")
                    ? users.checkPassword(given.text("password"), given.text("user_id"))
                    : users.checkPassword(given.text("password"));
            case "close" -> nothing(users::close);
            case "create_password_reset" -> users.createPasswordReset(given.text("email"));
            case "create_user" -> users.createUser(newUser(given));
            case "delete_user" -> nothing(() -> users.deleteUser(given.text("id")));
            case "events" -> events(users, given);
            case "get_password_reset" -> users.getPasswordReset(given.text("id"));
            case "get_user" -> users.getUser(given.text("id"));
            case "get_user_by_email" -> users.getUserByEmail(given.text("email"));
            case "get_user_by_external_id" -> users.getUserByExternalId(given.text("external_id"));
            case "list_users" -> given.given().isEmpty() ? users.listUsers() : users.listUsers(list(given));
            case "purge" -> given.has("limit") ? users.purge(given.number("limit")) : users.purge();
            case "request_password_reset" -> users.requestPasswordReset(given.text("email"));
            case "reset_password" -> users.resetPassword(given.text("token"), given.text("new_password"));
            case "revoke_password_resets" -> given.has("user_id")
                    ? users.revokePasswordResets(given.text("user_id"))
                    : users.revokePasswordResets();
            case "update_user" -> users.updateUser(given.text("id"), change(given));
            default -> throw new IllegalArgumentException("no such call: " + call);
        });
    }

    private static Object nothing(Runnable work) {
        work.run();
        return null;
    }

    private static Object events(UserManagement users, Arguments given) {
        if (given.has("limit")) {
            return users.events(given.text("after"), given.number("limit"));
        }
        return given.has("after") ? users.events(given.text("after")) : users.events();
    }

    private static CreateUser newUser(Arguments given) {
        return CreateUser.builder(given.text("email"))
                .password(given.text("password"))
                .passwordHash(given.text("password_hash"))
                .emailVerified(given.flag("email_verified"))
                .firstName(given.text("first_name"))
                .lastName(given.text("last_name"))
                .name(given.text("name"))
                .externalId(given.text("external_id"))
                .metadata(given.pairs("metadata"))
                .locale(given.text("locale"))
                .build();
    }

    private static UpdateUser change(Arguments given) {
        return UpdateUser.builder()
                .email(given.text("email"))
                .password(given.text("password"))
                .passwordHash(given.text("password_hash"))
                .emailVerified(given.flag("email_verified"))
                .firstName(given.text("first_name"))
                .lastName(given.text("last_name"))
                .name(given.text("name"))
                .externalId(given.text("external_id"))
                .metadata(given.pairs("metadata"))
                .locale(given.text("locale"))
                .build();
    }

    private static ListUsers list(Arguments given) {
        ListUsers.Builder list = ListUsers.builder()
                .email(given.text("email"))
                .before(given.text("before"))
                .after(given.text("after"))
                .order(given.text("order"));
        given.number("limit", list::limit);
        return list.build();
    }
}
