package dev.nightsafe.core.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.Repeat;
import dev.nightsafe.core.secret.SecretBytes;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AesGcmTest {
    private static final byte[] HERE = {1, 2};
    private final SecretBytes key = SecretBytes.takeFrom(new byte[32]);

    @Test
    void what_is_encrypted_decrypts() {
        Repeat.times(200, random -> {
            byte[] plaintext = Repeat.bytes(random, 500);
            byte[] associated = Repeat.bytes(random, 50);
            assertThat(AesGcm.decrypt(key, associated, AesGcm.encrypt(key, associated, plaintext)))
                    .isEqualTo(plaintext);
        });
    }

    @Test
    void elsewhere_damaged_cut_or_under_another_key_it_does_not() {
        byte[] encrypted = AesGcm.encrypt(key, HERE, new byte[] {9});
        assertUnreadable(key, new byte[] {1, 3}, encrypted);
        assertUnreadable(key, new byte[0], encrypted);
        for (int i = 0; i < encrypted.length; i++) {
            byte[] damaged = encrypted.clone();
            damaged[i] ^= 1;
            assertUnreadable(key, HERE, damaged);
            assertUnreadable(key, HERE, Arrays.copyOf(encrypted, i));
        }
        try (SecretBytes other = SecretBytes.takeFrom(Arrays.copyOf(new byte[] {1}, 32))) {
            assertUnreadable(other, HERE, encrypted);
        }
    }

    @Test
    void the_same_text_becomes_another_each_time() {
        assertThat(AesGcm.encrypt(key, HERE, HERE)).isNotEqualTo(AesGcm.encrypt(key, HERE, HERE));
    }

    @Test
    void a_key_of_128_bits_is_refused() {
        try (SecretBytes small = SecretBytes.takeFrom(new byte[16])) {
            assertThatThrownBy(() -> AesGcm.encrypt(small, HERE, HERE)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void assertUnreadable(SecretBytes key, byte[] associated, byte[] encrypted) {
        assertThatThrownBy(() -> AesGcm.decrypt(key, associated, encrypted))
                .isInstanceOfSatisfying(
                        NightsafeException.class, e -> assertThat(e.code()).isEqualTo(ProblemCode.SECRET_UNREADABLE))
                .hasMessage("stored ciphertext does not decrypt: wrong key, wrong place, or damaged")
                .hasNoCause();
    }
}
