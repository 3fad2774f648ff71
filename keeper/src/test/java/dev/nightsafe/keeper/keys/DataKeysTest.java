package dev.nightsafe.keeper.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.NightsafeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataKeysTest {
    private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("data.keys");
    }

    @Test
    void a_key_is_on_disk_before_it_is_used_and_opens_after_a_restart() {
        byte[] encrypted;
        try (DataKeys keys = DataKeys.open(file)) {
            assertThat(file).doesNotExist();
            encrypted = keys.encrypt("w1", "task.payload", "t1", TEXT);
            assertThat(file).exists();
        }
        try (DataKeys keys = DataKeys.open(file)) {
            assertThat(keys.decrypt("w1", "task.payload", "t1", encrypted)).isEqualTo(TEXT);
        }
    }

    @Test
    void content_opens_only_at_its_place() {
        try (DataKeys keys = DataKeys.open(file)) {
            byte[] encrypted = keys.encrypt("w1", "task.payload", "t1", TEXT);
            keys.encrypt("w2", "task.payload", "t1", TEXT);
            for (String[] place : new String[][] {
                {"w2", "task.payload", "t1"}, {"w1", "task.result", "t1"}, {"w1", "task.payload", "t2"}
            }) {
                assertThatThrownBy(() -> keys.decrypt(place[0], place[1], place[2], encrypted))
                        .isInstanceOf(NightsafeException.class);
            }
        }
    }

    @Test
    void without_its_line_a_workspaces_content_is_gone_and_the_others_stay() throws IOException {
        byte[] one;
        byte[] two;
        try (DataKeys keys = DataKeys.open(file)) {
            one = keys.encrypt("w1", "c", "r", TEXT);
            two = keys.encrypt("w2", "c", "r", TEXT);
        }
        Files.write(
                file,
                Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith("w1 "))
                        .toList());
        try (DataKeys keys = DataKeys.open(file)) {
            assertThatThrownBy(() -> keys.decrypt("w1", "c", "r", one)).isInstanceOf(NightsafeException.class);
            assertThat(keys.decrypt("w2", "c", "r", two)).isEqualTo(TEXT);
        }
    }

    @Test
    void a_damaged_file_is_refused_by_line_and_not_repeated() throws IOException {
        String good = "w1 " + "A".repeat(43) + "=\n";
        for (String bad : List.of("w2\n", "w2 !!!\n", " AAAA\n", "w2 AAAA\n", "w2 " + "A".repeat(43) + "=")) {
            Files.writeString(file, good + bad);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            assertThatThrownBy(() -> DataKeys.open(file))
                    .isInstanceOf(NightsafeException.class)
                    .hasMessageContaining("line 2")
                    .message()
                    .doesNotContain("AAAA");
        }
    }

    @Test
    void many_at_once_make_one_key_for_a_workspace() throws Exception {
        try (DataKeys keys = DataKeys.open(file);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> made = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String workspace = "w" + i % 4;
                made.add(executor.submit(() -> keys.encrypt(workspace, "c", "r", TEXT)));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(keys.decrypt("w" + i % 4, "c", "r", made.get(i).get()))
                        .isEqualTo(TEXT);
            }
        }
        assertThat(Files.readAllLines(file)).hasSize(4);
    }
}
