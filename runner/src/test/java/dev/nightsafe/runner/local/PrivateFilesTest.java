package dev.nightsafe.runner.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {
    @TempDir
    private Path folder;

    /** Which nobody can name by one path: what a worker makes so that its secrets stay. */
    @Test
    void folders_deeper_than_any_path_are_deleted_with_what_is_beside_them() throws Exception {
        Path made = Files.createDirectory(folder.resolve("made"));
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "set -e; name=$(printf 'd%.0s' {1..250}); for i in {1..30}; do mkdir $name; cd -P $name; done;"
                                + " echo value > file")
                .directory(made.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        Files.writeString(made.resolve("secret"), "value");
        Path outside = Files.writeString(folder.resolve("outside"), "stays");
        Files.createSymbolicLink(made.resolve("link"), outside);
        PrivateFiles.delete(made);
        assertThat(made).doesNotExist();
        assertThat(outside).hasContent("stays");
    }
}
