package dev.nightsafe.runner.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SdksTest {
    @Test
    void the_runner_carries_every_file_of_the_python_sdk() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../sdk/python/src/nightsafe"))) {
            assertThat(Sdks.PYTHON)
                    .containsExactlyInAnyOrderElementsOf(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString())
                            .toList());
        }
        assertThat(Sdks.digest()).isEqualTo(Sdks.digest());
    }
}
