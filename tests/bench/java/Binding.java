import dev.resetpassword.CreateUser;
import dev.resetpassword.Options;
import dev.resetpassword.PasswordResetTokenNotFoundException;
import dev.resetpassword.UserManagement;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;

/** The package for Java. Arguments: memory in KiB, iterations, folder for the database. */
final class Binding {
    private static final String EMAIL = "bench-1@example.com";

    private final UserManagement users;

    private Binding(UserManagement users) {
        this.users = users;
    }

    private String createReset() {
        return users.createPasswordReset(EMAIL).passwordResetToken();
    }

    private Map<String, Object> reset(String password) throws Exception {
        var created = Protocol.timed(this::createReset);
        var done = Protocol.timed(() -> users.resetPassword(created.result(), password));
        return Map.of("ns", done.ns(), "create_ns", created.ns());
    }

    /** Well-formed tokens that nobody was given. */
    private Map<String, Object> refuse(int count) throws Exception {
        List<String> tokens = IntStream.range(0, count).mapToObj(n -> "%042dA".formatted(n)).toList();
        return Map.of("ns", Protocol.timed(() -> refuseEach(tokens)).ns());
    }

    private Void refuseEach(List<String> tokens) {
        for (String token : tokens) {
            try {
                users.resetPassword(token, "never looked at, not one bit");
            } catch (PasswordResetTokenNotFoundException refused) {
                continue;
            }
            throw new IllegalStateException("a token that nobody was given was accepted");
        }
        return null;
    }

    /** The measured calls do what they are measured for: new password in, link dead. */
    private void check(String password) {
        String token = createReset();
        users.resetPassword(token, password);
        users.authenticateWithPassword(EMAIL, password);
        refuseEach(List.of(token));
    }

    /** As Maven wrote it into the jar. */
    private static String version() throws Exception {
        var properties = new Properties();
        try (var file = UserManagement.class.getResourceAsStream(
                "/META-INF/maven/dev.resetpassword/reset-password/pom.properties")) {
            properties.load(file);
        }
        return properties.getProperty("version");
    }

    public static void main(String[] arguments) throws Exception {
        Path database = Path.of(arguments[2], "java.db");
        var options = Options.builder()
                .argon2MemoryKib(Long.parseLong(arguments[0]))
                .argon2Iterations(Long.parseLong(arguments[1]))
                .build();
        try (var users = UserManagement.open(database.toString(), options)) {
            users.createUser(CreateUser.builder(EMAIL).build());
            var binding = new Binding(users);
            var versions = new LinkedHashMap<String, Object>();
            versions.put("reset-password", version());
            versions.put("Java", Runtime.version());
            versions.put("database", "a file with WAL and synchronous=FULL");
            Protocol.serve(
                    versions,
                    Map.of(
                            "reset", request -> binding.reset(request.get("password")),
                            "refuse", request -> binding.refuse(Integer.parseInt(request.get("count"))),
                            "check", request -> {
                                binding.check(request.get("password"));
                                return Map.of("database", database);
                            }));
        }
    }
}
