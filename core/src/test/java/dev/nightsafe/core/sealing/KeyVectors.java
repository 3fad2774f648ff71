package dev.nightsafe.core.sealing;

import static dev.nightsafe.core.sealing.Vectors.hex;
import static dev.nightsafe.core.sealing.Vectors.list;
import static dev.nightsafe.core.sealing.Vectors.map;
import static dev.nightsafe.core.sealing.Vectors.requireEqual;
import static dev.nightsafe.core.sealing.Vectors.requireRefused;
import static dev.nightsafe.core.sealing.Vectors.text;

import dev.nightsafe.core.keys.Canary;
import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.keys.MasterKeys;
import dev.nightsafe.core.keys.WrappedKey;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Key rings, canaries, and opening keys under a master key. */
final class KeyVectors {
    private static final String WORKSPACE = SealingVectors.HERE.workspaceId();
    private static final String VAULT = SealingVectors.HERE.vaultId();
    private static final String ONE = Base64.getEncoder().encodeToString(master(1));
    private static final String TWO = Base64.getEncoder().encodeToString(master(2));

    private static final long SERIAL = 1_795_000_000_000L;

    private KeyVectors() {}

    static Map<String, @Nullable Object> make() {
        Lock lock = SealingVectors.lock("vault");
        byte[] wrapped = encrypt(2, associated(2, WORKSPACE, VAULT, lock.id(), SERIAL), SealingVectors.seed("vault"));
        byte[] damaged = wrapped.clone();
        damaged[20] ^= 1;
        byte[] canary = encrypt(1, canaryFor(1), "nightsafe canary".getBytes(StandardCharsets.UTF_8));
        return map(
                "masterKeys",
                List.of(map("version", 1, "key", hex(master(1))), map("version", 2, "key", hex(master(2)))),
                "wrapped",
                List.of(map(
                        "name",
                        "an opening key",
                        "workspaceId",
                        WORKSPACE,
                        "vaultId",
                        VAULT,
                        "publicKey",
                        hex(lock.publicKey()),
                        "serial",
                        SERIAL,
                        "masterVersion",
                        2,
                        "associated",
                        hex(associated(2, WORKSPACE, VAULT, lock.id(), SERIAL)),
                        "seed",
                        hex(SealingVectors.seed("vault")),
                        "wrapped",
                        hex(wrapped))),
                "wrappedRefused",
                List.of(
                        wrapped("another workspace", VAULT, VAULT, lock, 2, wrapped),
                        wrapped("another vault", WORKSPACE, WORKSPACE, lock, 2, wrapped),
                        wrapped("another lock", WORKSPACE, VAULT, SealingVectors.lock("other"), 2, wrapped),
                        wrapped("another serial", WORKSPACE, VAULT, lock, SERIAL + 1, 2, wrapped),
                        wrapped("another master-key version", WORKSPACE, VAULT, lock, 1, wrapped),
                        wrapped("a master-key version that isn't there", WORKSPACE, VAULT, lock, 3, wrapped),
                        wrapped("damaged", WORKSPACE, VAULT, lock, 2, damaged),
                        wrapped("cut", WORKSPACE, VAULT, lock, 2, Arrays.copyOf(wrapped, wrapped.length - 1)),
                        wrapped("empty", WORKSPACE, VAULT, lock, 2, new byte[0])),
                "canaries",
                List.of(
                        map("name", "the key's own", "version", 1, "encrypted", hex(canary), "opens", true),
                        map("name", "another key's", "version", 2, "encrypted", hex(canary), "opens", false),
                        map("name", "empty", "version", 1, "encrypted", "", "opens", false)),
                "rings",
                rings());
    }

    static Stream<Vectors.Check> checks(JsonNode file) {
        Stream<Vectors.Check> wrapped = list(file, "wrapped")
                .map(vector -> new Vectors.Check(text(vector, "name"), () -> {
                    String lock = new Lock(Suite.X_WING, hex(vector, "publicKey")).id();
                    requireEqual(
                            hex(vector, "associated"),
                            associated(
                                    vector.get("masterVersion").asInt(),
                                    text(vector, "workspaceId"),
                                    text(vector, "vaultId"),
                                    lock,
                                    vector.get("serial").asLong()));
                    requireEqual(hex(vector, "seed"), unwrap(file, vector));
                }));
        Stream<Vectors.Check> refused = list(file, "wrappedRefused")
                .map(vector -> new Vectors.Check(
                        text(vector, "name"), () -> requireRefused("secret-unreadable", () -> unwrap(file, vector))));
        Stream<Vectors.Check> canaries = list(file, "canaries")
                .map(vector -> new Vectors.Check(
                        "canary: " + text(vector, "name"),
                        () -> requireEqual(
                                vector.get("opens").asBoolean(),
                                Canary.opens(
                                        masterKeys(file), vector.get("version").asInt(), hex(vector, "encrypted")))));
        Stream<Vectors.Check> rings = list(file, "rings")
                .map(vector -> new Vectors.Check("ring: " + text(vector, "name"), () -> checkRing(vector)));
        return Stream.of(wrapped, refused, canaries, rings).flatMap(checks -> checks);
    }

    private static List<Map<String, @Nullable Object>> rings() {
        return List.of(
                ring("one key", "1 " + ONE + "\n", 1),
                ring("no line end", "1 " + ONE, 1),
                ring("the highest version is current", "2 " + TWO + "\n1 " + ONE + "\n", 2),
                ring("comments, empty lines, blanks", "# one\r\n\r\n \t\n  1 \t" + ONE + " \r\n# end", 1),
                badRing("nothing", "", null),
                badRing("only a comment", "# 1 " + ONE + "\n", null),
                badRing("a version twice", "1 " + ONE + "\n1 " + TWO + "\n", 2),
                badRing("no version", "\n" + ONE + "\n", 2),
                badRing("version 0", "0 " + ONE + "\n", 1),
                badRing("a leading zero", "01 " + ONE + "\n", 1),
                badRing("a sign", "+1 " + ONE + "\n", 1),
                badRing("a version of ten digits", "1000000000 " + ONE + "\n", 1),
                badRing("no key", "1\n", 1),
                badRing("31 bytes", "1 " + Base64.getEncoder().encodeToString(new byte[31]) + "\n", 1),
                badRing("33 bytes", "1 " + Base64.getEncoder().encodeToString(new byte[33]) + "\n", 1),
                badRing("no '=' at the end", "1 " + ONE.substring(0, 43) + "\n", 1),
                badRing("the URL alphabet", "1 " + "-_" + ONE.substring(2) + "\n", 1),
                badRing("something after the key", "1 " + ONE + " # one\n", 1));
    }

    private static void checkRing(JsonNode vector) {
        try {
            Path file = Files.createTempFile("ring", ".keys");
            try {
                KeyFile.write(file, text(vector, "text").getBytes(StandardCharsets.UTF_8));
                if (vector.get("current").isNull()) {
                    checkRefused(file, vector.get("line"));
                    return;
                }
                try (MasterKeys keys = MasterKeys.fromRingFile(file)) {
                    requireEqual(vector.get("current").asInt(), keys.currentVersion());
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkRefused(Path file, JsonNode line) {
        requireRefused("key-unusable", () -> {
            try {
                MasterKeys.fromRingFile(file).close();
            } catch (RuntimeException e) {
                String where = line.isNull() ? file + " has no key" : file + ", line " + line.asInt() + ":";
                requireEqual(true, String.valueOf(e.getMessage()).startsWith(where));
                throw e;
            }
        });
    }

    private static byte[] unwrap(JsonNode file, JsonNode vector) {
        WrappedKey wrapped = new WrappedKey(vector.get("masterVersion").asInt(), hex(vector, "wrapped"));
        Lock lock = new Lock(Suite.X_WING, hex(vector, "publicKey"));
        try (OpeningKey key = wrapped.unwrap(
                masterKeys(file),
                text(vector, "workspaceId"),
                text(vector, "vaultId"),
                lock,
                vector.get("serial").asLong())) {
            return key.exposeSeed().exposing(byte[]::clone);
        }
    }

    private static MasterKeys masterKeys(JsonNode file) {
        TreeMap<Integer, SecretBytes> keys = new TreeMap<>();
        list(file, "masterKeys")
                .forEach(key -> keys.put(key.get("version").asInt(), SecretBytes.takeFrom(hex(key, "key"))));
        return new MasterKeys(keys);
    }

    private static Map<String, @Nullable Object> ring(String name, String text, int current) {
        return map("name", name, "text", text, "current", current);
    }

    private static Map<String, @Nullable Object> badRing(String name, String text, @Nullable Integer line) {
        return map("name", name, "text", text, "current", null, "line", line);
    }

    private static Map<String, @Nullable Object> wrapped(
            String name, String workspaceId, String vaultId, Lock lock, int version, byte[] wrapped) {
        return wrapped(name, workspaceId, vaultId, lock, SERIAL, version, wrapped);
    }

    private static Map<String, @Nullable Object> wrapped(
            String name, String workspaceId, String vaultId, Lock lock, long serial, int version, byte[] wrapped) {
        return map(
                "name", name,
                "workspaceId", workspaceId,
                "vaultId", vaultId,
                "publicKey", hex(lock.publicKey()),
                "serial", serial,
                "masterVersion", version,
                "wrapped", hex(wrapped));
    }

    private static byte[] master(int version) {
        return Vectors.fixed("master key " + version, 32);
    }

    private static byte[] associated(int version, String workspaceId, String vaultId, String lock, long serial) {
        return Message.of("nightsafe/opening-key/2")
                .add(lock)
                .add(workspaceId)
                .add(vaultId)
                .add(serial)
                .add(version)
                .bytes();
    }

    private static byte[] canaryFor(int version) {
        return Message.of("nightsafe/canary/1").add(version).bytes();
    }

    /** AES-256-GCM with a nonce that is always the same; the real one draws it. */
    private static byte[] encrypt(int version, byte[] associated, byte[] plaintext) {
        try {
            byte[] nonce = Vectors.fixed("nonce " + hex(associated), 12);
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE, new SecretKeySpec(master(version), "AES"), new GCMParameterSpec(128, nonce));
            cipher.updateAAD(associated);
            return Sealing.enclose(nonce, cipher.doFinal(plaintext));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
