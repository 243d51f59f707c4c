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
        assertTrue(openFiles(directory) > 0)
        users.closeConnections()
        assertEquals(0, openFiles(directory))
    }

    /** How many of this process's open files are in a directory. */
    private fun openFiles(directory: Path): Int =
        Path.of("/proc/self/fd").useDirectoryEntries { entries ->
            entries.count { entry ->
                try {
                    Files.readSymbolicLink(entry).startsWith(directory.toRealPath())
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

    /** Native threads of the engine in this process. */
    private fun threads(): Int =
        Path.of("/proc/self/task").useDirectoryEntries { tasks ->
            tasks.count { task ->
                try {
                    Files.readString(task.resolve("comm")).startsWith("reset-password")
                } catch (ended: java.io.IOException) {
                    false
                }
            }
        }

    @Test
    fun whatNobodyHoldsIsFreed() = runBlocking<Unit> {
        var held: List<UserManagement>? = List(20) { inMemory() }
        assertEquals(20, held?.size)
        val most = threads()
        assertTrue(most >= 20, "threads: $most")
        held = null
        val deadline = System.nanoTime() + 30_000_000_000L
        while (threads() > most - 20 && System.nanoTime() < deadline) {
            System.gc()
            delay(5)
        }
        assertTrue(threads() <= most - 20, "threads: ${threads()} of $most")
        assertEquals(null, held)
    }
}
