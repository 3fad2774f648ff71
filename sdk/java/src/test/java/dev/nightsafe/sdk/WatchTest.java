package dev.nightsafe.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchTest {
    @TempDir
    Path folder;

    @Test
    void a_program_that_watches_says_so_and_is_called_back_while_it_works() throws IOException {
        Path file = replace("first");
        try (FakeRunner worker = new FakeRunner(Map.of("KEY_FILE", file.toString()), "Watching")) {
            assertThat(worker.message()).isEqualTo(Map.of("status", "ready", "watches", true));
            assertThat(worker.result("", "now")).isEqualTo("nothing");
            worker.send("", "wait");
            assertThat(worker.message()).containsEntry("progress", "waiting");
            replace("bad");
            tell(worker, "KEY_FILE", "NOBODYS");
            replace("second");
            tell(worker, "KEY_FILE");
            assertThat(worker.answer()).containsEntry("result", "dnoces");
            assertThat(worker.result("", "now")).isEqualTo("dnoces");
            assertThat(worker.end()).isZero();
        }
    }

    @Test
    void what_is_no_file_of_a_secret_is_named() {
        try (FakeRunner worker = new FakeRunner(Map.of(), "Watching")) {
            assertThat(worker.ended()).isEqualTo(1);
            assertThat(worker.log()).contains("there is no variable 'KEY_FILE'");
        }
    }

    private static void tell(FakeRunner worker, String... variables) {
        worker.sendLine(JsonText.write(Map.of("new_values", List.of(variables))));
    }

    private Path replace(String value) throws IOException {
        Path file = folder.resolve("v.KEY");
        Files.move(
                Files.writeString(folder.resolve("new"), value, StandardCharsets.UTF_8),
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        return file;
    }
}
