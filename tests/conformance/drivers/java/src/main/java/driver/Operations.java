// Generated from bindings/api by scripts/update; changes here are lost.
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
        Options.Builder builder = Options.builder()
                .key(given.text("key"))
                .previousKeys(given.texts("previous_keys"))
                .resetUrl(given.text("reset_url"))
                .sealTokens(given.flag("seal_tokens"))
                .serviceNames(given.texts("service_names"))
                .pepper(given.text("pepper"))
                .argon2Portable(given.flag("argon2_portable"))
                .messages(given.flag("messages"))
                .migrate(given.flag("migrate"));
        given.text("key_file", builder::keyFile);
        given.number("token_lifetime", builder::tokenLifetime);
        given.number("first_password_lifetime", builder::firstPasswordLifetime);
        given.number("password_min_length", builder::passwordMinLength);
        given.text("pepper_file", builder::pepperFile);
        given.number("argon2_memory_kib", builder::argon2MemoryKib);
        given.number("argon2_iterations", builder::argon2Iterations);
        given.number("memory_budget_kib", builder::memoryBudgetKib);
        given.number("requests_per_minute", builder::requestsPerMinute);
        given.text("users", builder::users);
        return UserManagement.open(given.text("database_url"), builder.build());
    }

    static Object call(UserManagement users, String call, Arguments given) {
        return Results.canonical(switch (call) {
            case "close" -> nothing(users::close);
            case "create_user" -> users.createUser(newUser(given));
            case "get_user" -> users.getUser(given.text("id"));
            case "get_user_by_email" -> users.getUserByEmail(given.text("email"));
            case "get_user_by_external_id" -> users.getUserByExternalId(given.text("external_id"));
            case "list_users" -> given.given().isEmpty() ? users.listUsers() : users.listUsers(list(given));
            case "update_user" -> users.updateUser(given.text("id"), change(given));
            case "delete_user" -> nothing(() -> users.deleteUser(given.text("id")));
            case "authenticate_with_password" ->
                    users.authenticateWithPassword(given.text("email"), given.text("password"));
            case "create_password_reset" -> users.createPasswordReset(given.text("email"));
            case "request_password_reset" -> users.requestPasswordReset(given.text("email"));
            case "get_password_reset" -> users.getPasswordReset(given.text("id"));
            case "check_password_reset_token" -> users.checkPasswordResetToken(given.text("token"));
            case "reset_password" -> users.resetPassword(given.text("token"), given.text("new_password"));
            case "revoke_password_resets" -> given.has("user_id")
                    ? users.revokePasswordResets(given.text("user_id"))
                    : users.revokePasswordResets();
            case "check_password" -> given.has("user_id")
                    ? users.checkPassword(given.text("password"), given.text("user_id"))
                    : users.checkPassword(given.text("password"));
            case "events" -> given.has("limit")
                    ? users.events(given.text("after"), given.number("limit"))
                    : given.has("after")
                    ? users.events(given.text("after"))
                    : users.events();
            case "messages" -> given.has("limit")
                    ? users.messages(given.number("limit"))
                    : users.messages();
            case "message_sent" -> nothing(() -> users.messageSent(given.text("id")));
            case "message_failed" -> nothing(() -> users.messageFailed(given.text("id")));
            case "report_change" -> users.reportChange(given.text("token"), given.text("email"));
            case "unlock_user" -> nothing(() -> users.unlockUser(given.text("id")));
            case "purge" -> given.has("limit")
                    ? users.purge(given.number("limit"))
                    : users.purge();
            default -> throw new IllegalArgumentException("no such call: " + call);
        });
    }

    private static Object nothing(Runnable work) {
        work.run();
        return null;
    }

    private static CreateUser newUser(Arguments given) {
        CreateUser.Builder builder = CreateUser.builder(given.text("email"))
                .password(given.text("password"))
                .passwordHash(given.text("password_hash"))
                .emailVerified(given.flag("email_verified"))
                .firstName(given.text("first_name"))
                .lastName(given.text("last_name"))
                .name(given.text("name"))
                .externalId(given.text("external_id"))
                .metadata(given.pairs("metadata"))
                .locale(given.text("locale"))
                .createdAt(given.text("created_at"));
        return builder.build();
    }

    private static ListUsers list(Arguments given) {
        ListUsers.Builder builder = ListUsers.builder()
                .email(given.text("email"))
                .before(given.text("before"))
                .after(given.text("after"))
                .order(given.text("order"));
        given.number("limit", builder::limit);
        return builder.build();
    }

    private static UpdateUser change(Arguments given) {
        UpdateUser.Builder builder = UpdateUser.builder()
                .email(given.text("email"))
                .password(given.text("password"))
                .passwordHash(given.text("password_hash"))
                .emailVerified(given.flag("email_verified"))
                .firstName(given.text("first_name"))
                .lastName(given.text("last_name"))
                .name(given.text("name"))
                .externalId(given.text("external_id"))
                .metadata(given.pairs("metadata"))
                .locale(given.text("locale"));
        return builder.build();
    }
}
