package dev.nightsafe.core.sealing;

import static dev.nightsafe.core.sealing.Vectors.hex;
import static dev.nightsafe.core.sealing.Vectors.list;
import static dev.nightsafe.core.sealing.Vectors.map;
import static dev.nightsafe.core.sealing.Vectors.requireEqual;
import static dev.nightsafe.core.sealing.Vectors.requireRefused;
import static dev.nightsafe.core.sealing.Vectors.text;

import dev.nightsafe.core.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.prng.FixedSecureRandom;
import org.bouncycastle.pqc.crypto.xwing.XWingKeyGenerationParameters;
import org.bouncycastle.pqc.crypto.xwing.XWingKeyPairGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Boxes that open to a value, and one for each way not to open. */
final class SealingVectors {
    static final DepositBinding HERE = new DepositBinding(
            "0197c1a0-0000-7000-8000-000000000001", "0197c1a0-0000-7000-8000-000000000002", "OPENAI_API_KEY", 3, true);

    private static final String WORKSPACE = HERE.workspaceId();
    private static final String VAULT = HERE.vaultId();
    private static final String OTHER = "0197c1a0-0000-7000-8000-000000000003";
    private static final String SUITE = Suite.X_WING.id();
    private static final byte[] VALUE = "sk-hunter2".getBytes(StandardCharsets.UTF_8);

    private SealingVectors() {}

    static Map<String, @Nullable Object> make() {
        List<Map<String, @Nullable Object>> opens = new ArrayList<>();
        opens.add(opens("a short value", HERE, VALUE));
        opens.add(opens("one byte", at("ONE", 1, true), new byte[] {0}));
        opens.add(opens("62 bytes", at("A", 1, true), Vectors.fixed("62", 62)));
        opens.add(opens("63 bytes fill a block with their mark", at("A", 1, true), Vectors.fixed("63", 63)));
        opens.add(opens("64 bytes need a second block", at("A", 1, true), Vectors.fixed("64", 64)));
        opens.add(opens("a value that ends like padding", at("A", 2, true), new byte[] {1, (byte) 0x80, 0, 0}));
        opens.add(opens("a PEM keeps its last line end", at("tls.key", 1, true), utf8("-----BEGIN X-----\nAA==\n")));
        opens.add(opens("UTF-8", at("A", 1, true), utf8("pässwörd \ud83d\udd11")));
        opens.add(opens("a Padmé length", at("LONG", 1, true), Vectors.fixed("padmé", 2100)));
        opens.add(opens("a plain entry", at("REGION", 1, false), utf8("eu-central-1")));
        opens.add(opens("a version above 2^32", at("A", 4_294_967_297L, true), VALUE));
        return map("suite", SUITE, "keys", List.of(key("vault"), key("other")), "opens", opens, "fails", fails());
    }

    static Stream<Vectors.Check> checks(JsonNode file) {
        Stream<Vectors.Check> keys = list(file, "keys")
                .map(vector -> new Vectors.Check("key " + text(vector, "name"), () -> {
                    requireEqual(hex(vector, "publicKey"), publicKey(hex(vector, "seed")));
                    requireEqual(text(vector, "lock"), new Lock(Suite.X_WING, hex(vector, "publicKey")).id());
                }));
        Stream<Vectors.Check> opens = list(file, "opens")
                .map(vector -> new Vectors.Check(text(vector, "name"), () -> {
                    try (OpeningKey key = openingKey(file, text(vector, "key"))) {
                        requireEqual(
                                hex(vector, "info"),
                                binding(vector).info(key.lock().id()));
                        requireEqual(hex(vector, "value"), open(key, vector));
                    }
                }));
        Stream<Vectors.Check> fails = list(file, "fails")
                .map(vector -> new Vectors.Check(
                        text(vector, "name"),
                        () -> requireRefused(text(vector, "problem"), () -> {
                            requireEqual(Suite.X_WING, Suite.of(text(vector, "suite")));
                            try (OpeningKey key = openingKey(file, text(vector, "key"))) {
                                open(key, vector);
                            }
                        })));
        return Stream.of(keys, opens, fails).flatMap(checks -> checks);
    }

    static OpeningKey openingKey(JsonNode file, String name) {
        JsonNode key = list(file, "keys")
                .filter(candidate -> text(candidate, "name").equals(name))
                .findFirst()
                .orElseThrow();
        return new OpeningKey(new Lock(Suite.X_WING, hex(key, "publicKey")), SecretBytes.takeFrom(hex(key, "seed")));
    }

    static byte[] open(OpeningKey key, JsonNode vector) {
        byte[] box = Base64.getDecoder().decode(text(vector, "box"));
        try (SecretBytes value = Sealing.open(key, binding(vector), box)) {
            return value.exposing(byte[]::clone);
        }
    }

    static DepositBinding binding(JsonNode vector) {
        JsonNode binding = vector.get("binding");
        return new DepositBinding(
                text(binding, "workspaceId"),
                text(binding, "vaultId"),
                text(binding, "key"),
                binding.get("version").asLong(),
                binding.get("secret").asBoolean());
    }

    static Map<String, @Nullable Object> shown(DepositBinding binding) {
        return map(
                "workspaceId", binding.workspaceId(),
                "vaultId", binding.vaultId(),
                "key", binding.key(),
                "version", binding.version(),
                "secret", binding.secret());
    }

    static byte[] seed(String key) {
        return Vectors.fixed("seed " + key, 32);
    }

    static Lock lock(String key) {
        return new Lock(Suite.X_WING, publicKey(seed(key)));
    }

    private static List<Map<String, @Nullable Object>> fails() {
        List<Map<String, @Nullable Object>> fails = new ArrayList<>();
        byte[] box = box(HERE, VALUE);
        int enc = Suite.X_WING.encapsulationLength();
        fails.add(moved("another workspace", new DepositBinding(OTHER, VAULT, HERE.key(), 3, true), box));
        fails.add(moved("another vault", new DepositBinding(WORKSPACE, OTHER, HERE.key(), 3, true), box));
        fails.add(moved("another key", at("OPENAI_API_KEZ", 3, true), box));
        fails.add(moved("another key's case", at("openai_api_key", 3, true), box));
        fails.add(moved("an older version", at(HERE.key(), 2, true), box));
        fails.add(moved("a newer version", at(HERE.key(), 4, true), box));
        fails.add(moved("a plain entry", at(HERE.key(), 3, false), box));
        fails.add(moved(
                "letters moved from vault to key",
                new DepositBinding(WORKSPACE, VAULT + "O", "PENAI_API_KEY", 3, true),
                box));
        fails.add(fails("another opening key", SUITE, "other", HERE, box, "secret-unreadable"));
        fails.add(moved(
                "bound to another lock's id",
                HERE,
                box(lock("vault"), HERE.info(lock("other").id()), Padding.pad(VALUE))));
        fails.add(moved("sealed without info", HERE, box(lock("vault"), new byte[0], Padding.pad(VALUE))));
        fails.add(moved("cut by one byte", HERE, Arrays.copyOf(box, box.length - 1)));
        fails.add(moved("one byte more", HERE, Arrays.copyOf(box, box.length + 1)));
        fails.add(moved("a whole block cut", HERE, cutBlock(box(HERE, Vectors.fixed("two blocks", 64)))));
        fails.add(moved("nothing after enc", HERE, Arrays.copyOf(box, enc)));
        fails.add(moved("a byte less than enc and tag", HERE, Arrays.copyOf(box, enc + 15)));
        fails.add(moved("empty", HERE, new byte[0]));
        fails.add(moved("a bit flipped in enc, the ML-KEM part", HERE, flipped(box, 0, 0x01)));
        fails.add(moved("a bit flipped in enc, the X25519 part", HERE, flipped(box, enc - 32, 0x01)));
        fails.add(moved("the bit of enc flipped that X25519 ignores", HERE, flipped(box, enc - 1, 0x80)));
        fails.add(moved("a bit flipped in the ciphertext", HERE, flipped(box, enc, 0x01)));
        fails.add(moved("a bit flipped in the tag", HERE, flipped(box, box.length - 1, 0x01)));
        fails.add(moved(
                "sealed with aad",
                HERE,
                box(lock("vault"), info(HERE), utf8("aad"), Padding.pad(VALUE), HPKE.aead_AES_GCM256)));
        fails.add(moved(
                "sealed with ChaCha20-Poly1305",
                HERE,
                box(lock("vault"), info(HERE), new byte[0], Padding.pad(VALUE), HPKE.aead_CHACHA20_POLY1305)));
        for (PaddingVectors.Malformed bad : PaddingVectors.malformed()) {
            fails.add(moved("padding: " + bad.name(), HERE, box(lock("vault"), info(HERE), bad.padded())));
        }
        fails.add(fails("an unknown suite", "hpke-x25519-sha256-aes256gcm", "vault", HERE, box, "invalid-box"));
        return fails;
    }

    private static Map<String, @Nullable Object> key(String name) {
        Lock lock = lock(name);
        return map("name", name, "seed", hex(seed(name)), "publicKey", hex(lock.publicKey()), "lock", lock.id());
    }

    private static Map<String, @Nullable Object> opens(String name, DepositBinding binding, byte[] value) {
        return map(
                "name", name,
                "key", "vault",
                "binding", shown(binding),
                "info", hex(info(binding)),
                "value", hex(value),
                "box", base64(box(binding, value)));
    }

    private static Map<String, @Nullable Object> moved(String name, DepositBinding to, byte[] box) {
        return fails(name, SUITE, "vault", to, box, "secret-unreadable");
    }

    private static Map<String, @Nullable Object> fails(
            String name, String suite, String key, DepositBinding binding, byte[] box, String problem) {
        return map(
                "name", name,
                "suite", suite,
                "key", key,
                "binding", shown(binding),
                "box", base64(box),
                "problem", problem);
    }

    private static DepositBinding at(String key, long version, boolean secret) {
        return new DepositBinding(WORKSPACE, VAULT, key, version, secret);
    }

    private static byte[] info(DepositBinding binding) {
        return binding.info(lock("vault").id());
    }

    private static byte[] box(DepositBinding binding, byte[] value) {
        return box(lock("vault"), info(binding), Padding.pad(value));
    }

    private static byte[] box(Lock lock, byte[] info, byte[] padded) {
        return box(lock, info, new byte[0], padded, HPKE.aead_AES_GCM256);
    }

    /** As {@link Sealing#seal}, but with randomness that follows from what is sealed. */
    private static byte[] box(Lock lock, byte[] info, byte[] aad, byte[] padded, short aead) {
        HPKE hpke = new HPKE(HPKE.mode_base, HPKE.kem_X_WING, HPKE.kdf_HKDF_SHA256, aead);
        byte[] randomness = Vectors.fixed("enc " + aead + hex(info) + hex(aad) + hex(padded), 64);
        HPKEContextWithEncapsulation context =
                hpke.setupBaseS(hpke.deserializePublicKey(lock.publicKey()), info, randomness);
        try {
            return Sealing.enclose(context.getEncapsulation(), context.seal(aad, padded));
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] publicKey(byte[] seed) {
        XWingKeyPairGenerator generator = new XWingKeyPairGenerator();
        generator.init(new XWingKeyGenerationParameters(new FixedSecureRandom(seed)));
        return Suite.X_WING
                .hpke()
                .serializePublicKey(generator.generateKeyPair().getPublic());
    }

    private static byte[] flipped(byte[] box, int at, int bits) {
        byte[] flipped = box.clone();
        flipped[at] ^= (byte) bits;
        return flipped;
    }

    /** The first of two blocks with the tag of both. */
    private static byte[] cutBlock(byte[] box) {
        byte[] cut = Arrays.copyOf(box, box.length - 64);
        System.arraycopy(box, box.length - 16, cut, cut.length - 16, 16);
        return cut;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
