package dev.nightsafe.core.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.pqc.crypto.xwing.XWingKEMExtractor;
import org.bouncycastle.pqc.crypto.xwing.XWingPrivateKeyParameters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bouncy Castle's HPKE against the vectors of RFC 9180 and of hpke-pq, before it is trusted with X-Wing. */
class PublicVectorsTest {
    private static final Path FOLDER = Path.of("..", "spec", "vectors", "public");
    private static final int X_WING = 0x647a;
    private static final int HKDF_SHA256 = 1;

    static Stream<JsonNode> rfc9180() {
        return read("rfc9180.json");
    }

    static Stream<JsonNode> xWing() {
        return read("hpke-pq.json");
    }

    static Stream<JsonNode> xWingWithHkdf() {
        return xWing().filter(vector -> vector.get("kdf_id").asInt() == HKDF_SHA256);
    }

    @ParameterizedTest
    @MethodSource({"rfc9180", "xWingWithHkdf"})
    void opens_and_exports_what_others_sealed(JsonNode vector) throws Exception {
        HPKE hpke = hpke(vector);
        AsymmetricCipherKeyPair recipient = hpke.deserializePrivateKey(hex(vector, "skRm"), hex(vector, "pkRm"));
        assertThat(hpke.serializePublicKey(recipient.getPublic())).isEqualTo(hex(vector, "pkRm"));
        HPKEContext context = hpke.setupBaseR(hex(vector, "enc"), recipient, hex(vector, "info"));
        for (JsonNode message : vector.get("encryptions")) {
            assertThat(context.open(hex(message, "aad"), hex(message, "ct"))).isEqualTo(hex(message, "pt"));
        }
        for (JsonNode export : vector.get("exports")) {
            assertThat(context.export(
                            hex(export, "exporter_context"), export.get("L").asInt()))
                    .isEqualTo(hex(export, "exported_value"));
        }
    }

    @ParameterizedTest
    @MethodSource("xWingWithHkdf")
    void seals_the_very_bytes_under_the_same_randomness(JsonNode vector) throws Exception {
        HPKE hpke = hpke(vector);
        HPKEContextWithEncapsulation context = hpke.setupBaseS(
                hpke.deserializePublicKey(hex(vector, "pkRm")), hex(vector, "info"), hex(vector, "ikmE"));
        assertThat(context.getEncapsulation()).isEqualTo(hex(vector, "enc"));
        for (JsonNode message : vector.get("encryptions")) {
            assertThat(context.seal(hex(message, "aad"), hex(message, "pt"))).isEqualTo(hex(message, "ct"));
        }
    }

    /** The vector with SHAKE256 fits as far as the KEM: Bouncy Castle's HPKE has no such key schedule, nor has our suite. */
    @ParameterizedTest
    @MethodSource("xWing")
    void decapsulates_what_others_encapsulated(JsonNode vector) {
        XWingPrivateKeyParameters key = new XWingPrivateKeyParameters(hex(vector, "skRm"));
        assertThat(key.getEncoded()).isEqualTo(hex(vector, "skRm"));
        assertThat(new XWingKEMExtractor(key).extractSecret(hex(vector, "enc")))
                .isEqualTo(hex(vector, "shared_secret"));
    }

    private static HPKE hpke(JsonNode vector) {
        return new HPKE(
                HPKE.mode_base,
                vector.get("kem_id").shortValue(),
                vector.get("kdf_id").shortValue(),
                vector.get("aead_id").shortValue());
    }

    private static byte[] hex(JsonNode vector, String field) {
        return HexFormat.of().parseHex(vector.get(field).asString());
    }

    private static Stream<JsonNode> read(String file) {
        List<JsonNode> vectors = JsonMapper.builder()
                .build()
                .readTree(FOLDER.resolve(file).toFile())
                .valueStream()
                .toList();
        assertThat(vectors).isNotEmpty().allMatch(vector -> !file.startsWith("hpke-pq") || kem(vector) == X_WING);
        return vectors.stream();
    }

    private static int kem(JsonNode vector) {
        return vector.get("kem_id").asInt();
    }
}
