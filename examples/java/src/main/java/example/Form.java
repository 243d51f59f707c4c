package example;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The fields of a form or of a query. */
record Form(Map<String, String> fields) {
    private static final int MOST_OCTETS = 16_384;

    static Form query(HttpExchange exchange) {
        return parsed(exchange.getRequestURI().getRawQuery());
    }

    /** Only a form of this site may change anything: browsers say where a post comes from. */
    static Form posted(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        String site = headers.getFirst("Sec-Fetch-Site");
        String origin = headers.getFirst("Origin");
        boolean ours = site != null
                ? site.equals("same-origin") || site.equals("none")
                : origin == null || origin.equals("http://" + headers.getFirst("Host"));
        if (!ours) {
            throw new Refused(403, "This form was sent from another site");
        }
        byte[] body = exchange.getRequestBody().readNBytes(MOST_OCTETS + 1);
        if (body.length > MOST_OCTETS) {
            throw new Refused(413, "That is too long");
        }
        return parsed(new String(body, StandardCharsets.ISO_8859_1));
    }

    String required(String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new Refused(400, "The field " + name + " is missing");
        }
        return value;
    }

    private static Form parsed(String text) {
        Map<String, String> fields = new HashMap<>();
        if (text != null) {
            for (String field : text.split("&")) {
                String[] parts = field.split("=", 2);
                fields.putIfAbsent(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
            }
        }
        return new Form(fields);
    }

    /** Text that is not UTF-8 is refused: a password must not be changed into another one. */
    private static String decoded(String text) {
        try {
            byte[] octets = URLDecoder.decode(text, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        } catch (CharacterCodingException | IllegalArgumentException damaged) {
            throw new Refused(400, "The form is damaged");
        }
    }
}
