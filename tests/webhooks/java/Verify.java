import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.workos.WorkOS;
import com.workos.common.http.PatchField;
import com.workos.models.WebhookEndpoint;
import com.workos.types.CreateWebhookEndpointEvents;
import com.workos.types.WebhookEndpointStatus;
import com.workos.webhooks.Webhook;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SignatureException;
import java.util.List;

/** Verifies what was sent with com.workos:workos, and calls what it has for endpoints: {@code Verify VERSION DELIVERIES}. */
final class Verify {
    private static boolean failed;

    private Verify() {}

    public static void main(String[] arguments) throws Exception {
        String label = "workos " + arguments[0] + " (Java) ";
        JsonNode deliveries = new ObjectMapper().readTree(Files.readString(Path.of(arguments[1])));
        if (deliveries.isEmpty()) {
            throw new IllegalStateException("nothing to verify");
        }
        for (JsonNode delivery : deliveries) {
            tell(label + "verifies: " + delivery.get("name").asText(), () -> check(delivery));
        }
        tell(label + "makes, lists, changes and removes an endpoint", Verify::manage);
        // The SDK keeps threads for its connections, which would hold up the end.
        System.exit(failed ? 1 : 0);
    }

    private interface Proof {
        void run() throws Exception;
    }

    private static void tell(String name, Proof proof) {
        try {
            proof.run();
            System.out.println("ok     " + name);
        } catch (Exception error) {
            failed = true;
            System.out.println("FAILED " + name + "\n       " + error);
        }
    }

    private static void check(JsonNode delivery) throws Exception {
        Webhook webhook = new Webhook();
        String body = delivery.get("body").asText();
        String signature = delivery.get("headers").get("workos-signature").asText();
        String secret = delivery.get("vendor_secret").asText();
        JsonNode event = webhook.constructEvent(body, signature, secret);
        expect(event.get("id").asText().equals(delivery.get("headers").get("webhook-id").asText()), "the id");
        refused("a changed byte", () -> webhook.constructEvent(body + " ", signature, secret));
        refused("another secret", () -> webhook.constructEvent(body, signature, secret + "x"));
        String stale = delivery.get("stale_signature").asText();
        refused("ten minutes old", () -> webhook.constructEvent(body, stale, secret));
    }

    private static void manage() {
        String url = System.getenv("WEBHOOKS_BASE_URL");
        WorkOS client = new WorkOS(System.getenv("WEBHOOKS_API_KEY"), null, url);
        WebhookEndpoint made = client.getWebhooks()
                .createEndpoint("https://example.com/hooks", List.of(CreateWebhookEndpointEvents.UserCreated));
        expect(made.getSecret().startsWith("whsec_"), "a secret");
        expect(isListed(client, made), "it is listed");
        WebhookEndpoint changed = client.getWebhooks()
                .updateEndpoint(
                        made.getId(),
                        new PatchField.Present<>("https://example.com/other"),
                        new PatchField.Present<>(WebhookEndpointStatus.Disabled));
        expect(changed.getStatus() == WebhookEndpointStatus.Disabled, "it is disabled");
        expect(changed.getEndpointUrl().equals("https://example.com/other"), "it is elsewhere");
        client.getWebhooks().deleteEndpoint(made.getId());
        expect(!isListed(client, made), "it is gone");
    }

    private static boolean isListed(WorkOS client, WebhookEndpoint endpoint) {
        return client.getWebhooks().listEndpoints().data.stream()
                .anyMatch(listed -> listed.getId().equals(endpoint.getId()));
    }

    private static void refused(String what, Proof proof) throws Exception {
        try {
            proof.run();
        } catch (SignatureException | SecurityException error) {
            return;
        }
        throw new AssertionException("it believes " + what);
    }

    private static void expect(boolean condition, String what) {
        if (!condition) {
            throw new AssertionException("not so: " + what);
        }
    }

    private static final class AssertionException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AssertionException(String message) {
            super(message);
        }
    }
}
