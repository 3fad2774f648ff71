package dev.nightsafe.runner.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.testkit.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RedactorTest {
    private static final String MASK = "********";

    @Test
    void a_value_is_replaced_wherever_it_stands() {
        assertThat(redact("s3cret!", "a s3cret!s3cret! b s3cret!")).isEqualTo("a ******** b ********");
        assertThat(redact("s3cret!", "s3cre t!")).isEqualTo("s3cre t!");
    }

    @Test
    void values_of_fewer_than_four_bytes_and_protocol_words_are_left() {
        assertThat(redact("abc", "abc")).isEqualTo("abc");
        assertThat(redact("task", "{\"task_id\": \"1\"}")).isEqualTo("{\"task_id\": \"1\"}");
        assertThat(redact("abcd", "abcd")).isEqualTo(MASK);
    }

    @Test
    void a_short_value_is_masked_exactly_as_it_is_and_not_in_looser_ways() {
        assertThat(redact("s3cret!", "s3cret! S3CRET! s3cre t!")).isEqualTo(MASK + " S3CRET! s3cre t!");
        assertThat(redact("s3cret!", "czNjcmV0IQ== 73336372657421")).isEqualTo(MASK + "Q== " + MASK);
    }

    @Test
    void twenty_four_characters_of_a_value_are_masked_wherever_they_are_of_it() {
        Seeds.forEach(200, random -> {
            byte[] value = bytes(random, 48 + random.nextInt(500));
            String hex = HexFormat.of().formatHex(value);
            String base64 = Base64.getEncoder().encodeToString(value);
            for (String form : List.of(hex, base64)) {
                // The last character before base64's padding is only in part the value's.
                int at = random.nextInt(form.length() - 27);
                assertThat(redact(value, "<" + form.substring(at, at + 24) + ">"))
                        .isEqualTo("<" + MASK + ">");
            }
        });
    }

    @Test
    void of_a_megabyte_parts_are_found_and_its_table_is_bounded() {
        byte[] value = bytes(new Random(3), 1 << 20);
        String hex = HexFormat.of().formatHex(value);
        for (int at : new int[] {0, 1, 777_777, hex.length() - 520}) {
            assertThat(redact(value, "<" + hex.substring(at, at + 520) + ">")).isEqualTo("<" + MASK + ">");
        }
        assertThat(redact(value, "<" + hex + ">")).isEqualTo("<" + MASK + ">");
    }

    @Test
    void a_text_made_to_be_slow_is_masked_whole() {
        String prefix = "a".repeat(8);
        List<SecretBytes> values = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            values.add(SecretBytes.takeFrom(bytes(prefix + i + "~")));
        }
        try (Redactor redactor = Redactor.of(values)) {
            assertThat(redactor.redact("a".repeat(100_000))).isEqualTo(MASK);
        }
    }

    @Test
    void ordinary_text_is_left_as_it_is() throws IOException {
        Random random = new Random(5);
        List<SecretBytes> values = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            values.add(SecretBytes.takeFrom(SomeValues.binary(random)));
        }
        String text = Files.readString(Path.of("../docs/operating.md")) + Files.readString(Path.of("../docs/cli.md"));
        try (Redactor redactor = Redactor.of(values)) {
            assertThat(redactor.redact(text)).isEqualTo(text);
        }
    }

    @Test
    void base64_is_found_at_each_alignment_and_for_urls() {
        Seeds.forEach(200, random -> {
            byte[] value = bytes(random, 8 + random.nextInt(60));
            byte[] before = bytes(random, random.nextInt(7));
            byte[] after = bytes(random, random.nextInt(7));
            byte[] all = concat(before, value, after);
            for (Base64.Encoder encoder : List.of(
                    Base64.getEncoder(),
                    Base64.getUrlEncoder(),
                    Base64.getEncoder().withoutPadding(),
                    Base64.getUrlEncoder().withoutPadding())) {
                String clean = redact(value, "x " + encoder.encodeToString(all) + " y");
                assertThat(clean).contains(MASK);
            }
        });
    }

    @Test
    void json_escapes_are_found_and_the_line_stays_json() {
        Seeds.forEach(500, random -> {
            String value = text(random, 4 + random.nextInt(40));
            String line = Json.MAPPER.writeValueAsString(
                    Map.of("task_id", "1", "result", Map.of("k" + random.nextInt(), "<" + value + ">")));
            byte[] clean = redactJson(bytes(value), bytes(line));
            assertThat(clean).isNotNull();
            JsonNode node = Json.readTree(clean);
            assertThat(node.get("result").toString()).contains(MASK);
        });
    }

    @Test
    void pythons_ascii_json_is_found() {
        assertThat(redact("pässwörd😀", "\"p\\u00e4ssw\\u00f6rd\\ud83d\\ude00\""))
                .isEqualTo("\"" + MASK + "\"");
    }

    @Test
    void a_number_that_holds_a_value_becomes_a_string() {
        assertThat(json("4711", "{\"result\": 4711}")).isEqualTo("{\"result\": \"" + MASK + "\"}");
        assertThat(json("4711", "{\"result\": [1, -123.47114e5, 2]}"))
                .isEqualTo("{\"result\": [1, \"" + MASK + "\", 2]}");
    }

    @Test
    void an_escape_is_not_cut_in_two() {
        assertThat(json("nabcd", "{\"result\": \"x\\nabcd\"}")).isEqualTo("{\"result\": \"x" + MASK + "\"}");
        Json.readTree(bytes(json("ab\\", "{\"result\": \"ab\\\\n\"}")));
    }

    @Test
    void a_value_across_the_structure_is_refused() {
        assertThat(redactJson(bytes("\"a\": \"b\""), bytes("{\"result\": {\"a\": \"b\"}}")))
                .isNull();
    }

    @Test
    void a_long_value_is_found_in_parts() {
        byte[] value = bytes(new Random(1), 5000);
        String hex = HexFormat.of().formatHex(value);
        String clean = redact(hex, "start " + hex.substring(1000, 3000) + " end");
        assertThat(clean.length()).isLessThan(300);
        assertThat(clean).startsWith("start ").endsWith(" end").contains(MASK);
    }

    @Test
    void the_lines_of_a_pem_are_found_one_by_one() {
        String pem = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nEFAASCBKcwggSjAgEAAoIBAQ\n-----END KEY-----\n";
        assertThat(redact(pem, "EFAASCBKcwggSjAgEAAoIBAQ")).isEqualTo(MASK);
        assertThat(redact(pem, pem)).isEqualTo(MASK + "\n");
    }

    @Test
    void a_repetitive_megabyte_is_redacted_at_once() {
        byte[] value = new byte[1 << 20];
        Arrays.fill(value, (byte) 'A');
        byte[] line = new byte[2 << 20];
        Arrays.fill(line, (byte) 'A');
        assertThat(redact(value, new String(line, StandardCharsets.ISO_8859_1))).isEqualTo(MASK);
    }

    @Test
    void nothing_of_any_value_is_left_in_random_text() {
        Seeds.forEach(300, random -> {
            List<String> values = List.of(text(random, 8), text(random, 20), text(random, 300));
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 10; i++) {
                text.append(text(random, random.nextInt(10))).append(values.get(random.nextInt(3)));
            }
            try (Redactor redactor = Redactor.of(values.stream()
                    .map(value -> SecretBytes.takeFrom(bytes(value)))
                    .toList())) {
                assertThat(redactor.redact(text.toString())).doesNotContain(values);
            }
        });
    }

    private static String redact(String value, String text) {
        return redact(bytes(value), text);
    }

    private static String redact(byte[] value, String text) {
        try (SecretBytes secret = SecretBytes.takeFrom(value.clone());
                Redactor redactor = Redactor.of(List.of(secret))) {
            return redactor.redact(text);
        }
    }

    private static String json(String value, String line) {
        return new String(redactJson(bytes(value), bytes(line)), StandardCharsets.UTF_8);
    }

    @SuppressWarnings("NullAway") // the tests look at null themselves
    private static byte[] redactJson(byte[] value, byte[] line) {
        try (SecretBytes secret = SecretBytes.takeFrom(value.clone());
                Redactor redactor = Redactor.of(List.of(secret))) {
            return redactor.redactJson(line, 0, line.length);
        }
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        String alphabet = "abcdefghijkXYZ012345\"\\/\n\t\u0001äß€{}:,[]";
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.append("~#~").toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        for (int i = 0; i < length; i++) {
            bytes[i] |= 0x40; // no white space: what is around a value doesn't count
        }
        return bytes;
    }

    private static byte[] concat(byte[]... parts) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    @Test
    void a_long_value_that_is_there_twice_is_learnt_as_fast_as_once() {
        byte[] value = new byte[500_000];
        new java.util.Random(7).nextBytes(value);
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(java.time.Duration.ofSeconds(30), () -> {
            try (SecretBytes one = SecretBytes.takeFrom(value.clone());
                    SecretBytes same = SecretBytes.takeFrom(value.clone());
                    Redactor redactor = Redactor.of(List.of(one, same))) {
                assertThat(redactor.redact(value, 0, value.length)).isEqualTo(Redactor.MASK);
            }
        });
    }
}
