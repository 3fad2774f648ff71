package dev.nightsafe.runner.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that {@code docs/redaction.md} promises is found, whatever stands around it and however it arrives. */
class RecallTest {
    private static final String BEFORE = "<begin>";
    private static final String AFTER = "<end>";

    /** For text only; the bytes of other values have no such spelling. */
    private static final Set<Encoding> OF_TEXT =
            Set.of(Encoding.PYTHON_ASCII, Encoding.JAVASCRIPT_CODE_POINTS, Encoding.HTML, Encoding.HTML_IN_JSON);

    @ParameterizedTest
    @EnumSource
    void a_value_is_masked_in_this_encoding(Encoding encoding) {
        Seeds.forEach(100, random -> {
            byte[] value = value(encoding, random);
            byte[] text = surrounded(encoding.encode(value, random));
            try (Redactor redactor = redactor(value, random)) {
                assertMasked(encoding, text, redactor.redact(text, 0, text.length));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_value_that_comes_in_pieces_is_masked_in_this_encoding(Encoding encoding) {
        Seeds.forEach(40, random -> {
            byte[] value = value(encoding, random);
            byte[] text = surrounded(encoding.encode(value, random));
            try (Redactor redactor = redactor(value, random)) {
                assertMasked(encoding, text, inPieces(redactor, text, random));
            }
        });
    }

    private static byte[] value(Encoding encoding, Random random) {
        return OF_TEXT.contains(encoding) || random.nextBoolean() ? SomeValues.text(random) : SomeValues.binary(random);
    }

    private static byte[] surrounded(byte[] text) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(BEFORE.getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(text);
        all.writeBytes(AFTER.getBytes(StandardCharsets.US_ASCII));
        return all.toByteArray();
    }

    /** Knows other values too. */
    private static Redactor redactor(byte[] value, Random random) {
        List<SecretBytes> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.add(SecretBytes.takeFrom(SomeValues.text(random)));
        }
        values.add(SecretBytes.takeFrom(value.clone()));
        try {
            return Redactor.of(values);
        } finally {
            values.forEach(SecretBytes::close);
        }
    }

    private static byte[] inPieces(Redactor redactor, byte[] text, Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int longest = 1 + random.nextInt(40);
        try (RedactedStream stream =
                new RedactedStream(redactor, (bytes, from, to) -> out.write(bytes, from, to - from))) {
            for (int at = 0; at < text.length; ) {
                int to = Math.min(text.length, at + 1 + random.nextInt(longest));
                stream.write(text, at, to);
                stream.passDecided();
                at = to;
            }
        }
        return out.toByteArray();
    }

    /** All of it is gone, but for what of a longer base64 or base32 text isn't the value's. */
    private static void assertMasked(Encoding encoding, byte[] text, byte[] clean) {
        String result = new String(clean, StandardCharsets.ISO_8859_1);
        if (encoding.name().startsWith("BASE")) {
            assertThat(result).contains("********").startsWith(BEFORE).endsWith(AFTER);
            assertThat(clean.length).isLessThanOrEqualTo(foreign(encoding));
        } else {
            String expected =
                    BEFORE + "********" + (result.contains(":<") ? ":" : result.contains(" <") ? " " : "") + AFTER;
            assertThat(result).isEqualTo(expected);
        }
        assertThat(text.length).isPositive();
    }

    /** The most that may be left: bytes around the value, coded and wrapped, two characters shared, padding. */
    private static int foreign(Encoding encoding) {
        int around = switch (encoding) {
            case BASE_64_SHIFTED_1, BASE_64_SHIFTED_2 -> 82 * 4 / 3 * 7 / 5;
            case BASE_32 -> 25 * 8 / 5 + 2;
            default -> 0;
        };
        return BEFORE.length() + AFTER.length() + 8 + around + 30;
    }
}
