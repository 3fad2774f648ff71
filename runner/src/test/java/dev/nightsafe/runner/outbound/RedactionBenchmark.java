package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.secret.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Measures redaction; {@code benchmarks/redaction} runs it. The text is this repository's own files, as they are and as
 * lines of JSON, as a task's results are.
 */
final class RedactionBenchmark {
    private static final int LARGEST_TEXT = 8 << 20;
    private static final int SAMPLES = 40;
    private static final double SECONDS = 1;

    private RedactionBenchmark() {}

    /** @param arguments the repository's folder, and {@code --quick} to only show that it works */
    public static void main(String[] arguments) throws IOException {
        double seconds = Arrays.asList(arguments).contains("--quick") ? 0.1 : SECONDS;
        byte[] text = text(Path.of(arguments[0]));
        byte[] json = json(text);
        System.out.printf("text: %.1f MB of files, %.1f MB as JSON%n", mega(text.length), mega(json.length));
        System.out.println(
                "| values | recall | false masks in text | learn, ms | MB/s text | MB/s JSON | MB/s stream |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- |");
        for (int count : new int[] {1, 20, 200}) {
            List<SecretBytes> values = values(count);
            long start = System.nanoTime();
            try (Redactor redactor = Redactor.of(values)) {
                double learn = (System.nanoTime() - start) / 1e6;
                System.out.printf(
                        "| %d | %s | %d | %.1f | %.0f | %.0f | %.0f |%n",
                        count,
                        recall(redactor, values),
                        redactor.find(text, 0, text.length).count(),
                        learn,
                        rate(seconds, text.length, () -> lines(redactor, text, false)),
                        rate(seconds, json.length, () -> lines(redactor, json, true)),
                        rate(seconds, text.length, () -> stream(redactor, text)));
            }
            values.forEach(SecretBytes::close);
        }
    }

    private static List<SecretBytes> values(int count) {
        Random random = new Random(count);
        return Stream.generate(() -> SecretBytes.takeFrom(SomeValues.text(random)))
                .limit(count)
                .toList();
    }

    /** Of each value in each encoding, several times over. */
    private static String recall(Redactor redactor, List<SecretBytes> values) {
        Random random = new Random(1);
        int found = 0;
        int all = 0;
        for (Encoding encoding : Encoding.values()) {
            for (int i = 0; i < Math.max(SAMPLES, values.size()); i++) {
                byte[] text = values.get(i % values.size()).exposing(value -> encoding.encode(value, random));
                Ranges masked = redactor.find(text, 0, text.length);
                found += masked.count() == 1 && masked.to(0) - masked.from(0) >= text.length / 8 ? 1 : 0;
                all++;
            }
        }
        return found + " of " + all;
    }

    private static double rate(double seconds, int bytes, Runnable pass) {
        for (long until = cpu() + (long) (seconds * 1e9); cpu() < until; ) {
            pass.run();
        }
        int passes = 0;
        long start = cpu();
        for (; cpu() < start + seconds * 1e9; passes++) {
            pass.run();
        }
        return passes * mega(bytes) / ((cpu() - start) / 1e9);
    }

    /** This thread's processor time: others may be at work on this machine. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void lines(Redactor redactor, byte[] text, boolean json) {
        int from = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n') {
                byte[] clean = json ? redactor.redactJson(text, from, i) : redactor.redact(text, from, i);
                if (clean == null) {
                    throw new IllegalStateException("a line of ordinary text was refused");
                }
                from = i + 1;
            }
        }
    }

    private static void stream(Redactor redactor, byte[] text) {
        try (RedactedStream stream = new RedactedStream(redactor, (bytes, from, to) -> {})) {
            for (int at = 0; at < text.length; at += 8192) {
                stream.write(text, at, Math.min(text.length, at + 8192));
            }
        }
    }

    private static byte[] text(Path root) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> found = files.filter(file -> file.toString().matches(".*\\.(java|md|py|sql|ya?ml|txt|ts|html)"))
                    .filter(file -> !file.toString().matches(".*/(target|node_modules|\\.git|venv)/.*"))
                    .sorted()
                    .toList();
            for (Path file : found) {
                if (all.size() < LARGEST_TEXT) {
                    all.writeBytes(Files.readAllBytes(file));
                }
            }
        }
        return all.toByteArray();
    }

    /** Twenty lines to a result. */
    private static byte[] json(byte[] text) {
        String[] lines = new String(text, StandardCharsets.UTF_8).split("\n", -1);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < lines.length; i += 20) {
            List<String> some = new ArrayList<>(Arrays.asList(lines).subList(i, Math.min(lines.length, i + 20)));
            byte[] inside = Escapes.quoted(String.join("\n", some).getBytes(StandardCharsets.UTF_8));
            all.writeBytes("{\"task_id\": \"1\", \"result\": \"".getBytes(StandardCharsets.US_ASCII));
            all.writeBytes(inside);
            all.writeBytes("\"}\n".getBytes(StandardCharsets.US_ASCII));
        }
        return all.toByteArray();
    }

    private static double mega(int bytes) {
        return bytes / 1e6;
    }
}
