package dev.nightsafe.core.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    @TempDir
    Path folder;

    @Test
    void what_is_written_is_private_and_comes_back() throws IOException {
        Path file = folder.resolve("key");
        for (byte[] content : List.of(new byte[] {1, 2, 3}, new byte[0], new byte[] {4})) {
            try (SecretBytes secret = SecretBytes.takeFrom(content.clone())) {
                KeyFile.write(file, secret);
            }
            assertThat(mode(file)).isEqualTo("rw-------");
            assertThat(read(file)).isEqualTo(content);
        }
        assertThat(names()).containsExactly("key");
    }

    @Test
    void a_file_that_others_may_use_is_refused() throws IOException {
        Path file = folder.resolve("key");
        KeyFile.write(file, new byte[] {1});
        for (String mode : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            assertUnusable(
                    () -> KeyFile.read(file), "others than its owner may use " + file + "; run: chmod 600 " + file);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertThat(read(file)).containsExactly(1);
    }

    @Test
    void what_is_no_file_is_named() {
        assertUnusable(() -> KeyFile.read(folder.resolve("none")), folder.resolve("none") + " does not exist");
        assertUnusable(() -> KeyFile.read(folder), folder + " is not a file");
        assertUnusable(
                () -> KeyFile.write(folder.resolve("none/key"), new byte[1]),
                "can't write " + folder.resolve("none/key") + ": no such file or folder");
    }

    @Test
    void a_link_to_a_private_file_is_followed() throws IOException {
        KeyFile.write(folder.resolve("key"), new byte[] {1});
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("key"));
        assertThat(read(folder.resolve("link"))).containsExactly(1);
    }

    @Test
    void create_does_not_replace() throws IOException {
        Path file = folder.resolve("key");
        try (SecretBytes first = SecretBytes.takeFrom(new byte[] {1});
                SecretBytes second = SecretBytes.takeFrom(new byte[] {2})) {
            assertThat(KeyFile.create(file, first)).isTrue();
            assertThat(KeyFile.create(file, second)).isFalse();
        }
        assertThat(read(file)).containsExactly(1);
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(names()).containsExactly("key");
    }

    @Test
    void of_many_that_create_at_once_all_get_the_same() throws Exception {
        Path file = folder.resolve("key");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<List<Byte>> create = () -> {
                try (SecretBytes key = KeyFile.readOrCreate(file, MasterKeyRing::newKey)) {
                    return key.exposing(bytes -> List.of(bytes[0], bytes[1], bytes[2], bytes[3]));
                }
            };
            List<Future<List<Byte>>> all =
                    threads.invokeAll(Stream.generate(() -> create).limit(16).toList());
            List<Byte> stored = create.call();
            for (Future<List<Byte>> one : all) {
                assertThat(one.get()).isEqualTo(stored);
            }
        }
    }

    @Test
    void folders_are_private_and_writable_ones_are_refused() throws IOException {
        Path made = KeyFile.folder(folder.resolve("a/b"));
        assertThat(mode(made)).isEqualTo("rwx------");
        assertThat(mode(folder.resolve("a"))).isEqualTo("rwx------");
        assertThat(KeyFile.folder(made)).isEqualTo(made);
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(KeyFile.folder(made)).isEqualTo(made);
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwx---"));
        assertUnusable(
                () -> KeyFile.folder(made), "others than its owner may write to " + made + "; run: chmod 700 " + made);
    }

    @Test
    void folders_of_other_users_are_refused_and_links_to_them_too() throws IOException {
        Path made = KeyFile.folder(folder.resolve("made"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), made);
        assertThat(KeyFile.folder(link)).isEqualTo(link);
        if (!"root".equals(System.getProperty("user.name"))) {
            assertThat(KeyFile.folder(Path.of("/usr"))).isEqualTo(Path.of("/usr")); // root's, who can do anything
            return;
        }
        Files.setAttribute(made, "unix:uid", 12345);
        for (Path path : List.of(made, link)) {
            assertUnusable(
                    () -> KeyFile.folder(path),
                    path + " belongs to another user, who could change it; choose another folder, or run:"
                            + " chown -R \"$(id -u)\" " + path);
        }
        Files.setAttribute(made, "unix:uid", 0);
        Files.setAttribute(link, "unix:uid", 12345, LinkOption.NOFOLLOW_LINKS);
        assertThatThrownBy(() -> KeyFile.folder(link)).hasMessageContaining("belongs to another user");
    }

    private static void assertUnusable(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NightsafeException.class, e -> assertThat(e.code()).isEqualTo(ProblemCode.KEY_UNUSABLE))
                .hasMessage(message);
    }

    private static byte[] read(Path file) {
        try (SecretBytes content = KeyFile.read(file)) {
            return content.exposing(byte[]::clone);
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
