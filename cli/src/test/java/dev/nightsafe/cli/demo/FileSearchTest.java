package dev.nightsafe.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSearchTest {
    @TempDir
    Path folder;

    @Test
    void a_value_is_found_as_it_is_in_hex_and_in_base64_wherever_it_stands() {
        Seeds.forEach(200, random -> {
            byte[] value = bytes(random, 8 + random.nextInt(60));
            byte[] around = concat(bytes(random, random.nextInt(30)), value, bytes(random, random.nextInt(30)));
            found(value, around);
            found(value, ascii(HexFormat.of().formatHex(around)));
            found(value, ascii(HexFormat.of().withUpperCase().formatHex(around)));
            found(value, Base64.getEncoder().encode(around));
            found(value, Base64.getUrlEncoder().withoutPadding().encode(around));
        });
    }

    @Test
    void a_value_across_the_border_of_two_blocks_is_found() {
        byte[] value = bytes(new Random(1), 40);
        for (int before : new int[] {(1 << 20) - 39, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (2 << 20) - 20}) {
            found(value, concat(new byte[before], value, new byte[100]));
        }
    }

    @Test
    void what_is_not_there_is_not_found() {
        Seeds.forEach(50, random -> {
            byte[] value = bytes(random, 16);
            byte[] almost = value.clone();
            almost[random.nextInt(16)] ^= 1;
            assertThat(search(value, concat(bytes(random, 500), almost, bytes(random, 500)))
                            .found())
                    .isEmpty();
        });
    }

    @Test
    void every_file_is_counted_and_those_with_the_value_are_named() throws IOException {
        Files.createDirectories(folder.resolve("a/b"));
        Files.writeString(folder.resolve("a/b/clean"), "nothing");
        Path dirty = Files.writeString(folder.resolve("a/dirty"), "x the-value y");
        try (SecretBytes value = SecretBytes.takeFrom(ascii("the-value"));
                FileSearch search = new FileSearch(value)) {
            FileSearch.Result result = search.under(folder);
            assertThat(result.files()).isEqualTo(2);
            assertThat(result.found()).containsExactly(dirty);
        }
    }

    private void found(byte[] value, byte[] content) {
        assertThat(search(value, content).found()).hasSize(1);
    }

    private FileSearch.Result search(byte[] value, byte[] content) {
        try {
            Files.write(folder.resolve("file"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (SecretBytes secret = SecretBytes.takeFrom(value.clone());
                FileSearch search = new FileSearch(secret)) {
            return search.under(folder);
        }
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] concat(byte[]... parts) {
        byte[] all = new byte[0];
        for (byte[] part : parts) {
            int before = all.length;
            all = Arrays.copyOf(all, before + part.length);
            System.arraycopy(part, 0, all, before, part.length);
        }
        return all;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
