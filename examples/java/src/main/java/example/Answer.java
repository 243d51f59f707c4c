package example;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What a request is answered with. */
record Answer(int status, String type, String body, Integer retryAfter) {

    static Answer page(int status, String title, String content) {
        return new Answer(status, "text/html; charset=utf-8", Pages.page(title, content), null);
    }

    static Answer busy(Integer retryAfter) {
        String page = Pages.page("Please try again in a moment", "");
        return new Answer(503, "text/html; charset=utf-8", page, retryAfter == null ? 1 : retryAfter);
    }

    static Answer tooOften(String title, Integer retryAfter) {
        return new Answer(429, "text/html; charset=utf-8", Pages.page(title, ""), retryAfter);
    }

    /** No page is kept, and no link to another site tells it the token in the address. */
    void send(HttpExchange exchange) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type);
        headers.set("Cache-Control", "no-store");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        if (retryAfter != null) {
            headers.set("Retry-After", retryAfter.toString());
        }
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, octets.length);
        exchange.getResponseBody().write(octets);
    }
}
