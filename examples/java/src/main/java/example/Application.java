package example;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.resetpassword.CreateUser;
import dev.resetpassword.Detail;
import dev.resetpassword.Options;
import dev.resetpassword.PasswordRejectedException;
import dev.resetpassword.PasswordReset;
import dev.resetpassword.ResetPasswordException;
import dev.resetpassword.UserManagement;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** Sign-up, log-in and password reset, on the JDK's own HTTP server. */
public final class Application {
    private static final Map<String, String> SETTINGS = System.getenv();

    private final UserManagement users;
    private final Outbox outbox = new Outbox(SETTINGS.getOrDefault("OUTBOX", "outbox.jsonl"));

    private Application(UserManagement users) {
        this.users = users;
    }

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(SETTINGS.getOrDefault("PORT", "8000"));
        Options.Builder options = Options.builder().resetUrl(
                SETTINGS.getOrDefault("RESET_URL", "http://127.0.0.1:" + port + "/reset-password"));
        if (SETTINGS.containsKey("ARGON2_MEMORY_KIB")) {
            options.argon2MemoryKib(Long.parseLong(SETTINGS.get("ARGON2_MEMORY_KIB")));
        }
        UserManagement users =
                UserManagement.open(SETTINGS.getOrDefault("DATABASE", "users.db"), options.build());
        Application application = new Application(users);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        server.setExecutor(threads);
        server.createContext("/", application::handle);
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop(1);
            threads.shutdown();
            application.outbox.close();
            users.close();
        }));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = answer(exchange);
            } catch (Refused refused) {
                answer = refused.answer();
            } catch (ResetPasswordException error) {
                answer = answer(error);
            } catch (RuntimeException bug) {
                bug.printStackTrace();
                answer = Answer.page(500, "Something went wrong", "");
            }
            answer.send(exchange);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        String route = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        return switch (route) {
            case "GET /healthz" -> new Answer(200, "text/plain", "ok", null);
            case "GET /forgot-password" -> Answer.page(200, "Forgot your password?", Pages.FORGOT_PASSWORD);
            case "GET /reset-password" -> resetForm(200, Form.query(exchange).required("token"), List.of());
            case "POST /sign-up" -> signUp(Form.posted(exchange));
            case "POST /log-in" -> logIn(Form.posted(exchange));
            case "POST /forgot-password" -> forgotPassword(Form.posted(exchange));
            case "POST /reset-password" -> resetPassword(Form.posted(exchange));
            default -> Answer.page(404, "There is no such page", "");
        };
    }

    private Answer signUp(Form form) {
        users.createUser(
                CreateUser.builder(form.required("email")).password(form.required("password")).build());
        return Answer.page(201, "Welcome", "");
    }

    private Answer logIn(Form form) {
        users.authenticateWithPassword(form.required("email"), form.required("password"));
        return Answer.page(200, "Welcome", "");
    }

    /** The answer is the same whether or not there is such a user, and does not wait for the mail. */
    private Answer forgotPassword(Form form) {
        PasswordReset reset = users.requestPasswordReset(form.required("email"));
        if (reset != null) {
            outbox.add(reset.email(), reset.passwordResetUrl());
        }
        return Answer.page(200, "Look into your mailbox", "<p>If we know the address, a link is on its way.</p>");
    }

    /** A refused password leaves the token usable, so the form comes again. */
    private Answer resetPassword(Form form) {
        String token = form.required("token");
        try {
            users.resetPassword(token, form.required("new_password"));
        } catch (PasswordRejectedException rejected) {
            return resetForm(400, token, rejected.getErrors());
        }
        return Answer.page(200, "Your password has been changed", "");
    }

    private static Answer resetForm(int status, String token, List<Detail> reasons) {
        return Answer.page(status, "Choose a new password", reasons(reasons) + Pages.resetPassword(token));
    }

    private static Answer answer(ResetPasswordException error) {
        return switch (error.getCode()) {
            case INPUT_INVALID, PASSWORD_REJECTED -> Answer.page(400, "Please mend this", reasons(error.getErrors()));
            case EMAIL_NOT_AVAILABLE -> Answer.page(400, "Please mend this", reason(error.getMessage()));
            case INVALID_CREDENTIALS -> Answer.page(401, "The address or the password is wrong", "");
            case PASSWORD_RESET_TOKEN_NOT_FOUND, PASSWORD_RESET_TOKEN_EXPIRED ->
                    Answer.page(400, "This link cannot be used any more", "");
            case RATE_LIMITED -> Answer.tooOften(error.getMessage(), error.getRetryAfter());
            case OVERLOADED, STORAGE_UNAVAILABLE -> Answer.busy(error.getRetryAfter());
            default -> {
                System.err.println(error);
                yield Answer.page(500, "Something went wrong", "");
            }
        };
    }

    private static String reasons(List<Detail> reasons) {
        return reasons.stream().map(reason -> reason(reason.message())).collect(Collectors.joining());
    }

    private static String reason(String message) {
        return "<li>" + Pages.escaped(message) + "</li>";
    }
}
