package dev.nightsafe.cli.demo;

import dev.nightsafe.core.secret.SecretBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Looks for a value in files: as it is, in hex, and in base64 wherever it starts. */
final class FileSearch implements AutoCloseable {
    private static final int BLOCK = 1 << 20;

    private final List<byte[]> forms = new ArrayList<>();
    private final boolean[] firsts = new boolean[256];
    private final int longest;

    FileSearch(SecretBytes value) {
        value.exposing(bytes -> {
            forms.add(bytes.clone());
            forms.add(ascii(HexFormat.of().formatHex(bytes)));
            forms.add(ascii(HexFormat.of().withUpperCase().formatHex(bytes)));
            for (int before = 0; before < 3; before++) {
                base64(bytes, before);
            }
            return forms.size();
        });
        forms.forEach(form -> firsts[form[0] & 0xff] = true);
        longest = forms.stream().mapToInt(form -> form.length).max().orElse(1);
    }

    /**
     * @param files how many were looked through
     * @param found those with the value
     */
    record Result(int files, List<Path> found) {}

    /** Looks through every file under a folder. */
    Result under(Path folder) {
        List<Path> found = new ArrayList<>();
        int[] count = {0};
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                count[0]++;
                if (isIn(file)) {
                    found.add(file);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("can't look through " + folder, e);
        }
        return new Result(count[0], found);
    }

    private boolean isIn(Path file) {
        byte[] block = new byte[BLOCK + longest];
        int kept = 0;
        try (InputStream in = Files.newInputStream(file)) {
            while (true) {
                int read = in.readNBytes(block, kept, BLOCK);
                int length = kept + read;
                if (isIn(block, length)) {
                    return true;
                }
                if (read < BLOCK) {
                    return false;
                }
                kept = longest - 1;
                System.arraycopy(block, length - kept, block, 0, kept);
            }
        } catch (java.nio.file.NoSuchFileException e) {
            return false; // a journal or a temporary file that is gone again
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }

    private boolean isIn(byte[] block, int length) {
        for (int at = 0; at < length; at++) {
            if (firsts[block[at] & 0xff]) {
                for (byte[] form : forms) {
                    int end = at + form.length;
                    if (end <= length && Arrays.equals(block, at, end, form, 0, form.length)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Base64 of something in which the value starts after {@code before} bytes, without the ends that mix. */
    private void base64(byte[] bytes, int before) {
        byte[] shifted = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, shifted, before, bytes.length);
        byte[] encoded = Base64.getEncoder().withoutPadding().encode(shifted);
        Arrays.fill(shifted, (byte) 0);
        int from = before == 0 ? 0 : before + 1;
        int to = encoded.length - (shifted.length % 3 == 0 ? 0 : 1);
        if (to > from) {
            byte[] form = Arrays.copyOfRange(encoded, from, to);
            forms.add(form);
            byte[] forUrls = form.clone();
            for (int i = 0; i < forUrls.length; i++) {
                forUrls[i] = switch (forUrls[i]) {
                    case '+' -> '-';
                    case '/' -> '_';
                    default -> forUrls[i];
                };
            }
            forms.add(forUrls);
        }
        Arrays.fill(encoded, (byte) 0);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        forms.forEach(form -> Arrays.fill(form, (byte) 0));
    }
}
