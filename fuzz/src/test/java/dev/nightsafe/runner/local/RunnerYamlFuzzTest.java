package dev.nightsafe.runner.local;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.fuzz.Bounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class RunnerYamlFuzzTest {
    private static final Path FILE = file();

    @FuzzTest
    void runnerYaml(byte[] bytes) throws IOException {
        Files.write(FILE, bytes);
        Bounds.parsed(() -> RunnerConfig.read(FILE, Map.of("NIGHTSAFE_HOME", "/nowhere")), ProblemCode.BAD_REQUEST);
    }

    private static Path file() {
        try {
            Path file = Files.createTempFile("runner", ".yaml");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
