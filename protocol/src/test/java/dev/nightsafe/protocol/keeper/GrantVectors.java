package dev.nightsafe.protocol.keeper;

import dev.nightsafe.core.access.EnrolmentKey;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes {@code spec/vectors/grants.json}: one enrolment, its leases, a grant, and grants to refuse. Run in the folder
 * {@code protocol}; the boxes are other ones each time.
 */
final class GrantVectors {
    static final Path FILE = Path.of("..", "spec", "vectors", "grants.json");

    private static final Ed25519.Signer ROOT = signer("root");
    private static final Ed25519.Signer RUNNER = signer("runner");
    private static final String TOKEN = "nse_" + "ab".repeat(32) + "_" + "cd".repeat(32) + "_c59e1bda";
    private static final String DIGEST = Digests.sha256Hex("deployment");
    private static final String PAYLOAD = "{\"n\":1.50,\"b\":[true,null],\"a\":\"ä\\\"\\u0001\"}";

    private GrantVectors() {}

    public static void main(String[] arguments) throws IOException {
        DefaultIndenter lines = new DefaultIndenter(" ", "\n");
        String json = JsonMapper.builder()
                .build()
                .writer()
                .with(new DefaultPrettyPrinter(
                                Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER))
                        .withObjectIndenter(lines)
                        .withArrayIndenter(lines))
                .writeValueAsString(make());
        Files.writeString(FILE, json + "\n");
    }

    static KeeperApi.ServingLease servingLease(String signature) {
        return new KeeperApi.ServingLease(
                "lease-1",
                "workspace-1",
                "default",
                "runner-1",
                "queue-1",
                "summarize",
                Map.of(),
                DIGEST,
                4,
                1_795_000_060_000L,
                signature);
    }

    static KeeperApi.TaskLease taskLease(String signature) {
        return new KeeperApi.TaskLease(
                "task-lease-1",
                "lease-1",
                "task-1",
                "queue-1",
                "summarize",
                null,
                Json.readTree(PAYLOAD.getBytes(StandardCharsets.UTF_8)),
                1,
                3,
                5,
                1_795_000_030_000L,
                signature);
    }

    static KeeperApi.GrantRequest request(String nonce, byte[] publicKey, String signature) {
        return new KeeperApi.GrantRequest(
                "worker",
                4,
                DIGEST,
                "0123456789abcdef0123456789abcdef01234567",
                Suite.X_WING.id(),
                Base64.getEncoder().encodeToString(publicKey),
                1_795_000_050_000L,
                nonce,
                signature);
    }

    private static Map<String, Object> make() {
        Map<String, Object> file = new LinkedHashMap<>();
        try (OpeningKey oneTime = OpeningKey.generate(Suite.X_WING);
                GrantBundle bundle = bundle();
                SecretBytes encoded = bundle.encode()) {
            byte[] publicKey = oneTime.lock().publicKey();
            byte[] request = requestMessage("0123456789abcdef", publicKey);
            byte[] info = SignedMessages.grantInfo("grant-1", request);
            byte[] box = Sealing.seal(oneTime.lock(), info, encoded);
            file.put("root", keyOf("root", ROOT));
            file.put("runner", keyOf("runner", RUNNER));
            file.put("oneTime", map("seed", hex(oneTime.exposeSeed()), "publicKey", hex(publicKey)));
            file.put("enrolment", enrolment());
            file.put("servingLease", serving());
            file.put("taskLease", task());
            file.put("grantRequest", requestVector("0123456789abcdef", publicKey));
            file.put("bundle", hex(encoded));
            file.put(
                    "entries",
                    bundle.entries().stream().map(GrantVectors::entry).toList());
            file.put("grants", grants(oneTime.lock(), encoded, request, info, box));
            return file;
        }
    }

    private static List<Map<String, Object>> grants(
            Lock lock, SecretBytes encoded, byte[] request, byte[] info, byte[] box) {
        byte[] other = Sealing.seal(lock, info, encoded);
        byte[] otherRequest = SignedMessages.grantInfo("grant-1", requestMessage("fedcba9876543210", lock.publicKey()));
        byte[] elsewhere = Sealing.seal(lock, otherRequest, encoded);
        return List.of(
                grant("a grant", "grant-1", info, box, ROOT, true),
                grant("another grant's id", "grant-2", info, box, ROOT, false),
                grant("another box than was signed", "grant-1", info, box, other, ROOT, false),
                grant("signed by another root", "grant-1", info, box, signer("other root"), false),
                grant("signed by the runner", "grant-1", info, box, RUNNER, false),
                grant("for another request", "grant-1", otherRequest, elsewhere, ROOT, false),
                grant("for this request, with another's box", "grant-1", info, elsewhere, ROOT, false),
                grant("the request in place of its digest", "grant-1", request, box, ROOT, false));
    }

    private static Map<String, Object> grant(
            String name, String id, byte[] info, byte[] box, Ed25519.Signer signer, boolean opens) {
        return grant(name, id, info, box, box, signer, opens);
    }

    private static Map<String, Object> grant(
            String name, String id, byte[] info, byte[] signed, byte[] box, Ed25519.Signer signer, boolean opens) {
        byte[] message = SignedMessages.grant(info, signed);
        Map<String, Object> grant = map("name", name, "opens", opens, "grantId", id);
        if (opens) {
            grant.put("info", hex(info));
            grant.put("message", hex(message));
        }
        grant.put("signature", hex(signer.sign(message)));
        grant.put("box", Base64.getEncoder().encodeToString(box));
        return grant;
    }

    private static Map<String, Object> enrolment() {
        String keeper = ROOT.publicKey().fingerprint();
        Ed25519.Signer token = EnrolmentKey.of(TOKEN);
        byte[] tokenKey = token.publicKey().encoded();
        byte[] message = SignedMessages.enrolment(
                keeper, tokenKey, "runner-a", "user", RUNNER.publicKey().encoded());
        return map(
                "token", TOKEN,
                "tokenKey", hex(tokenKey),
                "name", "runner-a",
                "isolation", "user",
                "message", hex(message),
                "tokenProof", hex(token.sign(message)),
                "proof", hex(RUNNER.sign(message)));
    }

    private static Map<String, Object> serving() {
        KeeperApi.ServingLease lease = servingLease("");
        byte[] message = SignedMessages.servingLease(lease);
        return map(
                "leaseId", lease.leaseId(),
                "workspaceId", lease.workspaceId(),
                "site", lease.site(),
                "runnerId", lease.runnerId(),
                "queueId", lease.queueId(),
                "queue", lease.queue(),
                "digest", lease.digest(),
                "fencing", lease.fencing(),
                "expiresAt", lease.expiresAt(),
                "message", hex(message),
                "signature", hex(ROOT.sign(message)));
    }

    private static Map<String, Object> task() {
        KeeperApi.TaskLease lease = taskLease("");
        byte[] message = SignedMessages.taskLease(lease, "runner-1");
        return map(
                "runnerId", "runner-1",
                "leaseId", lease.leaseId(),
                "servingLeaseId", lease.servingLeaseId(),
                "taskId", lease.taskId(),
                "queueId", lease.queueId(),
                "queue", lease.queue(),
                "type", "",
                "payloadAsWritten", new String(Json.write(lease.payload()), StandardCharsets.UTF_8),
                "retryCount", lease.retryCount(),
                "maxRetry", lease.maxRetry(),
                "fencing", lease.fencing(),
                "expiresAt", lease.expiresAt(),
                "message", hex(message),
                "signature", hex(ROOT.sign(message)));
    }

    private static Map<String, Object> requestVector(String nonce, byte[] publicKey) {
        KeeperApi.GrantRequest request = request(nonce, publicKey, "");
        byte[] message = requestMessage(nonce, publicKey);
        return map(
                "purpose", request.purpose(),
                "fencing", request.fencing(),
                "digest", request.digest(),
                "commit", String.valueOf(request.commit()),
                "suite", request.suite(),
                "expiresAt", request.expiresAt(),
                "nonce", nonce,
                "message", hex(message),
                "signature", hex(RUNNER.sign(message)));
    }

    static byte[] requestMessage(String nonce, byte[] publicKey) {
        return SignedMessages.grantRequest(
                ROOT.publicKey().fingerprint(), servingLease(""), request(nonce, publicKey, ""), publicKey);
    }

    private static GrantBundle bundle() {
        return new GrantBundle(List.of(
                new GrantBundle.Entry("api-keys", "OPENAI_API_KEY", 3, true, secret("sk-hunter2")),
                new GrantBundle.Entry("api-keys", "REGION", 1, false, secret("eu-central-1")),
                new GrantBundle.Entry("tls", "key.pem", 4_294_967_297L, true, secret("-----BEGIN X-----\n\0\n"))));
    }

    private static Map<String, Object> entry(GrantBundle.Entry entry) {
        return map(
                "vault", entry.vault(),
                "key", entry.key(),
                "version", entry.version(),
                "secret", entry.secret(),
                "value", hex(entry.value()));
    }

    private static Map<String, Object> keyOf(String name, Ed25519.Signer signer) {
        return map(
                "seed", hex(Digests.sha256(name.getBytes(StandardCharsets.UTF_8))),
                "publicKey", hex(signer.publicKey().encoded()),
                "fingerprint", signer.publicKey().fingerprint());
    }

    private static Ed25519.Signer signer(String name) {
        return new Ed25519.Signer(SecretBytes.takeFrom(Digests.sha256(name.getBytes(StandardCharsets.UTF_8))));
    }

    private static Map<String, Object> map(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    private static SecretBytes secret(String text) {
        return SecretBytes.takeFrom(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(SecretBytes secret) {
        Function<byte[], String> hex = GrantVectors::hex;
        return secret.exposing(hex);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
