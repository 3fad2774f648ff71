import dev.nightsafe.sdk.Issue;
import dev.nightsafe.sdk.Nightsafe;
import dev.nightsafe.sdk.Outcome;
import dev.nightsafe.sdk.Task;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Summarizes a text, and proves that it had the secret while doing so: examples/summarize in Java.
 *
 * <p>There is no model behind it, so that it runs anywhere: the summary is the text's most telling sentences. But the
 * secret is really used: the summary is signed with OPENAI_API_KEY (HMAC-SHA256). Who has the key can check that; nobody
 * else learns anything of it.
 */
public class Main {
    private static final Pattern WORD = Pattern.compile("\\w{4,}", Pattern.UNICODE_CHARACTER_CLASS);

    /** The payload. */
    record Text(String text, Optional<Integer> sentences) {
        Text {
            if (text.isBlank()) {
                throw new IllegalArgumentException("text has nothing to summarize");
            }
            if (sentences.isPresent() && (sentences.get() < 1 || sentences.get() > 20)) {
                throw new IllegalArgumentException("sentences must be from 1 to 20");
            }
        }
    }

    /** The result. */
    record Summary(String summary, Map<String, Integer> sentences, String signature) {}

    public static void main(String[] arguments) {
        Nightsafe.tasks()
                .load(Main::key)
                .handle("summarize", Text.class, Main::summarize)
                .run();
    }

    /** The secret; a program without it doesn't get ready. */
    private static Mac key() throws GeneralSecurityException {
        String key = System.getenv("OPENAI_API_KEY");
        if (key == null) {
            throw new IllegalStateException("OPENAI_API_KEY is missing; does the queue list its vault?");
        }
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return mac;
    }

    private static Summary summarize(Text payload, Task task, Mac key) {
        List<String> sentences =
                List.of(payload.text().strip().replaceAll("\\s+", " ").split("(?<=[.!?])\\s+"));
        task.step("read", Outcome.PASSED, sentences.size() + " sentences");
        task.progress("read " + sentences.size() + " sentences");
        List<String> chosen = mostTelling(sentences, payload.sentences().orElse(2));
        String summary = String.join(" ", chosen);
        if (chosen.size() == sentences.size()) {
            task.step("choose", Outcome.SKIPPED);
            task.issue(Issue.of(4, "there was nothing to leave out")
                    .expected("more than " + chosen.size() + " sentences")
                    .actual(sentences.size() + " sentences")
                    .nextStep("give a longer text"));
        } else {
            task.step("choose", Outcome.PASSED);
        }
        task.progress("signing the summary");
        String signature = HexFormat.of().formatHex(key.doFinal(summary.getBytes(StandardCharsets.UTF_8)));
        task.step("sign", Outcome.PASSED);
        task.entry("characters left out", payload.text().length() - summary.length());
        task.summary("Kept " + chosen.size() + " of " + sentences.size() + " sentences.");
        return new Summary(summary, Map.of("read", sentences.size(), "kept", chosen.size()), signature);
    }

    /** The sentences whose words the text uses most, in the text's order. */
    private static List<String> mostTelling(List<String> sentences, int count) {
        List<List<String>> words = sentences.stream().map(Main::words).toList();
        Map<String, Long> weight = words.stream()
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        // Divided by the length, else the longest sentence always wins; + 3, else the shortest does.
        double[] telling = words.stream()
                .mapToDouble(each ->
                        Set.copyOf(each).stream().mapToLong(weight::get).sum() / (each.size() + 3.0))
                .toArray();
        return IntStream.range(0, sentences.size())
                .boxed()
                .sorted(Comparator.comparingDouble(index -> -telling[index]))
                .limit(count)
                .sorted()
                .map(sentences::get)
                .toList();
    }

    private static List<String> words(String sentence) {
        return WORD.matcher(sentence.toLowerCase(Locale.ROOT)).results().map(MatchResult::group).toList();
    }
}
