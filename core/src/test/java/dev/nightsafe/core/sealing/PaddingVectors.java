package dev.nightsafe.core.sealing;

import static dev.nightsafe.core.sealing.Vectors.hex;
import static dev.nightsafe.core.sealing.Vectors.list;
import static dev.nightsafe.core.sealing.Vectors.map;
import static dev.nightsafe.core.sealing.Vectors.requireEqual;
import static dev.nightsafe.core.sealing.Vectors.requireRefused;
import static dev.nightsafe.core.sealing.Vectors.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Padding: which length becomes which, what a padded value is, and what is none. */
final class PaddingVectors {
    private static final int[] LENGTHS = {
        0, 1, 62, 63, 64, 127, 128, 1022, 1023, 1024, 1087, 1088, 2046, 2047, 2048, 2175, 2176, 4095, 4096, 65_534,
        65_535, 65_536, 67_583, 67_584, 100_000, 1_000_000, 1_048_575, 1_048_576
    };

    private PaddingVectors() {}

    static Map<String, @Nullable Object> make() {
        return map(
                "lengths",
                IntStream.of(LENGTHS)
                        .mapToObj(length -> map("value", length, "padded", Padding.paddedLength(length)))
                        .toList(),
                "values",
                Stream.of(new byte[0], utf8("hunter2"), new byte[] {(byte) 0x80, 0, 0}, Vectors.fixed("padding", 64))
                        .map(value -> map("value", hex(value), "padded", hex(Padding.pad(value))))
                        .toList(),
                "malformed",
                malformed().stream()
                        .map(bad -> map("name", bad.name(), "padded", hex(bad.padded())))
                        .toList());
    }

    /** Bytes that nobody padded right. */
    record Malformed(String name, byte[] padded) {}

    static List<Malformed> malformed() {
        byte[] value = utf8("hunter2");
        byte[] padded = Padding.pad(value);
        byte[] wrongMark = padded.clone();
        wrongMark[value.length] = 1;
        byte[] noMark = padded.clone();
        noMark[value.length] = 0;
        byte[] marked = Arrays.copyOf(value, value.length + 1);
        marked[value.length] = (byte) 0x80;
        return List.of(
                new Malformed("nothing at all", new byte[0]),
                new Malformed("only zeros", new byte[64]),
                new Malformed("no mark", noMark),
                new Malformed("a mark of 0x01", wrongMark),
                new Malformed("no zeros after the mark", marked),
                new Malformed("a block more than needed", Arrays.copyOf(padded, 128)),
                new Malformed("not a multiple of 64", Arrays.copyOf(padded, 65)),
                new Malformed(
                        "a multiple of 64 that is no Padmé length", Arrays.copyOf(Padding.pad(new byte[2047]), 2112)));
    }

    static Stream<Vectors.Check> checks(JsonNode file) {
        return Stream.of(
                        list(file, "lengths")
                                .map(vector -> new Vectors.Check(
                                        "a value of " + vector.get("value").asInt(),
                                        () -> requireEqual(
                                                vector.get("padded").asInt(),
                                                Padding.paddedLength(
                                                        vector.get("value").asInt())))),
                        list(file, "values")
                                .map(vector -> new Vectors.Check("value " + text(vector, "value"), () -> {
                                    byte[] padded = hex(vector, "padded");
                                    byte[] value = hex(vector, "value");
                                    requireEqual(padded, Padding.pad(value));
                                    requireEqual(value, Arrays.copyOf(padded, Padding.valueLength(padded)));
                                })),
                        list(file, "malformed")
                                .map(vector -> new Vectors.Check(
                                        text(vector, "name"),
                                        () -> requireRefused(
                                                "secret-unreadable",
                                                () -> Padding.valueLength(hex(vector, "padded"))))))
                .flatMap(checks -> checks);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
