package dev.nightsafe.keeper.keys;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.Keys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** The root signing key: certifies locks, signs leases and grants. Made at the first start. Thread-safe. */
public final class Root {
    private static final String FINGERPRINT_FILE = "root.fingerprint";

    private final Ed25519.Signer signer;

    private Root(Ed25519.Signer signer) {
        this.signer = signer;
    }

    /**
     * Opens the root, or makes it when there is none, and writes its fingerprint to the folder.
     *
     * @throws NightsafeException {@code KEY_UNUSABLE} when {@code data.keys} doesn't open it
     */
    public static Root open(Database keys, Committer committer, DataKeys dataKeys, Path folder) {
        Optional<Keys.Root> stored = keys.read(Keys::root);
        Root root = new Root(stored.isPresent() ? unwrap(stored.get(), dataKeys) : make(committer, dataKeys));
        KeyFile.write(
                folder.resolve(FINGERPRINT_FILE), (root.fingerprint() + "\n").getBytes(StandardCharsets.US_ASCII));
        return root;
    }

    public Ed25519.Signer signer() {
        return signer;
    }

    /** The signature over these bytes, base64. */
    public String sign(byte[] message) {
        return Base64.getEncoder().encodeToString(signer.sign(message));
    }

    /** {@code sha256:…}, what runners and CLI pin. */
    public String fingerprint() {
        return signer.publicKey().fingerprint();
    }

    /** The public key, base64. */
    public String publicKey() {
        return Base64.getEncoder().encodeToString(signer.publicKey().encoded());
    }

    private static Ed25519.Signer make(Committer committer, DataKeys dataKeys) {
        try (SecretBytes seed = Ed25519.newPrivateKey()) {
            Ed25519.Signer made = new Ed25519.Signer(seed);
            byte[] publicKey = made.publicKey().encoded();
            Keys.Root row = new Keys.Root(publicKey, dataKeys.wrapRoot(publicKey, seed));
            committer.commit(transaction -> {
                Keys.insert(transaction.handle(), row, transaction.now());
                return true;
            });
            return made;
        }
    }

    private static Ed25519.Signer unwrap(Keys.Root row, DataKeys dataKeys) {
        if (!dataKeys.hasRoot()) {
            throw unusable();
        }
        try (SecretBytes seed = dataKeys.unwrapRoot(row.publicKey(), row.wrapped())) {
            Ed25519.Signer signer = new Ed25519.Signer(seed);
            if (signer.publicKey().equals(new Ed25519.PublicKey(row.publicKey()))) {
                return signer;
            }
        } catch (NightsafeException e) {
            // the same answer
        }
        throw unusable();
    }

    private static NightsafeException unusable() {
        return new NightsafeException(
                ProblemCode.KEY_UNUSABLE,
                "the root key in keys.db does not open with data.keys; bring that file back from a backup");
    }
}
