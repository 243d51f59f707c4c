package story;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser, with its cookies. It follows no redirection. */
final class Browser {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern SIGN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    private final Map<String, String> cookies = new HashMap<>();
    private final String site;

    Browser(String site) {
        this.site = site;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(site + path)));
    }

    /** Posts a form, with the sign of having been on a page. */
    HttpResponse<String> post(String page, String path, Map<String, String> fields) throws IOException, InterruptedException {
        Matcher sign = SIGN.matcher(get(page).body());
        Map<String, String> all = new HashMap<>(fields);
        if (sign.find()) {
            all.put("_csrf", sign.group(1));
        }
        String form = all.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(URI.create(site + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    boolean logIn(String email, String password, boolean remember) throws IOException, InterruptedException {
        Map<String, String> fields = new HashMap<>(Map.of("username", email, "password", password));
        if (remember) {
            fields.put("remember-me", "on");
        }
        return post("/login", "/login", fields).headers().firstValue("Location").orElse("").equals(site + "/");
    }

    boolean isAlive() throws IOException, InterruptedException {
        return get("/me").statusCode() == 200;
    }

    /** Is closed and opened again: what is remembered is left, and no session. */
    void reopen() {
        cookies.remove("SESSION");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        String sent = cookies.entrySet().stream().map(Object::toString).collect(Collectors.joining("; "));
        HttpResponse<String> response = HTTP.send(request.header("Cookie", sent).build(), BodyHandlers.ofString());
        for (String cookie : response.headers().allValues("Set-Cookie")) {
            String[] parts = cookie.split(";", 2)[0].split("=", 2);
            cookies.put(parts[0], parts[1]);
        }
        return response;
    }
}
