package dev.nightsafe.cli.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.cli.fake.FakeKeyboard;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.Style;
import dev.nightsafe.cli.platform.Terminal;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValueInputTest {
    private static final byte[] EVERY_BYTE = everyByte();

    @TempDir
    Path folder;

    @Test
    void a_file_is_taken_byte_for_byte() throws IOException {
        Path file = Files.write(folder.resolve("value"), EVERY_BYTE);
        assertThat(bytes(ValueInput.file(file))).isEqualTo(EVERY_BYTE);
    }

    @Test
    void a_stream_is_taken_byte_for_byte_up_to_its_last_line_end() {
        byte[] pem = "-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(bytes(ValueInput.stream(new ByteArrayInputStream(pem)))).isEqualTo(pem);
        assertThat(bytes(ValueInput.stream(new ByteArrayInputStream(EVERY_BYTE))))
                .isEqualTo(EVERY_BYTE);
    }

    @Test
    void one_mebibyte_is_taken_and_one_byte_more_is_refused() {
        assertThat(bytes(ValueInput.stream(new ByteArrayInputStream(new byte[1 << 20]))))
                .hasSize(1 << 20);
        assertThatThrownBy(() -> ValueInput.stream(new ByteArrayInputStream(new byte[(1 << 20) + 1])))
                .isInstanceOfSatisfying(
                        NightsafeException.class, e -> assertThat(e.code()).isEqualTo(ProblemCode.VALUE_TOO_LARGE));
    }

    @Test
    void nothing_is_refused() {
        assertThatThrownBy(() -> ValueInput.stream(new ByteArrayInputStream(new byte[0])))
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> ValueInput.prompt(terminal(""), "Value: ")).hasMessageContaining("empty");
    }

    @Test
    void what_is_typed_becomes_utf8_and_the_typed_characters_are_wiped() {
        Terminal terminal = terminal("pässword 🔑");
        assertThat(bytes(ValueInput.prompt(terminal, "Value: ")))
                .isEqualTo("pässword 🔑".getBytes(StandardCharsets.UTF_8));
        assertThat(((FakeKeyboard) terminal.keyboard()).handedOut().getFirst()).containsOnly('\0');
    }

    @Test
    void under_a_locale_that_would_change_them_only_ascii_is_taken_from_prompt_and_arguments() {
        Terminal ascii = new Terminal(
                new ByteArrayInputStream(new byte[0]),
                devNull(),
                devNull(),
                Map.of(),
                new FakeKeyboard(devNull(), StandardCharsets.US_ASCII, "p\uFFFDssword"),
                Style.PLAIN);
        assertThatThrownBy(() -> ValueInput.prompt(ascii, "Value: "))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("locale");
        assertThatThrownBy(() -> ValueInput.argument("pässword", false)).hasMessageContaining("locale");
        assertThatThrownBy(() -> ValueInput.argument("p\uFFFDssword", true)).hasMessageContaining("locale");
        assertThat(bytes(ValueInput.argument("password", false)))
                .isEqualTo("password".getBytes(StandardCharsets.US_ASCII));
        assertThat(bytes(ValueInput.argument("pässword", true))).isEqualTo("pässword".getBytes(StandardCharsets.UTF_8));
    }

    private static Terminal terminal(String typed) {
        return new Terminal(
                new ByteArrayInputStream(new byte[0]),
                devNull(),
                devNull(),
                Map.of(),
                new FakeKeyboard(devNull(), typed),
                Style.PLAIN);
    }

    private static PrintStream devNull() {
        return new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(SecretBytes value) {
        try (value) {
            return value.exposing(byte[]::clone);
        }
    }

    private static byte[] everyByte() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
