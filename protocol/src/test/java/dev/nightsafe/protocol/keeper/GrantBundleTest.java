package dev.nightsafe.protocol.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrantBundleTest {
    private static final byte[] ENCODED = encoded(
            new GrantBundle.Entry("väult", "KEY", 7, true, secret("value")),
            new GrantBundle.Entry("v", "PLAIN", 1L << 40, false, secret("")));

    @Test
    void a_bundle_comes_back_as_it_was() {
        try (SecretBytes encoded = SecretBytes.takeFrom(ENCODED.clone());
                GrantBundle bundle = GrantBundle.decode(encoded)) {
            assertThat(bundle.entries())
                    .extracting(GrantBundle.Entry::vault, GrantBundle.Entry::key, GrantBundle.Entry::version)
                    .containsExactly(tuple("väult", "KEY", 7L), tuple("v", "PLAIN", 1L << 40));
            assertThat(bundle.entries()).extracting(GrantBundle.Entry::secret).containsExactly(true, false);
            assertThat(bundle.entries().getFirst().value().<byte[]>exposing(byte[]::clone))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("value");
            assertThat(bundle.entries().getLast().value().length()).isZero();
        }
    }

    @Test
    void a_bundle_cut_or_lengthened_anywhere_is_refused() {
        for (int length = 0; length <= ENCODED.length + 1; length++) {
            if (length != ENCODED.length) {
                assertMalformed(Arrays.copyOf(ENCODED, length));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ffffffff",
                "7fffffff",
                "00000001" + "ffffffff",
                "00000001" + "7fffffff",
                "00000001" + "00000001ff" + "0000000141" + "0000000000000001" + "01" + "00000000",
                "00000001" + "0000000161" + "0000000141" + "0000000000000001" + "02" + "00000000",
                "00000001" + "0000000161" + "0000000141" + "0000000000000001" + "01" + "ffffffff"
            })
    void a_bundle_that_encode_did_not_make_is_refused(String hex) {
        assertMalformed(HexFormat.of().parseHex(hex));
    }

    @Test
    void a_bundle_with_a_closed_value_is_not_encoded() {
        GrantBundle bundle = new GrantBundle(List.of(new GrantBundle.Entry("v", "K", 1, true, secret("value"))));
        bundle.close();
        assertThatThrownBy(bundle::encode).isInstanceOf(IllegalStateException.class);
    }

    private static void assertMalformed(byte[] bytes) {
        try (SecretBytes encoded = SecretBytes.takeFrom(bytes)) {
            assertThatThrownBy(() -> GrantBundle.decode(encoded))
                    .isInstanceOfSatisfying(
                            NightsafeException.class,
                            e -> assertThat(e.code()).isEqualTo(ProblemCode.SECRET_UNREADABLE))
                    .hasMessage("the grant's bundle is malformed");
        }
    }

    private static byte[] encoded(GrantBundle.Entry... entries) {
        try (GrantBundle bundle = new GrantBundle(List.of(entries));
                SecretBytes encoded = bundle.encode()) {
            return encoded.exposing(byte[]::clone);
        }
    }

    private static SecretBytes secret(String text) {
        return SecretBytes.takeFrom(text.getBytes(StandardCharsets.UTF_8));
    }
}
