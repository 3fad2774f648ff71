package dev.nightsafe.runner.agent;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;

/** The runner's Ed25519 key, {@code identity.key}: base64 of 32 bytes, 0600. It never leaves this machine. */
final class Identity {
    private static final String OFFERED = "offered-";

    private Identity() {}

    /** Keeps a key, in place of one that may be there; the key stays the caller's. */
    static void write(Path folder, SecretBytes key) {
        byte[] encoded = key.exposing(bytes -> Base64.getEncoder().encode(bytes));
        try {
            KeyFile.write(file(folder), encoded);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /** The key that is offered with one token, the same at each try; made and kept at the first. The caller closes it. */
    static SecretBytes offered(Path folder, String tokenHash) {
        return KeyFile.readOrCreate(
                folder.resolve(OFFERED + tokenHash.substring(0, 16) + ".key"), Ed25519::newPrivateKey);
    }

    /** After an enrolment. */
    static void forgetOffered(Path folder) {
        try (DirectoryStream<Path> offered = Files.newDirectoryStream(folder, OFFERED + "*")) {
            for (Path file : offered) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't tidy " + folder, e);
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
