package driver;

import dev.resetpassword.ResetPasswordException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Failures in canonical form. */
final class Failures {
    private Failures() {}

    static Map<String, Object> of(Throwable failure) {
        if (failure instanceof ResetPasswordException error) {
            return error(
                    error.getCode().value(), error.getMessage(), Results.details(error.getErrors()),
                    error.isRetryable(), error.getRetryAfter(), error);
        } else if (failure instanceof ClassCastException || failure instanceof NullPointerException) {
            return error("input_invalid", "", List.of(), false, null, failure);
        }
        return ofTheDriver(failure);
    }

    static Map<String, Object> ofTheDriver(Throwable failure) {
        return Map.of("error", Map.of("code", "driver_failed", "message", failure.toString()));
    }

    private static Map<String, Object> error(
            String code, String message, List<Object> errors, boolean retryable, Integer retryAfter,
            Throwable failure) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        error.put("errors", errors);
        error.put("retryable", retryable);
        error.put("retry_after", retryAfter);
        error.put("class", failure.getClass().getSimpleName());
        return Map.of("error", error);
    }
}
