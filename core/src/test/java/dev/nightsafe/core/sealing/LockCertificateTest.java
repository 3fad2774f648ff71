package dev.nightsafe.core.sealing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Ed25519;
import java.util.Arrays;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class LockCertificateTest {
    private final Ed25519.Signer root = new Ed25519.Signer(Ed25519.newPrivateKey());
    private final Lock lock = OpeningKey.generate(Suite.X_WING).lock();
    private final byte[] certificate = LockCertificate.issue(root, "w", "v", lock, 5);

    @Test
    void the_root_certifies_a_lock_for_one_vault() {
        LockCertificate.require(root.publicKey(), "w", "v", lock, 5, certificate);
        assertRefused(root, "w2", "v", lock, certificate);
        assertRefused(root, "w", "v2", lock, certificate);
        assertRefused(root, "wv", "", lock, certificate);
    }

    @Test
    void a_certificate_is_for_one_serial() {
        for (long serial : new long[] {0, 4, 6, -5}) {
            assertThatThrownBy(() -> LockCertificate.require(root.publicKey(), "w", "v", lock, serial, certificate))
                    .isInstanceOf(NightsafeException.class);
        }
    }

    @Test
    void another_lock_root_or_signature_is_refused() {
        assertRefused(root, "w", "v", OpeningKey.generate(Suite.X_WING).lock(), certificate);
        assertRefused(new Ed25519.Signer(Ed25519.newPrivateKey()), "w", "v", lock, certificate);
        assertRefused(root, "w", "v", lock, Arrays.copyOf(certificate, 63));
        assertRefused(root, "w", "v", lock, new byte[64]);
        assertRefused(root, "w", "v", lock, new byte[0]);
    }

    private static void assertRefused(
            Ed25519.Signer root, String workspaceId, String vaultId, Lock lock, byte[] certificate) {
        assertThatThrownBy(() -> LockCertificate.require(root.publicKey(), workspaceId, vaultId, lock, 5, certificate))
                .isInstanceOfSatisfying(
                        NightsafeException.class,
                        e -> Assertions.assertThat(e.code()).isEqualTo(ProblemCode.FORBIDDEN))
                .hasMessageContaining(root.publicKey().fingerprint());
    }
}
