package dev.resetpassword.kotlin.tests

import dev.resetpassword.kotlin.CreateUser
import dev.resetpassword.kotlin.Options
import dev.resetpassword.kotlin.User
import dev.resetpassword.kotlin.UserManagement
import java.nio.file.Path

internal const val PASSWORD = "a long walk by the sea"
internal const val OTHER_PASSWORD = "seven green boats at dusk"
internal val UNKNOWN_TOKEN = "A".repeat(43)

/** The cheapest hashes that are allowed. */
internal val CHEAP = Options(argon2MemoryKib = 19_456, argon2Iterations = 2)

/** Hashes of about a second, for what must happen meanwhile. */
internal val COSTLY = Options(argon2MemoryKib = 65_536, argon2Iterations = 12)

internal suspend fun inMemory(options: Options = CHEAP): UserManagement = UserManagement.open(":memory:", options)

internal suspend fun file(directory: Path, options: Options = CHEAP): UserManagement =
    UserManagement.open(directory.resolve("users.db").toString(), options)

internal suspend fun ada(users: UserManagement): User =
    users.createUser(CreateUser(email = "ada@example.com", password = PASSWORD))
