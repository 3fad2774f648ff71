package dev.nightsafe.runner.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.signing.Digests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets the field
class SecretFoldersTest {
    @TempDir
    Path folder;

    private Path runner;
    private Path memory;

    @BeforeEach
    void makeFolders() throws Exception {
        runner = Files.createDirectory(folder.resolve("runner"));
        memory = Files.createDirectory(folder.resolve("memory"));
    }

    @Test
    void nobody_can_prepare_the_folder_since_nobody_knows_its_name() throws Exception {
        String known = "nightsafe-" + Digests.sha256Hex(runner.toString()).substring(0, 16);
        Path prepared = Files.createDirectory(memory.resolve(known));
        try (SecretFolders folders = new SecretFolders(runner, memory)) {
            Path made = folders.create();
            assertThat(made).startsWith(memory);
            assertThat(made.startsWith(prepared)).isFalse();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.getParent())))
                    .isEqualTo("rwx------");
            try (SecretFolders other = new SecretFolders(folder, memory)) {
                assertThat(other.create().getParent()).isNotEqualTo(made.getParent());
            }
        }
    }

    @Test
    void what_a_killed_runner_left_is_removed_and_what_a_stopped_one_had_too() throws Exception {
        Path left = new SecretFolders(runner, memory).create();
        Files.writeString(left.resolve("secret"), "x");
        try (SecretFolders folders = new SecretFolders(runner, memory)) {
            assertThat(folders.create()).exists();
            assertThat(left).doesNotExist();
        }
        try (Stream<Path> all = Files.list(memory)) {
            assertThat(all).isEmpty();
        }
    }

    @Test
    void without_memory_they_are_in_the_runners_folder() {
        try (SecretFolders folders = new SecretFolders(runner, folder.resolve("none"))) {
            assertThat(folders.create()).startsWith(runner);
        }
    }
}
