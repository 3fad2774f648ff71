package dev.nightsafe.cli.vault;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.fuzz.Bounds;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

class EnvFuzzTest {
    @FuzzTest
    void envFile(byte[] bytes) {
        Bounds.parsed(() -> EnvFile.parse(".env", bytes), CliException.class::isInstance)
                .ifPresent(file -> {
                    try (file;
                            EnvFile again = EnvFile.parse("again", written(file))) {
                        assertThat(values(again)).isEqualTo(values(file));
                    }
                });
    }

    private static List<String> values(EnvFile file) {
        return file.entries().stream()
                .map(entry -> entry.key() + "="
                        + entry.value().exposing(value -> new String(value, StandardCharsets.ISO_8859_1)))
                .toList();
    }

    /** As 'vault export' writes it. */
    private static byte[] written(EnvFile file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (EnvFile.Entry entry : file.entries()) {
            out.writeBytes((entry.key() + "=\"").getBytes(StandardCharsets.US_ASCII));
            for (byte each : entry.value().exposing(byte[]::clone)) {
                if (each == '"' || each == '\\' || each == '$') {
                    out.write('\\');
                }
                out.write(each);
            }
            out.writeBytes("\"\n".getBytes(StandardCharsets.US_ASCII));
        }
        return out.toByteArray();
    }
}
