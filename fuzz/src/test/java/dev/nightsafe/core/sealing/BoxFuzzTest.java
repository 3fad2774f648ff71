package dev.nightsafe.core.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.fuzz.Bounds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

class BoxFuzzTest {
    private static final OpeningKey KEY = OpeningKey.generate(Suite.X_WING);
    private static final byte[] INFO = "fuzz".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BOX = box();
    private static final Ed25519.PublicKey ROOT = new Ed25519.Signer(Ed25519.newPrivateKey()).publicKey();

    /** The input is laid over a genuine box from its end, so that header, ciphertext and tag are damaged each. */
    @FuzzTest
    void box(byte[] bytes) {
        byte[] damaged = BOX.clone();
        for (int i = 0; i < Math.min(bytes.length, damaged.length); i++) {
            damaged[damaged.length - 1 - i] ^= bytes[i];
        }
        for (byte[] box : new byte[][] {bytes, damaged, Arrays.copyOf(BOX, bytes.length)}) {
            Bounds.parsed(() -> Sealing.open(KEY, INFO, box), ProblemCode.SECRET_UNREADABLE)
                    .ifPresent(opened -> {
                        assertThat(box).isEqualTo(BOX);
                        opened.close();
                    });
        }
    }

    @FuzzTest
    void lockAndCertificate(byte[] bytes) {
        byte[] key = Arrays.copyOf(bytes, Suite.X_WING.publicKeyLength());
        Lock lock = new Lock(Suite.X_WING, key);
        Bounds.parsed(
                        () -> {
                            LockCertificate.require(ROOT, "w", "v", lock, 1, bytes);
                            return lock;
                        },
                        ProblemCode.FORBIDDEN)
                .ifPresent(certified -> {
                    throw new AssertionError("nobody certified " + certified);
                });
        try (SecretBytes value = SecretBytes.takeFrom(new byte[] {1})) {
            Bounds.parsed(() -> Sealing.seal(lock, INFO, value), ProblemCode.INVALID_BOX);
        }
        Bounds.parsed(() -> new Lock(Suite.X_WING, bytes), ProblemCode.INVALID_BOX);
    }

    private static byte[] box() {
        try (SecretBytes value = SecretBytes.takeFrom(new byte[100])) {
            return Sealing.seal(KEY.lock(), INFO, value);
        }
    }
}
