package dev.nightsafe.core.sealing;

import static dev.nightsafe.core.sealing.Vectors.hex;
import static dev.nightsafe.core.sealing.Vectors.list;
import static dev.nightsafe.core.sealing.Vectors.map;
import static dev.nightsafe.core.sealing.Vectors.requireEqual;
import static dev.nightsafe.core.sealing.Vectors.requireRefused;
import static dev.nightsafe.core.sealing.Vectors.text;

import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.core.signing.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Locks that a root certified for a vault, and ones that it didn't. */
final class CertificateVectors {
    private static final String WORKSPACE = SealingVectors.HERE.workspaceId();
    private static final String VAULT = SealingVectors.HERE.vaultId();

    private static final long SERIAL = 1_795_000_000_000L;

    private CertificateVectors() {}

    static Map<String, @Nullable Object> make() {
        Lock lock = SealingVectors.lock("vault");
        byte[] good = LockCertificate.issue(signer("root"), WORKSPACE, VAULT, lock, SERIAL);
        byte[] damaged = good.clone();
        damaged[63] ^= 0x10;
        List<Map<String, @Nullable Object>> refused = new ArrayList<>();
        refused.add(certificate("another workspace", "root", VAULT, VAULT, lock, good));
        refused.add(certificate("another vault", "root", WORKSPACE, WORKSPACE, lock, good));
        refused.add(certificate("another lock", "root", WORKSPACE, VAULT, SealingVectors.lock("other"), good));
        refused.add(certificate("another root", "other root", WORKSPACE, VAULT, lock, good));
        refused.add(certificate("another serial", "root", WORKSPACE, VAULT, lock, SERIAL + 1, good));
        refused.add(certificate("damaged", "root", WORKSPACE, VAULT, lock, damaged));
        refused.add(certificate("cut", "root", WORKSPACE, VAULT, lock, java.util.Arrays.copyOf(good, 63)));
        refused.add(certificate("empty", "root", WORKSPACE, VAULT, lock, new byte[0]));
        refused.add(certificate("another purpose", "root", WORKSPACE, VAULT, lock, otherPurpose(lock)));
        return map(
                "suite",
                Suite.X_WING.id(),
                "roots",
                List.of(root("root"), root("other root")),
                "certified",
                List.of(certificate("a vault's lock", "root", WORKSPACE, VAULT, lock, good)),
                "refused",
                refused);
    }

    static Stream<Vectors.Check> checks(JsonNode file) {
        Stream<Vectors.Check> roots = list(file, "roots")
                .map(vector -> new Vectors.Check(text(vector, "name"), () -> {
                    Ed25519.PublicKey key = new Ed25519.Signer(SecretBytes.takeFrom(hex(vector, "seed"))).publicKey();
                    requireEqual(hex(vector, "publicKey"), key.encoded());
                    requireEqual(text(vector, "fingerprint"), key.fingerprint());
                }));
        Stream<Vectors.Check> certified = list(file, "certified")
                .map(vector -> new Vectors.Check(text(vector, "name"), () -> {
                    require(file, vector);
                    byte[] again = LockCertificate.issue(
                            new Ed25519.Signer(SecretBytes.takeFrom(hex(root(file, vector), "seed"))),
                            text(vector, "workspaceId"),
                            text(vector, "vaultId"),
                            new Lock(Suite.X_WING, hex(vector, "publicKey")),
                            vector.get("serial").asLong());
                    requireEqual(hex(vector, "certificate"), again);
                }));
        Stream<Vectors.Check> refused = list(file, "refused")
                .map(vector -> new Vectors.Check(
                        text(vector, "name"), () -> requireRefused("forbidden", () -> require(file, vector))));
        return Stream.of(roots, certified, refused).flatMap(checks -> checks);
    }

    private static void require(JsonNode file, JsonNode vector) {
        LockCertificate.require(
                new Ed25519.PublicKey(hex(root(file, vector), "publicKey")),
                text(vector, "workspaceId"),
                text(vector, "vaultId"),
                new Lock(Suite.X_WING, hex(vector, "publicKey")),
                vector.get("serial").asLong(),
                hex(vector, "certificate"));
    }

    private static JsonNode root(JsonNode file, JsonNode vector) {
        return list(file, "roots")
                .filter(root -> text(root, "name").equals(text(vector, "root")))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, @Nullable Object> certificate(
            String name, String root, String workspaceId, String vaultId, Lock lock, byte[] certificate) {
        return certificate(name, root, workspaceId, vaultId, lock, SERIAL, certificate);
    }

    private static Map<String, @Nullable Object> certificate(
            String name, String root, String workspaceId, String vaultId, Lock lock, long serial, byte[] certificate) {
        return map(
                "name", name,
                "root", root,
                "workspaceId", workspaceId,
                "vaultId", vaultId,
                "publicKey", hex(lock.publicKey()),
                "serial", serial,
                "certificate", hex(certificate));
    }

    private static byte[] otherPurpose(Lock lock) {
        return signer("root")
                .sign(Message.of("nightsafe/lock-certificate/1")
                        .add(WORKSPACE)
                        .add(VAULT)
                        .add(lock.suite().id())
                        .add(lock.publicKey())
                        .add(SERIAL)
                        .bytes());
    }

    private static Map<String, @Nullable Object> root(String name) {
        Ed25519.PublicKey key = signer(name).publicKey();
        return map(
                "name", name,
                "seed", hex(Vectors.fixed(name, 32)),
                "publicKey", hex(key.encoded()),
                "fingerprint", key.fingerprint());
    }

    private static Ed25519.Signer signer(String name) {
        return new Ed25519.Signer(SecretBytes.takeFrom(Vectors.fixed(name, 32)));
    }
}
