package dev.nightsafe.runner.agent;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;

/** The runner's Ed25519 key, {@code identity.key}: base64 of 32 bytes, 0600. It never leaves this machine. */
final class Identity {
    private Identity() {}

    /** Makes a new key, in place of one that may be there. */
    static Ed25519.Signer create(Path folder) {
        try (SecretBytes key = Ed25519.newPrivateKey()) {
            byte[] encoded = key.exposing(bytes -> Base64.getEncoder().encode(bytes));
            KeyFile.write(file(folder), encoded);
            Arrays.fill(encoded, (byte) 0);
            return new Ed25519.Signer(key);
        }
    }

    static Ed25519.Signer read(Path folder) {
        try (SecretBytes encoded = KeyFile.read(file(folder))) {
            byte[] bytes = encoded.exposing(text -> Base64.getDecoder().decode(text));
            try (SecretBytes key = SecretBytes.takeFrom(bytes)) {
                return new Ed25519.Signer(key);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new NightsafeException(
                    ProblemCode.KEY_UNUSABLE,
                    file(folder) + " is damaged; delete it with enrolment.json and start with a new token");
        }
    }

    private static Path file(Path folder) {
        return folder.resolve("identity.key");
    }
}
