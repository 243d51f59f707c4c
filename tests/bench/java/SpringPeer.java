import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.sqlite.SQLiteJDBCLoader;

/**
 * What an application on Spring Security writes for itself, since Spring brings no reset: its Argon2
 * encoder and a table of tokens by JDBC, one transaction to create and one to redeem.
 * Arguments: memory in KiB, iterations, folder for the database.
 *
 * <p>Left out, to its advantage: the request, the container, the ORM, any policy for passwords, and
 * the mail.
 */
final class SpringPeer {
    private static final String EMAIL = "bench-1@example.com";
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final SecureRandom random = new SecureRandom();
    private final PasswordEncoder encoder;
    private final Connection connection;
    private final PreparedStatement findUser;
    private final PreparedStatement removeTokens;
    private final PreparedStatement addToken;
    private final PreparedStatement findToken;
    private final PreparedStatement spendToken;
    private final PreparedStatement setPassword;

    SpringPeer(int memoryKib, int iterations, Path database) throws SQLException {
        encoder = new Argon2PasswordEncoder(16, 32, 1, memoryKib, iterations);
        String url = "jdbc:sqlite:" + database + "?journal_mode=WAL&synchronous=FULL";
        connection = DriverManager.getConnection(url);
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(
                    "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, password TEXT)");
            statement.executeUpdate(
                    "CREATE TABLE password_reset_token (digest TEXT PRIMARY KEY, user_id INTEGER NOT NULL"
                            + " REFERENCES users (id), expires_at INTEGER NOT NULL)");
            statement.executeUpdate("CREATE INDEX tokens_of_user ON password_reset_token (user_id)");
            statement.executeUpdate("INSERT INTO users (email) VALUES ('" + EMAIL + "')");
        }
        connection.setAutoCommit(false);
        findUser = connection.prepareStatement("SELECT id, password FROM users WHERE email = ?");
        removeTokens = connection.prepareStatement("DELETE FROM password_reset_token WHERE user_id = ?");
        addToken = connection.prepareStatement("INSERT INTO password_reset_token VALUES (?, ?, ?)");
        findToken = connection.prepareStatement(
                "SELECT user_id FROM password_reset_token WHERE digest = ? AND expires_at > ?");
        spendToken = connection.prepareStatement("DELETE FROM password_reset_token WHERE digest = ?");
        setPassword = connection.prepareStatement("UPDATE users SET password = ? WHERE id = ?");
    }

    private String createReset() throws Exception {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        findUser.setString(1, EMAIL);
        long user;
        try (var found = findUser.executeQuery()) {
            user = found.getLong("id");
        }
        removeTokens.setLong(1, user);
        removeTokens.executeUpdate();
        addToken.setString(1, digest(token));
        addToken.setLong(2, user);
        addToken.setLong(3, Instant.now().plus(LIFETIME).toEpochMilli());
        addToken.executeUpdate();
        connection.commit();
        return token;
    }

    /** Whether the token was good. */
    private boolean resetPassword(String token, String password) throws Exception {
        String digest = digest(token);
        findToken.setString(1, digest);
        findToken.setLong(2, Instant.now().toEpochMilli());
        long user;
        try (var found = findToken.executeQuery()) {
            if (!found.next()) {
                connection.rollback();
                return false;
            }
            user = found.getLong("user_id");
        }
        // Nothing is held while hashing.
        connection.rollback();
        String hash = encoder.encode(password);
        spendToken.setString(1, digest);
        if (spendToken.executeUpdate() != 1) {
            connection.rollback();
            return false;
        }
        setPassword.setString(1, hash);
        setPassword.setLong(2, user);
        setPassword.executeUpdate();
        connection.commit();
        return true;
    }

    private static String digest(String token) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes("US-ASCII"));
        return HexFormat.of().formatHex(digest);
    }

    private Map<String, Object> reset(String password) throws Exception {
        var created = Protocol.timed(this::createReset);
        var done = Protocol.timed(() -> resetPassword(created.result(), password));
        if (!done.result()) {
            throw new IllegalStateException("the token was refused");
        }
        return Map.of("ns", done.ns(), "create_ns", created.ns());
    }

    /** The measured calls do what they are measured for: new password in, link dead. */
    private Map<String, Object> check(String password, Path database) throws Exception {
        String token = createReset();
        resetPassword(token, password);
        findUser.setString(1, EMAIL);
        try (var found = findUser.executeQuery()) {
            if (!encoder.matches(password, found.getString("password"))) {
                throw new IllegalStateException("the new password does not log in");
            }
        }
        connection.rollback();
        if (resetPassword(token, password)) {
            throw new IllegalStateException("the token was accepted twice");
        }
        return Map.of("database", database);
    }

    public static void main(String[] arguments) throws Exception {
        Path database = Path.of(arguments[2], "spring.db");
        var peer = new SpringPeer(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), database);
        var versions = new LinkedHashMap<String, Object>();
        versions.put("Spring Security", Argon2PasswordEncoder.class.getPackage().getImplementationVersion());
        versions.put("BouncyCastle", new BouncyCastleProvider().getVersionStr());
        versions.put("sqlite-jdbc", SQLiteJDBCLoader.getVersion());
        versions.put("Java", Runtime.version());
        versions.put("hash", "Argon2id of BouncyCastle");
        versions.put("database", "a file with WAL and synchronous=FULL");
        Protocol.serve(
                versions,
                Map.of(
                        "reset", request -> peer.reset(request.get("password")),
                        "check", request -> peer.check(request.get("password"), database)));
    }
}
