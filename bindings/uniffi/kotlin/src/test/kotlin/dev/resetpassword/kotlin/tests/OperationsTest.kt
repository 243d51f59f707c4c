package dev.resetpassword.kotlin.tests

import dev.resetpassword.kotlin.CreateUser
import dev.resetpassword.kotlin.JsonValue
import dev.resetpassword.kotlin.ListUsers
import dev.resetpassword.kotlin.PasswordCheck
import dev.resetpassword.kotlin.Purged
import dev.resetpassword.kotlin.ResetPasswordException
import dev.resetpassword.kotlin.UpdateUser
import dev.resetpassword.kotlin.UserList
import dev.resetpassword.kotlin.errors
import java.time.Duration
import java.time.Instant
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking

class OperationsTest {

    @Test
    fun aUserIsWhatWasGiven() = runBlocking<Unit> {
        val users = inMemory()
        val before = Instant.now().minusMillis(1)
        val made = users.createUser(
            CreateUser(
                email = "Ada@Example.com", password = PASSWORD, emailVerified = true, firstName = "Ada",
                lastName = "Lovelace", name = "Ada Lovelace", externalId = "crm-7",
                metadata = mapOf("plan" to "gold"), locale = "en-GB",
            ),
        )
        assertTrue(made.id.startsWith("user_"), made.id)
        assertEquals("Ada@Example.com", made.email)
        assertTrue(made.emailVerified)
        assertEquals(listOf("Ada", "Lovelace", "Ada Lovelace"), listOf(made.firstName, made.lastName, made.name))
        assertNull(made.profilePictureUrl)
        assertNull(made.lastSignInAt)
        assertEquals("crm-7", made.externalId)
        assertEquals(mapOf("plan" to "gold"), made.metadata)
        assertEquals("en-GB", made.locale)
        assertTrue(made.createdAt.isAfter(before) && !made.createdAt.isAfter(Instant.now()))
        assertEquals(made.createdAt, made.updatedAt)
        assertNotNull(made.credentialsChangedAt)

        assertEquals(made, users.getUser(made.id))
        assertEquals(made, users.getUserByEmail("ada@example.com"))
        assertEquals(made, users.getUserByExternalId("crm-7"))
    }

    @Test
    fun anUpdateChangesWhatItNamesAndClearsWhatIsEmpty() = runBlocking<Unit> {
        val users = inMemory()
        val made = users.createUser(
            CreateUser(email = "ada@example.com", name = "Ada", metadata = mapOf("plan" to "gold")),
        )
        val changed = users.updateUser(made.id, UpdateUser(email = "a.l@example.org", name = ""))
        assertEquals("a.l@example.org", changed.email)
        assertNull(changed.name)
        assertEquals(mapOf("plan" to "gold"), changed.metadata)
        assertEquals(emptyMap(), users.updateUser(made.id, UpdateUser(metadata = emptyMap())).metadata)
        assertTrue(users.updateUser(made.id, UpdateUser(emailVerified = true)).emailVerified)
        users.deleteUser(made.id)
        assertFailsWith<ResetPasswordException.UserNotFound> { users.getUser(made.id) }
    }

    @Test
    fun usersAreListedPageByPage() = runBlocking<Unit> {
        val users = inMemory()
        for (name in listOf("a", "b", "c")) {
            users.createUser(CreateUser(email = "$name@example.com"))
        }
        assertEquals(listOf("c@example.com", "b@example.com", "a@example.com"), emails(users.listUsers()))
        val first = users.listUsers(ListUsers(limit = 2, order = "asc"))
        assertEquals(listOf("a@example.com", "b@example.com"), emails(first))
        val second = users.listUsers(ListUsers(limit = 2, order = "asc", after = first.listMetadata.after))
        assertEquals(listOf("c@example.com"), emails(second))
        assertNull(second.listMetadata.after)
        assertEquals(first, users.listUsers(ListUsers(limit = 2, order = "asc", before = second.data[0].id)))
        assertEquals(listOf("b@example.com"), emails(users.listUsers(ListUsers(email = "b@example.com"))))
    }

    private fun emails(list: UserList) = list.data.map { it.email }

    @Test
    fun aResetSetsThePasswordOnceAndVerifiesTheAddress() = runBlocking<Unit> {
        val users = inMemory()
        ada(users)
        val reset = users.createPasswordReset("ada@example.com")
        assertEquals("ada@example.com", reset.email)
        assertTrue(reset.passwordResetUrl.endsWith("?token=" + reset.passwordResetToken))
        assertEquals(Duration.ofMinutes(30), Duration.between(reset.createdAt, reset.expiresAt))
        assertEquals(reset, users.getPasswordReset(reset.id))

        val refused = assertFailsWith<ResetPasswordException.PasswordRejected> {
            users.resetPassword(reset.passwordResetToken, "short")
        }
        assertEquals(15, refused.errors[0].minimumLength)
        val user = users.resetPassword(token = reset.passwordResetToken, newPassword = OTHER_PASSWORD)
        assertTrue(user.emailVerified)
        assertFailsWith<ResetPasswordException.PasswordResetTokenNotFound> {
            users.resetPassword(reset.passwordResetToken, OTHER_PASSWORD)
        }
        assertFailsWith<ResetPasswordException.InvalidCredentials> {
            users.authenticateWithPassword("ada@example.com", PASSWORD)
        }
        assertNotNull(users.authenticateWithPassword("ada@example.com", OTHER_PASSWORD).lastSignInAt)
    }

    @Test
    fun aRequestAnswersAResetOrNothing() = runBlocking<Unit> {
        val users = inMemory()
        ada(users)
        assertNull(users.requestPasswordReset("nobody@example.com"))
        assertNotNull(users.requestPasswordReset("ada@example.com"))
        assertNull(users.requestPasswordReset("ada@example.com"))
        assertEquals(1L, users.revokePasswordResets())
        assertEquals(0L, users.revokePasswordResets(users.getUserByEmail("ada@example.com").id))
    }

    @Test
    fun aPasswordIsChecked() = runBlocking<Unit> {
        val users = inMemory()
        val ada = users.createUser(CreateUser(email = "ada@example.com", name = "Ada of the Seven Seas"))
        assertEquals(PasswordCheck(true, emptyList()), users.checkPassword(PASSWORD))
        assertTrue(users.checkPassword("ada of the seven seas").acceptable)
        val refused = users.checkPassword("ada of the seven seas", userId = ada.id)
        assertFalse(refused.acceptable)
        assertEquals("password_too_similar", refused.errors[0].code)
        assertNull(refused.errors[0].minimumLength)
    }

    @Test
    fun whatHappenedIsTold() = runBlocking<Unit> {
        val users = inMemory()
        val ada = users.createUser(CreateUser(email = "ada@example.com", metadata = mapOf("camelKey" to "é")))
        val reset = users.createPasswordReset("ada@example.com")
        val all = users.events()
        assertEquals(listOf("user.created", "password_reset.created"), all.data.map { it.event })
        val data = all.data[0].data
        assertEquals(JsonValue.Text(ada.id), data["id"])
        assertEquals(JsonValue.Bool(false), data["email_verified"])
        assertEquals(JsonValue.Null, data["first_name"])
        assertEquals(JsonValue.Object(mapOf("camelKey" to JsonValue.Text("é"))), data["metadata"])
        assertIs<JsonValue.Text>(data["created_at"])
        assertEquals("null {\"camelKey\":\"é\"}", "${data["first_name"]} ${data["metadata"]}")
        assertFalse(reset.passwordResetToken in all.toString())

        val first = users.events(limit = 1)
        assertEquals(listOf(all.data[0]), first.data)
        assertEquals(listOf(all.data[1]), users.events(after = first.listMetadata.after).data)
        assertEquals(Purged(0, 0, 0), users.purge())
        assertFailsWith<ResetPasswordException.InputInvalid> { users.purge(limit = -1) }
    }
}
