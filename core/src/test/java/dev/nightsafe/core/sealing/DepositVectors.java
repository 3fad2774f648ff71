package dev.nightsafe.core.sealing;

import static dev.nightsafe.core.sealing.Vectors.hex;
import static dev.nightsafe.core.sealing.Vectors.list;
import static dev.nightsafe.core.sealing.Vectors.map;
import static dev.nightsafe.core.sealing.Vectors.requireEqual;
import static dev.nightsafe.core.sealing.Vectors.text;

import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Mac;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The console's MAC over what it accepted. */
final class DepositVectors {
    private static final DepositBinding HERE = SealingVectors.HERE;

    /** 2027-01-01. */
    private static final long EXPIRES = 1_798_761_600_000L;

    private DepositVectors() {}

    static Map<String, @Nullable Object> make() {
        String lock = SealingVectors.lock("vault").id();
        byte[] boxHash = Vectors.fixed("box hash", 32);
        byte[] message = HERE.authenticated(lock, boxHash, EXPIRES);
        byte[] good = mac(Vectors.fixed("deposit key", 32)).of(message);
        byte[] damaged = good.clone();
        damaged[0] ^= 1;
        DepositBinding older = new DepositBinding(HERE.workspaceId(), HERE.vaultId(), HERE.key(), 2, true);
        DepositBinding plain = new DepositBinding(HERE.workspaceId(), HERE.vaultId(), HERE.key(), 3, false);
        byte[] otherKey = mac(Vectors.fixed("another deposit key", 32)).of(message);
        return map(
                "key",
                hex(Vectors.fixed("deposit key", 32)),
                "accepted",
                List.of(map(
                        "name", "a deposit",
                        "binding", SealingVectors.shown(HERE),
                        "lock", lock,
                        "boxHash", hex(boxHash),
                        "expiresAt", EXPIRES,
                        "message", hex(message),
                        "mac", hex(good))),
                "refused",
                List.of(
                        deposit("another version", older, lock, boxHash, good),
                        deposit("a plain entry", plain, lock, boxHash, good),
                        deposit(
                                "another lock",
                                HERE,
                                SealingVectors.lock("other").id(),
                                boxHash,
                                good),
                        deposit("another box", HERE, lock, Vectors.fixed("another box hash", 32), good),
                        deposit("a later end", HERE, lock, boxHash, EXPIRES + 1, good),
                        deposit("no end", HERE, lock, boxHash, 0, good),
                        deposit("another key's MAC", HERE, lock, boxHash, otherKey),
                        deposit("damaged", HERE, lock, boxHash, damaged),
                        deposit("cut", HERE, lock, boxHash, java.util.Arrays.copyOf(good, 16)),
                        deposit("empty", HERE, lock, boxHash, new byte[0])));
    }

    static Stream<Vectors.Check> checks(JsonNode file) {
        Stream<Vectors.Check> accepted = list(file, "accepted")
                .map(vector -> new Vectors.Check(text(vector, "name"), () -> {
                    requireEqual(hex(vector, "message"), message(vector));
                    requireEqual(hex(vector, "mac"), mac(hex(file, "key")).of(message(vector)));
                    requireEqual(true, mac(hex(file, "key")).verifies(message(vector), hex(vector, "mac")));
                }));
        Stream<Vectors.Check> refused = list(file, "refused")
                .map(vector -> new Vectors.Check(
                        text(vector, "name"),
                        () -> requireEqual(
                                false, mac(hex(file, "key")).verifies(message(vector), hex(vector, "mac")))));
        return Stream.concat(accepted, refused);
    }

    private static byte[] message(JsonNode vector) {
        return SealingVectors.binding(vector)
                .authenticated(
                        text(vector, "lock"),
                        hex(vector, "boxHash"),
                        vector.get("expiresAt").longValue());
    }

    private static Map<String, @Nullable Object> deposit(
            String name, DepositBinding binding, String lock, byte[] boxHash, byte[] mac) {
        return deposit(name, binding, lock, boxHash, EXPIRES, mac);
    }

    private static Map<String, @Nullable Object> deposit(
            String name, DepositBinding binding, String lock, byte[] boxHash, long expiresAt, byte[] mac) {
        return map(
                "name",
                name,
                "binding",
                SealingVectors.shown(binding),
                "lock",
                lock,
                "boxHash",
                hex(boxHash),
                "expiresAt",
                expiresAt,
                "mac",
                hex(mac));
    }

    private static Mac mac(byte[] key) {
        return new Mac(SecretBytes.takeFrom(key));
    }
}
