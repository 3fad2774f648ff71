package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.Base64URL;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The corpus of forged sign-ins. */
class AssertionTest extends KeeperTestCase {
    private static final String EDDSA = "{\"alg\":\"EdDSA\"}";

    private RunnerRole runner;

    @BeforeEach
    void enrol() {
        runner = runner("r1", "*");
    }

    @Test
    void a_good_assertion_gives_an_access_token_for_five_minutes() {
        KeeperApi.AccessToken token =
                runner.signIn(runner.assertion(runner.claims())).as(KeeperApi.AccessToken.class);
        assertThat(token.expiresInSecs()).isEqualTo(300);
        assertThat(use(token.accessToken()).status()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(5));
        use(token.accessToken()).refusedWith(ProblemCode.UNAUTHENTICATED);
    }

    @Test
    void typ_and_the_runners_own_kid_are_allowed() {
        String header = "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"" + runner.id() + "\"}";
        runner.signIn(RunnerRole.jws(header, runner.claims(), runner.key)).as(KeeperApi.AccessToken.class);
    }

    @Test
    void an_assertion_is_good_once_even_for_many_at_once() throws Exception {
        String assertion = runner.assertion(runner.claims());
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(executor.submit(() -> runner.signIn(assertion).status()));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get());
            }
            assertThat(statuses).containsOnlyOnce(200);
        }
        refused(assertion);
    }

    @Test
    void another_algorithm_is_refused() {
        String publicKey = new String(runner.key.publicKey().encoded(), StandardCharsets.ISO_8859_1);
        for (String alg : List.of("none", "None", "HS256", "ES256", "RS256", "PS256", "ed25519", "eddsa", "")) {
            String header = "{\"alg\":\"" + alg + "\"}";
            refused(RunnerRole.jws(header, runner.claims(), runner.key));
            refused(unsigned(header) + ".");
            refused(unsigned(header) + "." + Base64URL.encode(hmac(unsigned(header), publicKey)));
        }
        refused(RunnerRole.jws("{}", runner.claims(), runner.key));
        refused(unsigned(EDDSA) + ".");
        refused(unsigned(EDDSA) + "." + Base64URL.encode(new byte[64]));
    }

    @Test
    void a_key_that_the_assertion_brings_is_refused() {
        Ed25519.Signer thief = RunnerRole.newKey();
        String jwk = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
                + Base64URL.encode(thief.publicKey().encoded()) + "\"}";
        for (String extra : List.of(
                "\"jwk\":" + jwk,
                "\"jku\":\"http://127.0.0.1:1/keys\"",
                "\"x5u\":\"http://127.0.0.1:1/cert\"",
                "\"x5c\":[\"MIIB\"]",
                "\"x5t#S256\":\"AAAA\"",
                "\"kid\":\"../../../../dev/null\"",
                "\"kid\":\"' OR '1'='1\"",
                "\"kid\":\"" + runner("other", "*").id() + "\"",
                "\"crit\":[\"exp\"]",
                "\"b64\":false,\"crit\":[\"b64\"]",
                "\"typ\":\"at+jwt\"",
                "\"cty\":\"JWT\"",
                "\"alg\":\"none\"")) {
            String header = "{\"alg\":\"EdDSA\"," + extra + "}";
            refused(RunnerRole.jws(header, runner.claims(), thief));
            refused(RunnerRole.jws(header, runner.claims(), runner.key));
        }
    }

    @Test
    void another_runners_key_is_refused() {
        RunnerRole other = runner("r2", "*");
        refused(other.assertion(runner.claims()));
        refused(RunnerRole.jws(EDDSA, runner.claims(), RunnerRole.newKey()));
    }

    @Test
    void somebody_who_tries_to_be_a_runner_is_audited_with_the_reason() {
        clock.advance(Duration.ofSeconds(20)); // refusals are audited up to a bound, which other tests may have reached
        refused(RunnerRole.jws(EDDSA, runner.claims(), RunnerRole.newKey()));
        assertThat(console.audit(workspace).getLast())
                .extracting(
                        ConsoleApi.AuditEvent::action, ConsoleApi.AuditEvent::object, ConsoleApi.AuditEvent::outcome)
                .containsExactly("runner.sign-in", "runner:" + runner.id(), ProblemCode.UNAUTHENTICATED.code());
        String assertion = runner.assertion(runner.claims());
        runner.signIn(assertion).as(KeeperApi.AccessToken.class);
        refused(assertion);
        assertThat(console.audit(workspace).getLast().details())
                .containsEntry("problem", "the assertion was used before");
        for (int i = 0; i < 30; i++) {
            refused(assertion);
        }
        clock.advance(Duration.ofSeconds(1));
        refused(runner.assertion(Map.of("iss", runner.id(), "sub", runner.id())));
        ConsoleApi.AuditEvent last = console.audit(workspace).getLast();
        assertThat(Integer.parseInt(last.details().get("not-recorded-before"))).isGreaterThanOrEqualTo(10);
    }

    @Test
    void wrong_claims_are_refused() {
        RunnerRole other = runner("r2", "*");
        refused(claims -> claims.put("iss", other.id()));
        refused(claims -> claims.put("sub", other.id()));
        refused(claims -> claims.put("iss", "nobody"));
        refused(claims -> claims.remove("iss"));
        refused(claims -> claims.remove("sub"));
        refused(claims -> claims.put("aud", "nightsafe-keeper:sha256:" + "0".repeat(64)));
        refused(claims -> claims.put("aud", "https://127.0.0.1/v1/token"));
        refused(claims -> claims.put("aud", List.of(runner.claims().get("aud"), "another")));
        refused(claims -> claims.remove("aud"));
        refused(claims -> claims.put("nbf", 0));
        refused(claims -> claims.put("scope", "admin"));
    }

    @Test
    void wrong_times_are_refused() {
        long now = clock.millis() / 1000;
        refused(claims -> claims.put("exp", now));
        refused(claims -> claims.put("exp", now - 1));
        refused(claims -> claims.put("exp", now + 301));
        refused(claims -> claims.remove("exp"));
        refused(claims -> claims.remove("iat"));
        refused(claims -> claims.put("iat", now + 31));
        refused(claims -> claims.put("exp", "tomorrow"));
        refused(claims -> {
            claims.put("iat", now + 200);
            claims.put("exp", now + 100);
        });
    }

    @Test
    void a_jti_that_is_missing_or_short_is_refused() {
        refused(claims -> claims.remove("jti"));
        refused(claims -> claims.put("jti", ""));
        refused(claims -> claims.put("jti", "short"));
        refused(claims -> claims.put("jti", "x".repeat(129)));
        refused(claims -> claims.put("jti", 1));
    }

    @Test
    void what_is_no_assertion_is_refused() {
        String good = runner.assertion(runner.claims());
        for (String bad : List.of(
                "",
                ".",
                "..",
                "a.b.c",
                good + "x",
                good + ".",
                good.replace('.', ','),
                good.substring(1),
                good.substring(0, good.length() - 4),
                Base64URL.encode("{\"alg\":\"EdDSA\"}") + "." + Base64URL.encode("[]") + "."
                        + Base64URL.encode(new byte[64]),
                "x".repeat(5000))) {
            refused(bad);
        }
        runner.signIn(good).as(KeeperApi.AccessToken.class);
    }

    @Test
    void another_grant_type_is_a_bad_request() {
        wire.send(
                        "POST",
                        "/v1/token",
                        new KeeperApi.TokenRequest("client_credentials", runner.assertion(runner.claims())),
                        null)
                .refusedWith(ProblemCode.BAD_REQUEST);
    }

    @Test
    void a_revoked_runner_loses_its_tokens_and_gets_none() {
        String token = runner.token();
        assertThat(use(token).status()).isEqualTo(200);
        console.revoke(workspace, runner.id());
        use(token).refusedWith(ProblemCode.UNAUTHENTICATED);
        refused(runner.assertion(runner.claims()));
    }

    @Test
    void what_was_signed_before_the_keeper_started_is_refused_because_it_may_have_been_used() {
        String assertion = runner.assertion(runner.claims());
        clock.advance(Duration.ofSeconds(2));
        stop();
        start(Map.of());
        wire.send(
                        "POST",
                        "/v1/token",
                        new KeeperApi.TokenRequest("urn:ietf:params:oauth:grant-type:jwt-bearer", assertion),
                        null)
                .refusedWith(ProblemCode.KEEPER_UNAVAILABLE);
    }

    @Test
    void what_is_no_access_token_is_refused() {
        String token = runner.token();
        for (String bad : List.of("", "nsr_", token + "0", token.replace("nsr_", "nst_"), token.substring(4))) {
            use(bad).refusedWith(ProblemCode.UNAUTHENTICATED);
        }
    }

    private Wire.Answer use(String token) {
        return wire.send("POST", "/v1/serving", new KeeperApi.ServingRequest(List.of(), "", 0, "none"), token);
    }

    private void refused(Consumer<Map<String, Object>> change) {
        Map<String, Object> claims = new TreeMap<>(runner.claims());
        change.accept(claims);
        refused(runner.assertion(claims));
    }

    private void refused(String assertion) {
        runner.signIn(assertion).refusedWith(ProblemCode.UNAUTHENTICATED);
    }

    private String unsigned(String header) {
        String signed = RunnerRole.jws(header, runner.claims(), runner.key);
        return signed.substring(0, signed.lastIndexOf('.'));
    }

    /** The public key taken for an HMAC secret. */
    private static byte[] hmac(String input, String secret) {
        byte[] key = secret.getBytes(StandardCharsets.ISO_8859_1);
        try (Mac mac = new Mac(SecretBytes.takeFrom(key))) {
            return mac.of(input.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
