package dev.nightsafe.cli.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvFileTest {

    @Test
    void plain_lines_comments_and_export_are_read() {
        assertThat(read("# first\n\nA=1\nexport B=2\n\texport\tC = three \nD=x # why\nE=x#y\n"))
                .isEqualTo(Map.of("A", "1", "B", "2", "C", "three", "D", "x", "E", "x#y"));
    }

    @Test
    void a_key_may_be_called_export() {
        assertThat(read("export=1\nexported=2\n")).isEqualTo(Map.of("export", "1", "exported", "2"));
    }

    @Test
    void single_quotes_keep_everything() {
        assertThat(read("A='a # b \\n $C \"d\"'\n")).isEqualTo(Map.of("A", "a # b \\n $C \"d\""));
    }

    @Test
    void double_quotes_know_escapes_and_expand_nothing() {
        assertThat(read("A=\"a\\nb\\t\\\"c\\\" \\\\ \\$D $E\"  # why\n"))
                .isEqualTo(Map.of("A", "a\nb\t\"c\" \\ $D $E"));
    }

    @Test
    void quoted_values_span_lines_so_a_pem_keeps_its_last_line_end() {
        String pem = "-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n";
        assertThat(read("A=\"" + pem + "\"\nB='" + pem + "'\n")).isEqualTo(Map.of("A", pem, "B", pem));
    }

    @Test
    void windows_line_ends_and_a_byte_order_mark_are_no_part_of_values() {
        assertThat(read("\uFEFFA=1\r\nB='2'\r\n")).isEqualTo(Map.of("A", "1", "B", "2"));
    }

    @Test
    void bytes_that_are_no_utf8_stay_as_they_are() {
        byte[] file = {'A', '=', (byte) 0xff, 0x01, (byte) 0xc3, '\n'};
        try (EnvFile entries = EnvFile.parse("f", file)) {
            byte[] value = entries.entries().getFirst().value().exposing(byte[]::clone);
            assertThat(value).isEqualTo(new byte[] {(byte) 0xff, 0x01, (byte) 0xc3});
        }
    }

    @Test
    void any_value_that_single_quotes_can_hold_comes_back() {
        Seeds.forEach(300, random -> {
            byte[] value = new byte[1 + random.nextInt(200)];
            random.nextBytes(value);
            for (int i = 0; i < value.length; i++) {
                value[i] = value[i] == '\'' ? (byte) '"' : value[i];
            }
            byte[] file = new byte[value.length + 5];
            file[0] = 'K';
            file[1] = '=';
            file[2] = '\'';
            System.arraycopy(value, 0, file, 3, value.length);
            file[value.length + 3] = '\'';
            file[value.length + 4] = '\n';
            try (EnvFile entries = EnvFile.parse("f", file)) {
                assertThat(entries.entries().getFirst().value().exposing(byte[]::clone))
                        .isEqualTo(value);
            }
        });
    }

    @Test
    void errors_name_the_line_and_never_its_content() {
        refused("A=1\n\nsk-secret-without-key\n", "f, line 3: expected KEY=value");
        refused("A='1\n2'\nB=\"sk-secret\n", "f, line 3: the quoted value has no end");
        refused("A=\"sk-secret\" more\n", "f, line 1: something follows the closing quote");
        refused("A=\"sk-secret\\x\"\n", "f, line 1: unknown escape");
        refused("A=1\na=sk-secret\n", "f, line 2: 'a' stands on line 1 already");
        refused("sk secret=1\n", "f, line 1: not a key");
        refused("LD_PRELOAD=sk-secret\n", "f, line 1: 'LD_PRELOAD' is reserved");
        refused("A=\n", "f, line 1: 'A': the value is empty");
        refused("A=''\n", "f, line 1: 'A': the value is empty");
        refused("A=" + "x".repeat((1 << 20) + 1), "f, line 1: 'A': a value has at most 1 MiB");
    }

    @Test
    void a_file_of_a_hundred_thousand_quoted_lines_is_read_in_time_that_grows_with_it() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append("K").append(i).append("='v'\n");
        }
        assertThat(read(text.toString())).hasSize(100_000);
    }

    private static void refused(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(CliException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("sk-secret");
    }

    private static Map<String, String> read(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        try (EnvFile file = EnvFile.parse("f", text.getBytes(StandardCharsets.UTF_8))) {
            file.entries()
                    .forEach(entry -> values.put(
                            entry.key(), entry.value().exposing(bytes -> new String(bytes, StandardCharsets.UTF_8))));
        }
        return values;
    }
}
