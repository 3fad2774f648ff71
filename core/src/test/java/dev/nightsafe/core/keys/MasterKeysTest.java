package dev.nightsafe.core.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterKeysTest {
    private static final String ONE = key(1);
    private static final String TWO = key(2);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void file() {
        file = folder.resolve("master.keys");
    }

    @Test
    void the_highest_version_is_current() {
        ring("# two\n\n2 " + TWO + "\n  1\t" + ONE + " \r\n");
        try (MasterKeys keys = MasterKeys.fromRingFile(file)) {
            assertThat(keys.currentVersion()).isEqualTo(2);
            assertThat(firstByte(keys, 1)).isEqualTo((byte) 1);
            assertThat(firstByte(keys, 2)).isEqualTo((byte) 2);
            assertThat(keys.key(3)).isEmpty();
            assertThat(keys).hasToString("MasterKeys[1, 2]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "+1", "01", "x", "1.0", "1234567890", "\u0661", "1:"})
    void a_line_without_a_version_is_named(String version) {
        ring("# comment\n" + version + " " + ONE + "\n");
        assertUnusable("line 2: a line is '<version> <base64 of 32 bytes>', versions from 1, or a '#' comment");
    }

    @Test
    void a_malformed_key_is_named_by_its_line_and_not_shown() {
        String secret = "c2VjcmV0";
        for (String bad : new String[] {
            "",
            secret,
            secret + "*",
            ONE.substring(1),
            ONE + "=",
            ONE.replace("=", "A"),
            "AAAA " + ONE,
            "-" + ONE.substring(1)
        }) {
            ring("1 " + ONE + "\n2 " + bad);
            assertUnusable("line 2: a master key is the base64 of exactly 32 bytes; `nightsafe keys new` makes one");
        }
    }

    @Test
    void a_version_that_stands_there_twice_is_named() {
        ring("1 " + ONE + "\n2 " + TWO + "\n1 " + TWO + "\n");
        assertUnusable("line 3: version 1 stands there twice; keep one of the two lines");
    }

    @Test
    void a_ring_without_a_key_is_refused() {
        ring("# nothing\n");
        assertThatThrownBy(() -> MasterKeys.fromRingFile(file))
                .hasMessage(file + " has no key; `nightsafe keys new` makes one");
    }

    @Test
    void a_ring_that_others_may_read_is_refused() throws IOException {
        ring("1 " + ONE + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> MasterKeys.fromRingFile(file)).hasMessageContaining("chmod 600");
    }

    @Test
    void a_single_key_comes_from_base64() {
        try (SecretBytes text = text(ONE);
                MasterKeys keys = MasterKeys.fromBase64(text, 4, "NIGHTSAFE_MASTER_KEY")) {
            assertThat(keys.currentVersion()).isEqualTo(4);
            assertThat(firstByte(keys, 4)).isEqualTo((byte) 1);
        }
        try (SecretBytes text = text(ONE.substring(4))) {
            assertThatThrownBy(() -> MasterKeys.fromBase64(text, 1, "NIGHTSAFE_MASTER_KEY"))
                    .hasMessageStartingWith("NIGHTSAFE_MASTER_KEY: a master key is the base64 of exactly 32 bytes");
        }
    }

    @Test
    void versions_are_added_and_what_was_written_stays() throws IOException {
        assertThat(MasterKeyRing.addVersion(file)).isEqualTo(1);
        ring(Files.readString(file) + "# kept\n7 " + TWO);
        assertThat(MasterKeyRing.addVersion(file)).isEqualTo(8);
        assertThat(Files.readString(file))
                .contains("\n# kept\n7 " + TWO + "\n8 ")
                .endsWith("\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (MasterKeys keys = MasterKeys.fromRingFile(file)) {
            assertThat(keys).hasToString("MasterKeys[1, 7, 8]");
        }
    }

    @Test
    void a_ring_that_can_not_be_read_gets_no_version() throws IOException {
        ring("1 oops\n");
        assertThatThrownBy(() -> MasterKeyRing.addVersion(file)).isInstanceOf(NightsafeException.class);
        assertThat(Files.readString(file)).isEqualTo("1 oops\n");
        assertThatThrownBy(() -> MasterKeyRing.addVersion(folder.resolve("none/master.keys")))
                .hasMessageContaining("is its folder there");
    }

    @Test
    void versions_added_at_once_are_all_kept() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                threads.execute(() -> MasterKeyRing.addVersion(file));
            }
        }
        try (MasterKeys keys = MasterKeys.fromRingFile(file)) {
            assertThat(keys.currentVersion()).isEqualTo(8);
        }
    }

    @Test
    void keys_of_other_lengths_and_versions_below_1_are_refused() {
        for (int version = 0; version < 2; version++) {
            TreeMap<Integer, SecretBytes> keys = new TreeMap<>();
            keys.put(version, SecretBytes.takeFrom(new byte[version == 0 ? 32 : 31]));
            assertThatThrownBy(() -> new MasterKeys(keys)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_canary_finds_a_wrong_key() {
        ring("1 " + ONE + "\n2 " + TWO);
        try (MasterKeys keys = MasterKeys.fromRingFile(file)) {
            byte[] canary = Canary.make(keys, 1);
            assertThat(Canary.opens(keys, 1, canary)).isTrue();
            assertThat(Canary.opens(keys, 2, canary)).isFalse();
            assertThat(Canary.opens(keys, 3, canary)).isFalse();
            assertThat(Canary.opens(keys.key(2).orElseThrow(), 1, canary)).isFalse();
            assertThat(Canary.opens(keys.key(1).orElseThrow(), 2, canary)).isFalse();
            assertThat(Canary.opens(keys, 1, new byte[3])).isFalse();
        }
    }

    private void ring(String content) {
        KeyFile.write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    private void assertUnusable(String message) {
        assertThatThrownBy(() -> MasterKeys.fromRingFile(file))
                .isInstanceOfSatisfying(
                        NightsafeException.class, e -> assertThat(e.code()).isEqualTo(ProblemCode.KEY_UNUSABLE))
                .hasMessage(file + ", " + message);
    }

    private static byte firstByte(MasterKeys keys, int version) {
        return keys.key(version).orElseThrow().exposing(bytes -> bytes[0]);
    }

    private static SecretBytes text(String text) {
        return SecretBytes.takeFrom(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String key(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return Base64.getEncoder().encodeToString(key);
    }
}
