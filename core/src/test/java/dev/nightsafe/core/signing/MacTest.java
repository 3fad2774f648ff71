package dev.nightsafe.core.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.secret.SecretBytes;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MacTest {
    private final byte[] message = "message".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    @Test
    void it_verifies_its_own_and_nothing_else() {
        try (Mac mac = new Mac(key(1));
                Mac other = new Mac(key(2))) {
            byte[] made = mac.of(message);
            assertThat(mac.verifies(message, made)).isTrue();
            assertThat(mac.verifies(new byte[0], made)).isFalse();
            assertThat(other.verifies(message, made)).isFalse();
            assertThat(mac.verifies(message, Arrays.copyOf(made, 31))).isFalse();
            assertThat(mac.verifies(message, new byte[0])).isFalse();
        }
    }

    /** RFC 4231, test case 1, whose key of 20 bytes is, for HMAC, the same as with zeros after it. */
    @Test
    void it_is_hmac_sha256() {
        byte[] key = new byte[32];
        Arrays.fill(key, 0, 20, (byte) 0x0b);
        try (Mac mac = new Mac(SecretBytes.takeFrom(key))) {
            assertThat(HexFormat.of().formatHex(mac.of("Hi There".getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                    .isEqualTo("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        }
    }

    @Test
    void a_key_of_another_length_is_refused() {
        assertThatThrownBy(() -> new Mac(SecretBytes.takeFrom(new byte[31])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static SecretBytes key(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return SecretBytes.takeFrom(key);
    }
}
