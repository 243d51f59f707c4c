// What the reference's examples in Kotlin leave to the reader.
package examples

import dev.resetpassword.kotlin.*
import java.time.Instant
import kotlinx.coroutines.runBlocking

fun show(text: String) = println("show")
fun enqueue(recipient: String, link: String) = println("enqueue")
fun sendMail(recipient: String, kind: String, link: String?) = println("send_mail")
fun endSessionsBefore(userId: String, moment: Instant?) = println("end_sessions_before")

fun main(arguments: Array<String>) = runBlocking {
    val options = Options(messages = true, argon2MemoryKib = 19_456, argon2Iterations = 2)
    val userManagement = UserManagement.open(":memory:", options)
    var id = ""
    if (arguments.size > 1) {
        val known = CreateUser(email = "ada@example.com", password = "a long walk by the sea", externalId = "crm-1815")
        id = userManagement.createUser(known).id
    }
    var token = ""
    if (arguments.size > 2) {
        val made = userManagement.createPasswordReset("ada@example.com")
        token = made.passwordResetToken
        if (arguments[0] == "get_password_reset") id = made.id
    }
    when (arguments[0]) {
        "messages", "message_sent", "message_failed" -> userManagement.requestPasswordReset("ada@example.com")
        "report_change" -> userManagement.updateUser(id, UpdateUser(password = "seven green boats at dusk"))
    }
    if (arguments[0] in listOf("message_sent", "message_failed", "report_change")) {
        val message = userManagement.messages().data.first()
        id = message.id
        token = message.reportToken.orEmpty()
    }
    when (arguments[0]) {
        "open" -> open(userManagement, id, token)
        "close" -> close(userManagement, id, token)
        "create_user" -> create_user(userManagement, id, token)
        "get_user" -> get_user(userManagement, id, token)
        "get_user_by_email" -> get_user_by_email(userManagement, id, token)
        "get_user_by_external_id" -> get_user_by_external_id(userManagement, id, token)
        "list_users" -> list_users(userManagement, id, token)
        "update_user" -> update_user(userManagement, id, token)
        "delete_user" -> delete_user(userManagement, id, token)
        "authenticate_with_password" -> authenticate_with_password(userManagement, id, token)
        "create_password_reset" -> create_password_reset(userManagement, id, token)
        "request_password_reset" -> request_password_reset(userManagement, id, token)
        "get_password_reset" -> get_password_reset(userManagement, id, token)
        "check_password_reset_token" -> check_password_reset_token(userManagement, id, token)
        "reset_password" -> reset_password(userManagement, id, token)
        "revoke_password_resets" -> revoke_password_resets(userManagement, id, token)
        "check_password" -> check_password(userManagement, id, token)
        "events" -> events(userManagement, id, token)
        "messages" -> messages(userManagement, id, token)
        "message_sent" -> message_sent(userManagement, id, token)
        "message_failed" -> message_failed(userManagement, id, token)
        "report_change" -> report_change(userManagement, id, token)
        "unlock_user" -> unlock_user(userManagement, id, token)
        "purge" -> purge(userManagement, id, token)
    }
}
