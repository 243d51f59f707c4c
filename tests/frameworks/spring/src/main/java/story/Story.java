package story;

import dev.resetpassword.ErrorCode;
import dev.resetpassword.Event;
import dev.resetpassword.PasswordReset;
import dev.resetpassword.ResetPasswordException;
import dev.resetpassword.UserManagement;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.JdbcUserDetailsManager;

/** A reset in Spring Security's own table: Story sqlite|postgres|mysql, on the database at STORY_URL. */
final class Story {
    private static final String OLD = "a long walk by the sea";
    private static final String NEW = "seven green boats at dusk";
    private static final String ELSEWHERE = "nine red kites over the hill";

    private final JdbcUserDetailsManager manager;
    private final PasswordEncoder passwords;
    private final JdbcTemplate rows;
    private final UserManagement users;
    private final String site;

    private Story(ConfigurableApplicationContext application) {
        manager = application.getBean(JdbcUserDetailsManager.class);
        passwords = application.getBean(PasswordEncoder.class);
        rows = application.getBean(JdbcTemplate.class);
        users = application.getBean(UserManagement.class);
        site = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port");
    }

    public static void main(String[] arguments) throws Exception {
        Database database = new Database(arguments[0], System.getenv("STORY_URL"));
        SpringApplication boot = new SpringApplication(Application.class);
        boot.setBannerMode(Banner.Mode.OFF);
        database.make();
        try (ConfigurableApplicationContext application = boot.run(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--logging.level.root=WARN",
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.user(),
                "--spring.datasource.password=" + database.password(),
                "--spring.session.jdbc.initialize-schema=always",
                "--RESET_PASSWORD_DATABASE=" + database.address(),
                "--RESET_PASSWORD_KEY=" + "0123456789abcdef".repeat(4))) {
            Story story = new Story(application);
            story.play();
            story.pages();
        } finally {
            database.drop();
        }
    }

    private void play() throws Exception {
        signUp("Anna@Example.org");
        signUp("bob@example.org");
        Browser session = loggedIn("Anna@Example.org", false);
        Browser remembered = loggedIn("Anna@Example.org", true);
        Browser bobs = loggedIn("bob@example.org", false);
        Browser bobRemembered = loggedIn("bob@example.org", true);
        remembered.reopen();
        check("they are logged in", session.isAlive() && remembered.isAlive() && bobs.isAlive());
        remembered.reopen();
        bobRemembered.reopen();

        check("found", users.getUserByEmail("Anna@Example.org").id().equals("Anna@Example.org"));
        // As the database compares them, for Spring too.
        if (manager.userExists("anna@example.ORG")) {
            check("found", users.getUserByEmail("anna@example.ORG").id().equals("Anna@Example.org"));
        } else {
            refused(ErrorCode.USER_NOT_FOUND, () -> users.getUserByEmail("anna@example.ORG"));
        }
        check("nobody", users.requestPasswordReset("nobody@example.org") == null);
        PasswordReset reset = users.requestPasswordReset("Anna@Example.org");
        check("the stored address", reset.email().equals("Anna@Example.org"));
        String token = reset.passwordResetToken();
        refused(ErrorCode.PASSWORD_REJECTED, () -> users.resetPassword(token, "short"));
        refused(ErrorCode.PASSWORD_REJECTED, () -> users.resetPassword(token, "ä".repeat(37)));
        users.resetPassword(token, NEW);
        refused(ErrorCode.PASSWORD_RESET_TOKEN_NOT_FOUND, () -> users.resetPassword(token, NEW));

        String written = passwordOf("Anna@Example.org");
        check("the form: " + written, written.startsWith("{bcrypt}$2a$12$"));
        check("sessions ended", !session.isAlive() && bobs.isAlive());
        check("remember-me cookies ended", !remembered.isAlive() && bobRemembered.isAlive());
        int orphans = rows.queryForObject(
                "SELECT COUNT(*) FROM SPRING_SESSION_ATTRIBUTES WHERE SESSION_PRIMARY_ID NOT IN (SELECT PRIMARY_ID FROM SPRING_SESSION)",
                Integer.class);
        check("what sessions held is gone", orphans == 0);
        check("the new password alone", logsIn("Anna@Example.org", NEW) && !logsIn("Anna@Example.org", OLD));
        check("the hash stays", passwordOf("Anna@Example.org").equals(written) && !passwords.upgradeEncoding(written));
        check("our login", users.authenticateWithPassword("Anna@Example.org", NEW).id().equals("Anna@Example.org"));
        List<String> events = users.events().data().stream().map(Event::event).toList();
        check("events: " + events, events.equals(List.of("password_reset.created", "password_reset.succeeded")));

        // What Spring does between the link and its redemption.
        diesOf(user -> manager.updateUser(changed(user).password(passwords.encode(ELSEWHERE)).build()));
        check("Spring's own change holds", logsIn("bob@example.org", ELSEWHERE));
        diesOf(user -> manager.updateUser(changed(user).disabled(true).build()));
        refused(ErrorCode.USER_NOT_FOUND, () -> users.createPasswordReset("bob@example.org"));
        manager.updateUser(changed("bob@example.org").disabled(false).build());
        diesOf(manager::deleteUser);
        refused(ErrorCode.USER_NOT_FOUND, () -> users.createPasswordReset("bob@example.org"));
        refused(ErrorCode.USER_NOT_FOUND, () -> users.getUserByEmail("Änna@Example.org"));
        refused(ErrorCode.UNSUPPORTED, () -> users.deleteUser("Anna@Example.org"));
    }

    /** The guide's own controller: a form, a mail, a page. */
    private void pages() throws Exception {
        signUp("dora@example.org");
        Browser browser = new Browser(site);
        var unknown = browser.post("/login", "/forgot", Map.of("email", "nobody@example.org"));
        var known = browser.post("/login", "/forgot", Map.of("email", "dora@example.org"));
        check("one answer", known.statusCode() == 200 && known.body().equals(unknown.body()));
        check("no address", browser.post("/login", "/forgot", Map.of("email", "x")).statusCode() == 422);
        while (Application.MAILS.isEmpty()) {
            Thread.sleep(10);
        }
        check("one mail", Application.MAILS.size() == 1 && Application.MAILS.get(0).getTo()[0].equals("dora@example.org"));
        Matcher link = Pattern.compile("https://example\\.com(/reset\\?token=\\S{43})\n").matcher(Application.MAILS.get(0).getText());
        check("a link", link.find());
        for (int times = 0; times < 2; times++) {
            var first = browser.get(link.group(1));
            check("the token leaves the address", first.headers().firstValue("Location").orElse("").endsWith("/reset"));
            var page = browser.get("/reset");
            check("the form", page.body().contains("new-password"));
            check("no referrer", page.headers().allValues("Referrer-Policy").equals(List.of("no-referrer")));
        }
        var rejected = browser.post("/reset", "/reset", Map.of("password", "short"));
        check("reasons", rejected.statusCode() == 422 && rejected.body().contains("characters"));
        check("done", browser.post("/reset", "/reset", Map.of("password", NEW)).statusCode() == 302);
        check("the login", logsIn("dora@example.org", NEW) && !logsIn("dora@example.org", OLD));
        browser.get(link.group(1));
        check("dead", browser.get("/reset").body().contains("does not work"));
        check("dead too", browser.post("/login", "/reset", Map.of("password", ELSEWHERE)).statusCode() == 404);
    }

    private void signUp(String email) {
        manager.createUser(User.withUsername(email).password(passwords.encode(OLD)).roles("USER").build());
    }

    private User.UserBuilder changed(String email) {
        UserDetails user = manager.loadUserByUsername(email);
        return User.withUserDetails(user);
    }

    private Browser loggedIn(String email, boolean remember) throws Exception {
        Browser browser = new Browser(site);
        check(email + " logs in", browser.logIn(email, OLD, remember));
        return browser;
    }

    private boolean logsIn(String email, String password) throws Exception {
        return new Browser(site).logIn(email, password, false);
    }

    private String passwordOf(String email) {
        return rows.queryForObject("SELECT password FROM users WHERE username = ?", String.class, email);
    }

    private interface Change {
        void of(String email);
    }

    /** Bob's link dies of that change. */
    private void diesOf(Change change) {
        String token = users.createPasswordReset("bob@example.org").passwordResetToken();
        change.of("bob@example.org");
        refused(ErrorCode.PASSWORD_RESET_TOKEN_NOT_FOUND, () -> users.resetPassword(token, NEW));
    }

    private static void refused(ErrorCode code, Runnable call) {
        try {
            call.run();
        } catch (ResetPasswordException error) {
            check(error.getCode() + " is " + code, error.getCode() == code);
            return;
        }
        throw new IllegalStateException("it was not refused with " + code);
    }

    private static void check(String what, boolean isSo) {
        if (!isSo) {
            throw new IllegalStateException("not so: " + what);
        }
    }
}
