package sdktests;

import java.util.List;
import java.util.Map;

/**
 * What an exception of the SDK tells.
 *
 * @param errors what the SDK keeps of each entry, null where it keeps no list
 * @param body the answer's JSON, as the exception holds it
 * @param told every text that the exception holds
 */
record Seen(
        int status,
        String code,
        String message,
        List<Map<String, Object>> errors,
        String requestId,
        Map<String, Object> body,
        List<String> told) {}
