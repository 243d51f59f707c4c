package dev.resetpassword.kotlin.tests

import dev.resetpassword.kotlin.ResetPasswordException
import dev.resetpassword.kotlin.UserManagement
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import kotlin.io.path.useDirectoryEntries
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.io.TempDir

/** From open to the collector. */
class LifetimeTest {

    @Test
    fun connectionsThatWereClosedAreOpenedAgain(@TempDir directory: Path) = runBlocking<Unit> {
        for (users in listOf(file(directory), inMemory())) {
            ada(users)
            users.closeConnections()
            users.closeConnections()
            assertEquals("ada@example.com", users.getUserByEmail("ada@example.com").email)
        }
    }

    @Test
    fun noConnectionIsLeftAfterClosing(@TempDir directory: Path) = runBlocking<Unit> {
        val users = file(directory)
        ada(users)
        assertTrue(openLogs(directory) > 0)
        users.closeConnections()
        assertEquals(0, openLogs(directory))
    }

    /**
     * How many write-ahead logs in a directory this process has open: one for each connection. Descriptors of the
     * database itself are kept for the next connection.
     */
    private fun openLogs(directory: Path): Int =
        Path.of("/proc/self/fd").useDirectoryEntries { entries ->
            entries.count { entry ->
                try {
                    val file = Files.readSymbolicLink(entry)
                    file.startsWith(directory.toRealPath()) && file.toString().endsWith("-wal")
                } catch (closed: NoSuchFileException) {
                    false
                }
            }
        }

    @Test
    fun aHandleThatIsFreedIsNotUsed() = runBlocking<Unit> {
        val users = inMemory()
        users.use { ada(it) }
        users.close()
        val refused = assertFailsWith<IllegalStateException> { users.getUser("user_x") }
        assertEquals("UserManagement object has already been destroyed", refused.message)
        assertFailsWith<IllegalStateException> { users.closeConnections() }
    }

    @Test
    fun whatIsUnderWayWhenAHandleIsFreedGoesOn() = runBlocking<Unit> {
        val users = inMemory(COSTLY)
        val ada = async(start = CoroutineStart.UNDISPATCHED) { ada(users) }
        users.close()
        assertEquals("ada@example.com", ada.await().email)
    }

    @Test
    fun twoHandlesOnOneFileSeeTheSame(@TempDir directory: Path) = runBlocking<Unit> {
        val first = file(directory)
        val second = file(directory)
        val ada = ada(first)
        assertEquals(ada, second.getUser(ada.id))
        first.closeConnections()
        second.deleteUser(ada.id)
        assertFailsWith<ResetPasswordException.UserNotFound> { first.getUser(ada.id) }
    }

    @Test
    fun whatNobodyHoldsIsFreed(@TempDir directory: Path) = runBlocking<Unit> {
        var held: List<UserManagement>? = List(20) { file(directory) }
        held?.forEach { it.listUsers() }
        assertTrue(openLogs(directory) >= 20)
        held = null
        val deadline = System.nanoTime() + 30_000_000_000L
        while (openLogs(directory) > 0 && System.nanoTime() < deadline) {
            System.gc()
            delay(5)
        }
        assertEquals(0, openLogs(directory))
        assertEquals(null, held)
    }
}
