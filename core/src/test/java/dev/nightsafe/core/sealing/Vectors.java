package dev.nightsafe.core.sealing;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.signing.Digests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of {@code spec/vectors}: each is made by one class, always the same bytes, and checked by it. */
final class Vectors {
    static final Path FOLDER = Path.of("..", "spec", "vectors");
    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final DefaultIndenter LINES = new DefaultIndenter(" ", "\n");
    private static final DefaultPrettyPrinter LAYOUT = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                    .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                    .withArrayEmptySeparator("")
                    .withObjectEmptySeparator(""))
            .withObjectIndenter(LINES)
            .withArrayIndenter(LINES);

    /** One vector to run; throws when it isn't met. */
    record Check(String name, Runnable run) {}

    /** One file: how it is made, and what it demands. */
    record File(String name, Supplier<Map<String, @Nullable Object>> make, Function<JsonNode, Stream<Check>> checks) {
        String text() {
            return JSON.writer().with(LAYOUT).writeValueAsString(make.get()) + "\n";
        }

        Stream<Check> read() {
            return checks.apply(JSON.readTree(FOLDER.resolve(name).toFile()))
                    .map(check -> new Check(name + ": " + check.name(), check.run()));
        }
    }

    static final List<File> FILES = List.of(
            new File("messages.json", MessageVectors::make, MessageVectors::checks),
            new File("padding.json", PaddingVectors::make, PaddingVectors::checks),
            new File("sealing.json", SealingVectors::make, SealingVectors::checks),
            new File("certificates.json", CertificateVectors::make, CertificateVectors::checks),
            new File("deposits.json", DepositVectors::make, DepositVectors::checks),
            new File("release-rules.json", ReleaseVectors::make, ReleaseVectors::checks),
            new File("keys.json", KeyVectors::make, KeyVectors::checks),
            new File("audit.json", AuditVectors::make, AuditVectors::checks));

    private Vectors() {}

    static Stream<Check> all() {
        return FILES.stream().flatMap(File::read);
    }

    /** Bytes that look random and are always the same. */
    static byte[] fixed(String label, int length) {
        byte[] out = new byte[length];
        for (int at = 0; at < length; at += 32) {
            byte[] block =
                    Digests.sha256(("nightsafe vectors/" + label + "/" + at / 32).getBytes(StandardCharsets.UTF_8));
            System.arraycopy(block, 0, out, at, Math.min(32, length - at));
        }
        return out;
    }

    /** A map in the order given: name, value, name, value … */
    static Map<String, @Nullable Object> map(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return map;
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static byte[] hex(JsonNode vector, String field) {
        return HexFormat.of().parseHex(text(vector, field));
    }

    static String text(JsonNode vector, String field) {
        return vector.get(field).asString();
    }

    static Stream<JsonNode> list(JsonNode file, String field) {
        return file.get(field).valueStream();
    }

    static void requireEqual(Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError("expected " + expected + " but was " + actual);
        }
    }

    static void requireEqual(byte[] expected, byte[] actual) {
        if (!Arrays.equals(expected, actual)) {
            throw new AssertionError("expected " + hex(expected) + " but was " + hex(actual));
        }
    }

    /** Runs what must be refused with this problem code. */
    static void requireRefused(String problem, Runnable run) {
        try {
            run.run();
        } catch (NightsafeException e) {
            requireEqual(problem, e.code().code());
            return;
        }
        throw new AssertionError("was taken");
    }
}
