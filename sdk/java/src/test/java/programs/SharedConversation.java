package programs;

import dev.nightsafe.sdk.Nightsafe;
import dev.nightsafe.sdk.RetryableException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code spec/task-conversation.jsonl} talks to. */
final class SharedConversation {
    private SharedConversation() {}

    public static void main(String[] arguments) {
        Nightsafe.tasks()
                .load(SharedConversation::key)
                .handle(Map.class, (payload, task, key) -> answer(payload, key))
                .run();
    }

    private static byte[] key() {
        System.out.println("loading");
        String key = Objects.requireNonNull(System.getenv("OPENAI_API_KEY"), "OPENAI_API_KEY isn't set");
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable Object answer(Map<?, ?> payload, byte[] key) throws Exception {
        System.out.println("working");
        return switch (String.valueOf(payload.get("do"))) {
            case "return" -> payload.get("value");
            case "use the key" ->
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
            case "return a tuple" -> List.of(1, Map.of(2, "two"));
            case "return a set" -> Set.of(1);
            case "fail" -> throw new IllegalStateException(String.valueOf(payload.get("message")));
            case "fail for now" -> throw new RetryableException(String.valueOf(payload.get("message")));
            case "look up" -> throw new NoSuchElementException("missing");
            default -> payload;
        };
    }
}
