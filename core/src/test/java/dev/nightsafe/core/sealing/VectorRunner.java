package dev.nightsafe.core.sealing;

import static dev.nightsafe.core.sealing.Vectors.hex;
import static dev.nightsafe.core.sealing.Vectors.map;
import static dev.nightsafe.core.sealing.Vectors.requireEqual;
import static dev.nightsafe.core.sealing.Vectors.text;

import dev.nightsafe.core.secret.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The Java part of {@code spec/vectors/cross-check}, run in the folder {@code core}: {@code run} checks the vectors,
 * {@code seal DIR} seals a few values to the vectors' lock, {@code open DIR} opens what all languages sealed there,
 * {@code make} writes the vector files anew.
 */
final class VectorRunner {
    private static final List<byte[]> VALUES = List.of(
            new byte[] {0},
            "sk-hunter2".getBytes(StandardCharsets.UTF_8),
            Vectors.fixed("63", 63),
            Vectors.fixed("64", 64),
            Vectors.fixed("3000", 3000),
            Vectors.fixed("100000", 100_000));

    private VectorRunner() {}

    public static void main(String[] arguments) throws IOException {
        switch (arguments[0]) {
            case "make" -> make();
            case "seal" -> seal(Path.of(arguments[1]));
            case "run" -> run("vectors", Vectors.all());
            case "open" -> run("cross-check", opens(Path.of(arguments[1])));
            default -> throw new IllegalArgumentException("run, seal DIR, open DIR or make");
        }
    }

    private static void make() throws IOException {
        for (Vectors.File file : Vectors.FILES) {
            Files.writeString(Vectors.FOLDER.resolve(file.name()), file.text());
        }
    }

    private static void seal(Path folder) throws IOException {
        List<Object> sealed = new ArrayList<>();
        try (OpeningKey key = SealingVectors.openingKey(sealing(), "vault")) {
            for (byte[] value : VALUES) {
                DepositBinding binding = new DepositBinding("workspace", "vault", "KEY", sealed.size() + 1L, true);
                byte[] box = Sealing.seal(key.lock(), binding, SecretBytes.takeFrom(value.clone()));
                sealed.add(map(
                        "binding", SealingVectors.shown(binding),
                        "value", hex(value),
                        "box", Base64.getEncoder().encodeToString(box)));
            }
        }
        Files.writeString(folder.resolve("java.json"), Vectors.JSON.writeValueAsString(map("sealed", sealed)));
    }

    private static Stream<Vectors.Check> opens(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream()
                    .flatMap(file -> Vectors.list(Vectors.JSON.readTree(file.toFile()), "sealed")
                            .map(vector -> new Vectors.Check(
                                    file + ": " + text(vector.get("binding"), "key"), () -> open(vector))));
        }
    }

    private static void open(JsonNode vector) {
        try (OpeningKey key = SealingVectors.openingKey(sealing(), "vault")) {
            requireEqual(hex(vector, "value"), SealingVectors.open(key, vector));
        }
    }

    private static JsonNode sealing() {
        return Vectors.JSON.readTree(Vectors.FOLDER.resolve("sealing.json").toFile());
    }

    @SuppressWarnings("CatchAndPrintStackTrace") // a runner's output is its result
    private static void run(String what, Stream<Vectors.Check> checks) {
        int[] passed = {0};
        int[] failed = {0};
        checks.forEach(check -> {
            try {
                check.run().run();
                passed[0]++;
            } catch (RuntimeException | AssertionError e) {
                failed[0]++;
                System.out.println("java: " + check.name() + ": " + e);
            }
        });
        System.out.println("java " + what + ": " + passed[0] + " passed, " + failed[0] + " failed");
        if (failed[0] > 0 || passed[0] == 0) {
            System.exit(1);
        }
    }
}
