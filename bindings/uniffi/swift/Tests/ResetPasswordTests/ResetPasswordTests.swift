import Foundation
import ResetPassword
import XCTest

final class ResetPasswordTests: XCTestCase {
    private let password = "a long walk by the sea"
    private let otherPassword = "seven green boats at dusk"

    /// The cheapest hashes that are allowed.
    private func inMemory() async throws -> UserManagement {
        try await UserManagement.open(
            databaseUrl: ":memory:", options: Options(argon2MemoryKib: 19_456, argon2Iterations: 2))
    }

    private func ada(_ users: UserManagement) async throws -> User {
        try await users.createUser(user: CreateUser(email: "ada@example.com", password: password))
    }

    /// The error of a call that fails.
    private func error(of call: () async throws -> Void) async -> ResetPasswordError? {
        do {
            try await call()
            return nil
        } catch {
            return error as? ResetPasswordError
        }
    }

    func testATokenSetsThePasswordOnce() async throws {
        let users = try await inMemory()
        let ada = try await self.ada(users)
        let reset = try await users.createPasswordReset(email: "ada@example.com")
        XCTAssertTrue(reset.passwordResetUrl.hasSuffix("?token=" + reset.passwordResetToken))
        XCTAssertEqual(reset.expiresAt.timeIntervalSince(reset.createdAt), 1_800, accuracy: 0.001)

        let user = try await users.resetPassword(token: reset.passwordResetToken, newPassword: otherPassword)
        XCTAssertEqual(user.id, ada.id)
        XCTAssertTrue(user.emailVerified)
        let late = await error { _ = try await users.resetPassword(token: reset.passwordResetToken, newPassword: password) }
        XCTAssertEqual(late?.code, "password_reset_token_not_found")
        let login = try await users.authenticateWithPassword(email: "ada@example.com", password: otherPassword)
        XCTAssertNotNil(login.lastSignInAt)
    }

    func testArgumentsThatAreLeftOutHaveDefaults() async throws {
        let users = try await inMemory()
        let ada = try await self.ada(users)
        let page = try await users.listUsers()
        XCTAssertEqual(page.data, [ada])
        let feed = try await users.events()
        XCTAssertEqual(feed.data.map(\.event), ["user.created"])
        XCTAssertEqual(feed.data[0].data["id"], .text(value: ada.id))
        let revoked = try await users.revokePasswordResets()
        XCTAssertEqual(revoked, 0)
        let purged = try await users.purge()
        XCTAssertEqual(purged, Purged(passwordResets: 0, events: 0, requests: 0))
        let verdict = try await users.checkPassword(password: "short", userId: ada.id)
        XCTAssertEqual(verdict.errors[0].minimumLength, 15)
        let changed = try await users.updateUser(id: ada.id, change: UpdateUser(metadata: ["é": "🚢"]))
        XCTAssertEqual(changed.metadata, ["é": "🚢"])
        let nothing = try await users.requestPasswordReset(email: "nobody@example.com")
        XCTAssertNil(nothing)
    }

    func testAnErrorHasWhatTheEngineSays() async throws {
        let users = try await inMemory()
        let notFound = await error { _ = try await users.getUser(id: "user_x") }
        guard case .UserNotFound? = notFound else {
            return XCTFail("\(String(describing: notFound))")
        }
        XCTAssertEqual(notFound?.localizedDescription, "there is no such user")
        XCTAssertEqual(notFound?.retryable, false)
        XCTAssertNil(notFound?.retryAfter)
        let invalid = await error { _ = try await users.createPasswordReset(email: "no address") }
        XCTAssertEqual(invalid?.errors.map(\.code), ["email_invalid"])
    }

    func testNoSecretIsInAnyText() async throws {
        let users = try await inMemory()
        _ = try await self.ada(users)
        let reset = try await users.createPasswordReset(email: "ada@example.com")
        let values: [Any] = [
            reset, CreateUser(email: "x@example.com", password: password), UpdateUser(password: password),
            Options(key: password),
        ]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped, "\([value])"] {
                XCTAssertFalse(text.contains(reset.passwordResetToken), text)
                XCTAssertFalse(text.contains(password), text)
            }
        }
        XCTAssertTrue("\(reset)".contains("[redacted]"))
    }

    func testOneOfManyTasksWinsAToken() async throws {
        let users = try await inMemory()
        _ = try await self.ada(users)
        let token = try await users.createPasswordReset(email: "ada@example.com").passwordResetToken
        let newPassword = otherPassword
        let won = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    (try? await users.resetPassword(token: token, newPassword: newPassword)) != nil
                }
            }
            return await group.reduce(0) { count, won in count + (won ? 1 : 0) }
        }
        XCTAssertEqual(won, 1)
    }

    func testATaskThatIsCancelledAlreadyBeginsNothing() async throws {
        let users = try await inMemory()
        _ = try await self.ada(users)
        let token = try await users.createPasswordReset(email: "ada@example.com").passwordResetToken
        let newPassword = otherPassword
        let resetting = Task {
            withUnsafeCurrentTask { task in task?.cancel() }
            _ = try await users.resetPassword(token: token, newPassword: newPassword)
        }
        do {
            try await resetting.value
            XCTFail("it was not refused")
        } catch {
            XCTAssertTrue(error is CancellationError, "\(error)")
        }
        _ = try await users.resetPassword(token: token, newPassword: newPassword)
    }

    func testConnectionsThatWereClosedAreOpenedAgain() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let users = try await UserManagement.open(databaseUrl: folder.appendingPathComponent("users.db").path)
        let made = try await users.createUser(user: CreateUser(email: "ada@example.com"))
        try await users.closeConnections()
        let found = try await users.getUserByEmail(email: "ada@example.com")
        XCTAssertEqual(found, made)
    }
}
