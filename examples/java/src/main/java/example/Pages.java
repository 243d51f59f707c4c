package example;

/** The pages. */
final class Pages {
    static final String FORGOT_PASSWORD = """
            <form method="post" action="/forgot-password">
            <label>E-mail <input name="email" type="email" autocomplete="email" required></label>
            <button>Send a link</button></form>
            """;

    private Pages() {}

    static String page(String title, String content) {
        return """
                <!doctype html><html lang="en"><meta charset="utf-8"><title>%s</title><h1>%s</h1>
                %s</html>
                """.formatted(escaped(title), escaped(title), content);
    }

    static String resetPassword(String token) {
        return """
                <form method="post" action="/reset-password">
                <input name="token" type="hidden" value="%s">
                <label>New password <input name="new_password" type="password" autocomplete="new-password" required></label>
                <button>Change it</button></form>
                """.formatted(escaped(token));
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
