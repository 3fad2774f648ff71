package dev.nightsafe.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewPrivateFileTest {
    private static final byte[] VALUE = "KEY=\"value\"\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    @Test
    void the_whole_file_is_there_and_for_its_owner_alone() throws IOException {
        Path file = folder.resolve("vault.env");
        NewPrivateFile.write(file, out -> out.write(VALUE));
        assertThat(file).hasBinaryContent(VALUE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(files()).containsExactly("vault.env");
    }

    @Test
    void where_the_disk_is_full_nothing_is_left() throws IOException {
        assertThatThrownBy(() -> NewPrivateFile.write(folder.resolve("vault.env"), out -> {
                    out.write(new byte[100_000]);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(IOException.class);
        assertThat(files()).isEmpty();
    }

    @Test
    void what_is_there_already_stays() throws IOException {
        Path file = Files.writeString(folder.resolve("vault.env"), "mine");
        assertThatThrownBy(() -> NewPrivateFile.write(file, out -> out.write(VALUE)))
                .isInstanceOf(FileAlreadyExistsException.class);
        Path link = Files.createSymbolicLink(folder.resolve("link.env"), folder.resolve("nowhere"));
        assertThatThrownBy(() -> NewPrivateFile.write(link, out -> out.write(VALUE)))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("mine");
        assertThat(files()).containsExactly("link.env", "vault.env");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
