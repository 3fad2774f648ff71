package dev.nightsafe.protocol.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.EnrolmentKey;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The messages between keeper and runner against {@code spec/vectors/grants.json}, which other languages run too. */
class GrantVectorsTest {
    private static final JsonNode FILE = JsonMapper.builder().build().readTree(GrantVectors.FILE.toFile());
    private static final Ed25519.PublicKey ROOT = new Ed25519.PublicKey(hex(FILE.get("root"), "publicKey"));
    private static final Ed25519.PublicKey RUNNER = new Ed25519.PublicKey(hex(FILE.get("runner"), "publicKey"));
    private static final byte[] ONE_TIME = hex(FILE.get("oneTime"), "publicKey");

    @Test
    void an_enrolment_is_signed_by_the_tokens_key_and_by_the_new_one() {
        JsonNode vector = FILE.get("enrolment");
        Ed25519.PublicKey token = EnrolmentKey.of(text(vector, "token")).publicKey();
        assertThat(token.encoded()).isEqualTo(hex(vector, "tokenKey"));
        byte[] message = SignedMessages.enrolment(
                ROOT.fingerprint(), token.encoded(), text(vector, "name"), text(vector, "isolation"), RUNNER.encoded());
        assertThat(message).isEqualTo(hex(vector, "message"));
        assertThat(token.verifies(message, hex(vector, "tokenProof"))).isTrue();
        assertThat(RUNNER.verifies(message, hex(vector, "proof"))).isTrue();
    }

    @Test
    void leases_are_signed_by_the_root() {
        byte[] serving = SignedMessages.servingLease(GrantVectors.servingLease(""));
        assertThat(serving).isEqualTo(hex(FILE.get("servingLease"), "message"));
        assertThat(ROOT.verifies(serving, hex(FILE.get("servingLease"), "signature")))
                .isTrue();
        byte[] task = SignedMessages.taskLease(GrantVectors.taskLease(""), "runner-1");
        assertThat(task).isEqualTo(hex(FILE.get("taskLease"), "message"));
        assertThat(ROOT.verifies(task, hex(FILE.get("taskLease"), "signature"))).isTrue();
    }

    @Test
    void a_request_is_signed_by_the_runner() {
        JsonNode vector = FILE.get("grantRequest");
        byte[] message = GrantVectors.requestMessage(text(vector, "nonce"), ONE_TIME);
        assertThat(message).isEqualTo(hex(vector, "message"));
        assertThat(RUNNER.verifies(message, hex(vector, "signature"))).isTrue();
    }

    @Test
    void the_bundle_has_these_entries() {
        try (GrantBundle bundle = GrantBundle.decode(SecretBytes.takeFrom(hex(FILE, "bundle")))) {
            assertThat(bundle.entries()).hasSize(FILE.get("entries").size());
            for (int i = 0; i < bundle.entries().size(); i++) {
                GrantBundle.Entry entry = bundle.entries().get(i);
                JsonNode expected = FILE.get("entries").get(i);
                assertThat(entry.vault()).isEqualTo(text(expected, "vault"));
                assertThat(entry.key()).isEqualTo(text(expected, "key"));
                assertThat(entry.version()).isEqualTo(expected.get("version").asLong());
                assertThat(entry.secret()).isEqualTo(expected.get("secret").asBoolean());
                assertThat(entry.value().<byte[]>exposing(byte[]::clone)).isEqualTo(hex(expected, "value"));
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> a_grant_opens_only_as_it_was_signed() {
        return FILE.get("grants")
                .valueStream()
                .map(grant -> DynamicTest.dynamicTest(text(grant, "name"), () -> {
                    assertThat(opens(grant)).isEqualTo(grant.get("opens").asBoolean());
                }));
    }

    /** What a runner does with a grant that answers its request. */
    private static boolean opens(JsonNode grant) {
        byte[] request = GrantVectors.requestMessage(text(FILE.get("grantRequest"), "nonce"), ONE_TIME);
        byte[] info = SignedMessages.grantInfo(text(grant, "grantId"), request);
        byte[] box = Base64.getDecoder().decode(text(grant, "box"));
        if (!ROOT.verifies(SignedMessages.grant(info, box), hex(grant, "signature"))) {
            return false;
        }
        Lock lock = new Lock(Suite.X_WING, ONE_TIME);
        try (OpeningKey key = new OpeningKey(lock, SecretBytes.takeFrom(hex(FILE.get("oneTime"), "seed")));
                SecretBytes bundle = Sealing.open(key, info, box)) {
            assertThat(bundle.<byte[]>exposing(byte[]::clone)).isEqualTo(hex(FILE, "bundle"));
            return true;
        } catch (NightsafeException e) {
            return false;
        }
    }

    private static String text(JsonNode vector, String field) {
        return vector.get(field).asString();
    }

    private static byte[] hex(JsonNode vector, String field) {
        return HexFormat.of().parseHex(text(vector, field));
    }
}
