// Generated from bindings/api by scripts/update; changes here are lost.
package driver

import dev.resetpassword.kotlin.CreateUser
import dev.resetpassword.kotlin.ListUsers
import dev.resetpassword.kotlin.Options
import dev.resetpassword.kotlin.UpdateUser
import dev.resetpassword.kotlin.UserManagement

/** Opens as an application does. What a request leaves out is `null`, which is each argument's default. */
suspend fun open(given: Arguments): UserManagement =
    UserManagement.open(
        given.text("database_url"),
        Options(
            key = given.textOrNull("key"),
            keyFile = given.textOrNull("key_file"),
            previousKeys = given.texts("previous_keys"),
            resetUrl = given.textOrNull("reset_url"),
            tokenLifetime = given.number("token_lifetime"),
            firstPasswordLifetime = given.number("first_password_lifetime"),
            sealTokens = given.flag("seal_tokens"),
            passwordMinLength = given.number("password_min_length"),
            serviceNames = given.texts("service_names"),
            pepper = given.textOrNull("pepper"),
            pepperFile = given.textOrNull("pepper_file"),
            argon2MemoryKib = given.number("argon2_memory_kib"),
            argon2Iterations = given.number("argon2_iterations"),
            argon2Portable = given.flag("argon2_portable"),
            memoryBudgetKib = given.number("memory_budget_kib"),
            requestsPerMinute = given.number("requests_per_minute"),
            users = given.textOrNull("users"),
            messages = given.flag("messages"),
            migrate = given.flag("migrate"),
        ),
    )

/** Does one operation. One that answers nothing answers `Unit`. */
suspend fun UserManagement.call(call: String, given: Arguments): Any? =
    when (call) {
        "close" -> closeConnections()
        "create_user" -> createUser(newUser(given))
        "get_user" -> getUser(given.text("id"))
        "get_user_by_email" -> getUserByEmail(given.text("email"))
        "get_user_by_external_id" -> getUserByExternalId(given.text("external_id"))
        "list_users" -> listUsers(list(given))
        "update_user" -> updateUser(given.text("id"), change(given))
        "delete_user" -> deleteUser(given.text("id"))
        "authenticate_with_password" -> authenticateWithPassword(given.text("email"), given.text("password"))
        "create_password_reset" -> createPasswordReset(given.text("email"))
        "request_password_reset" -> requestPasswordReset(given.text("email"))
        "get_password_reset" -> getPasswordReset(given.text("id"))
        "check_password_reset_token" -> checkPasswordResetToken(given.text("token"))
        "reset_password" -> resetPassword(given.text("token"), given.text("new_password"))
        "revoke_password_resets" -> revokePasswordResets(given.textOrNull("user_id"))
        "check_password" -> checkPassword(given.text("password"), given.textOrNull("user_id"))
        "events" -> events(given.textOrNull("after"), given.number("limit"))
        "messages" -> messages(given.number("limit"))
        "message_sent" -> messageSent(given.text("id"))
        "message_failed" -> messageFailed(given.text("id"))
        "report_change" -> reportChange(given.text("token"), given.text("email"))
        "unlock_user" -> unlockUser(given.text("id"))
        "purge" -> purge(given.number("limit"))
        else -> throw IllegalArgumentException("no such call: $call")
    }

private fun newUser(given: Arguments) =
    CreateUser(
        email = given.text("email"),
        password = given.textOrNull("password"),
        passwordHash = given.textOrNull("password_hash"),
        emailVerified = given.flag("email_verified"),
        firstName = given.textOrNull("first_name"),
        lastName = given.textOrNull("last_name"),
        name = given.textOrNull("name"),
        externalId = given.textOrNull("external_id"),
        metadata = given.pairs("metadata"),
        locale = given.textOrNull("locale"),
        createdAt = given.textOrNull("created_at"),
    )

private fun list(given: Arguments) =
    ListUsers(
        email = given.textOrNull("email"),
        limit = given.number("limit"),
        before = given.textOrNull("before"),
        after = given.textOrNull("after"),
        order = given.textOrNull("order"),
    )

private fun change(given: Arguments) =
    UpdateUser(
        email = given.textOrNull("email"),
        password = given.textOrNull("password"),
        passwordHash = given.textOrNull("password_hash"),
        emailVerified = given.flag("email_verified"),
        firstName = given.textOrNull("first_name"),
        lastName = given.textOrNull("last_name"),
        name = given.textOrNull("name"),
        externalId = given.textOrNull("external_id"),
        metadata = given.pairs("metadata"),
        locale = given.textOrNull("locale"),
    )
