package dev.nightsafe.core.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "abc", " abc\n", "task", "TASK_ID", "next-steps", "true", "ogres"})
    void too_short_and_the_protocols_own_words_are_never_masked(String value) {
        assertThat(of(value)).isEqualTo(Masking.NEVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4711", "s3cret!", "a:b c:d e:f", "\n1234567\n"})
    void fewer_than_eight_bytes_that_count_are_masked_only_as_they_are(String value) {
        assertThat(of(value)).isEqualTo(Masking.PLAIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "Production",
                "two words",
                "12345678",
                "2026-11-22",
                "192.168.0.10",
                "AAAAAAAAAAAAAAAA"
            })
    void words_numbers_and_runs_are_common(String value) {
        assertThat(of(value)).isEqualTo(Masking.COMMON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hunter-2!", "correct horse battery", "1234567890123", "pässwörd", "-----BEGIN KEY-----\nAAAA\n"
            })
    void others_are_masked_fully(String value) {
        assertThat(of(value)).isEqualTo(Masking.FULLY);
    }

    @Test
    void looking_at_a_value_leaves_it_as_it_is() {
        try (SecretBytes value = SecretBytes.takeFrom("geheim!!".getBytes(StandardCharsets.UTF_8))) {
            Masking.of(value);
            assertThat(value.<Byte>exposing(bytes -> bytes[0])).isEqualTo((byte) 'g');
        }
    }

    private static Masking of(String value) {
        try (SecretBytes secret = SecretBytes.takeFrom(value.getBytes(StandardCharsets.UTF_8))) {
            return Masking.of(secret);
        }
    }
}
