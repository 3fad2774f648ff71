package dev.nightsafe.core.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.secret.SecretBytes;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ed25519Test {
    /** RFC 8032, section 7.1, tests 1 to 3. */
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
                + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
                + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    })
    void it_is_what_rfc_8032_says(String seed, String publicKey, String message, String signature) {
        try (SecretBytes key = SecretBytes.takeFrom(hex(seed))) {
            Ed25519.Signer signer = new Ed25519.Signer(key);
            assertThat(signer.publicKey().encoded()).isEqualTo(hex(publicKey));
            assertThat(signer.sign(hex(message))).isEqualTo(hex(signature));
            assertThat(signer.publicKey().verifies(hex(message), hex(signature)))
                    .isTrue();
        }
    }

    @Test
    void another_message_key_or_signature_does_not_verify() {
        Ed25519.Signer signer = signer();
        byte[] message = {1, 2, 3};
        byte[] signature = signer.sign(message);
        assertThat(signer.publicKey().verifies(new byte[] {1, 2}, signature)).isFalse();
        assertThat(signer().publicKey().verifies(message, signature)).isFalse();
        assertThat(signer.publicKey().verifies(message, Arrays.copyOf(signature, 63)))
                .isFalse();
        assertThat(signer.publicKey().verifies(message, new byte[64])).isFalse();
        for (int i = 0; i < 64; i++) {
            byte[] damaged = signature.clone();
            damaged[i] ^= 1;
            assertThat(signer.publicKey().verifies(message, damaged)).isFalse();
        }
    }

    /** A second valid signature must not come from a first: S has one encoding. */
    @Test
    void s_plus_the_group_order_does_not_verify() {
        Ed25519.Signer signer = signer();
        byte[] signature = signer.sign(new byte[] {1});
        BigInteger order = BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));
        byte[] s = reversed(Arrays.copyOfRange(signature, 32, 64));
        byte[] larger = reversed(new BigInteger(1, s).add(order).toByteArray());
        System.arraycopy(Arrays.copyOf(larger, 32), 0, signature, 32, 32);
        assertThat(signer.publicKey().verifies(new byte[] {1}, signature)).isFalse();
    }

    @Test
    void what_is_no_point_of_full_order_is_no_public_key() {
        byte[] identity = new byte[32];
        identity[0] = 1;
        byte[] orderTwo = hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
        byte[] notCanonical = hex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
        byte[] orderFour = new byte[32];
        byte[] notOnCurve = new byte[32];
        notOnCurve[0] = 2;
        for (byte[] bad : new byte[][] {identity, orderTwo, notCanonical, orderFour, notOnCurve, new byte[31], {}}) {
            assertThatThrownBy(() -> new Ed25519.PublicKey(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_fingerprint_names_the_key() {
        Ed25519.PublicKey key = signer().publicKey();
        assertThat(key.fingerprint()).matches("sha256:[0-9a-f]{64}").isEqualTo(key.toString());
        assertThat(key)
                .isEqualTo(new Ed25519.PublicKey(key.encoded()))
                .hasSameHashCodeAs(new Ed25519.PublicKey(key.encoded()));
        assertThat(key).isNotEqualTo(signer().publicKey());
    }

    private static Ed25519.Signer signer() {
        try (SecretBytes key = Ed25519.newPrivateKey()) {
            return new Ed25519.Signer(key);
        }
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
