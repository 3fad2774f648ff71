package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import dev.nightsafe.core.access.EnrolmentKey;
import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.queue.CanonicalJson;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.GrantBundle;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.SignedMessages;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Plays a runner, with real keys; checks every signature of the keeper's. */
final class RunnerRole {
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    final Wire wire;
    final Ed25519.Signer key;
    final KeeperApi.Enrolled enrolled;
    final Ed25519.PublicKey root;
    private final InstantSource clock;
    private final AtomicLong rooms = new AtomicLong();
    private @Nullable String accessToken;

    private RunnerRole(Wire wire, Ed25519.Signer key, KeeperApi.Enrolled enrolled, InstantSource clock) {
        this.wire = wire;
        this.key = key;
        this.enrolled = enrolled;
        this.clock = clock;
        this.root = new Ed25519.PublicKey(Base64.getDecoder().decode(enrolled.rootKey()));
    }

    static Ed25519.Signer newKey() {
        try (SecretBytes seed = Ed25519.newPrivateKey()) {
            return new Ed25519.Signer(seed);
        }
    }

    static RunnerRole enrol(Wire wire, String token, String name, InstantSource clock) {
        Ed25519.Signer key = newKey();
        KeeperApi.Enrolled enrolled = wire.send("POST", "/v1/enrolments", enrolment(wire, token, name, key), null)
                .as(KeeperApi.Enrolled.class);
        return new RunnerRole(wire, key, enrolled, clock);
    }

    /** Somebody who says that they are another runner, with a key of their own. */
    RunnerRole posingAs(String id, Ed25519.Signer own) {
        return new RunnerRole(
                wire,
                own,
                new KeeperApi.Enrolled(
                        id, enrolled.workspaceId(), enrolled.site(), enrolled.queues(), enrolled.rootKey()),
                clock);
    }

    static KeeperApi.NewEnrolment enrolment(Wire wire, String token, String name, Ed25519.Signer key) {
        KeeperApi.Root root = wire.send("GET", "/v1/root", null, null).as(KeeperApi.Root.class);
        return enrolment(root.fingerprint(), EnrolmentKey.of(token), name, key);
    }

    static KeeperApi.NewEnrolment enrolment(String root, Ed25519.Signer token, String name, Ed25519.Signer key) {
        byte[] tokenKey = token.publicKey().encoded();
        byte[] publicKey = key.publicKey().encoded();
        byte[] message = SignedMessages.enrolment(root, tokenKey, name, "none", publicKey);
        return new KeeperApi.NewEnrolment(
                base64(tokenKey),
                name,
                "none",
                base64(publicKey),
                base64(token.sign(message)),
                base64(key.sign(message)));
    }

    String id() {
        return enrolled.runnerId();
    }

    // Sign-in

    /** The claims of a good assertion. */
    Map<String, Object> claims() {
        long now = clock.millis() / 1000;
        Map<String, Object> claims = new TreeMap<>();
        claims.put("iss", id());
        claims.put("sub", id());
        claims.put("aud", "nightsafe-keeper:" + root.fingerprint());
        claims.put("iat", now);
        claims.put("exp", now + 120);
        claims.put("jti", Ids.next());
        return claims;
    }

    String assertion(Map<String, Object> claims) {
        return jws(new JWSHeader.Builder(JWSAlgorithm.EdDSA).build().toString(), claims, key);
    }

    static String jws(String header, Map<String, Object> claims, Ed25519.Signer key) {
        String input = Base64URL.encode(header) + "."
                + Base64URL.encode(new String(Json.write(claims), StandardCharsets.UTF_8));
        return input + "." + Base64URL.encode(key.sign(input.getBytes(StandardCharsets.US_ASCII)));
    }

    Wire.Answer signIn(String assertion) {
        return wire.send("POST", "/v1/token", new KeeperApi.TokenRequest(JWT_BEARER, assertion), null);
    }

    /** Its access token, fetched once. */
    String token() {
        String known = accessToken;
        if (known == null) {
            known = signIn(assertion(claims())).as(KeeperApi.AccessToken.class).accessToken();
            accessToken = known;
        }
        return known;
    }

    /** Makes the next call fetch a new access token. */
    RunnerRole signInAgain() {
        accessToken = null;
        return this;
    }

    Wire.Answer send(String method, String path, @Nullable Object body) {
        return wire.send(method, path, body, token());
    }

    // Serving

    KeeperApi.Serving serving() {
        return serving("", 0);
    }

    KeeperApi.Serving serving(String known, long waitMillis, KeeperApi.HeldLease... held) {
        KeeperApi.Serving serving = send(
                        "POST", "/v1/serving", new KeeperApi.ServingRequest(List.of(held), known, waitMillis, "none"))
                .as(KeeperApi.Serving.class);
        serving.leases().forEach(this::verify);
        return serving;
    }

    /** The lease of the one queue that it serves. */
    KeeperApi.ServingLease lease() {
        List<KeeperApi.ServingLease> leases = serving().leases();
        assertThat(leases).hasSize(1);
        return leases.getFirst();
    }

    /** The lease of one of several queues. */
    KeeperApi.ServingLease lease(String queue) {
        return serving().leases().stream()
                .filter(lease -> lease.queue().equals(queue))
                .findFirst()
                .orElseThrow();
    }

    private void verify(KeeperApi.ServingLease lease) {
        assertThat(root.verifies(SignedMessages.servingLease(lease), decode(lease.signature())))
                .isTrue();
        Deployment deployment = Deployment.fromMap(lease.deployment());
        assertThat(deployment.digest()).isEqualTo(lease.digest());
        assertThat(CanonicalJson.write(deployment.toMap())).isNotEmpty();
        assertThat(lease.runnerId()).isEqualTo(id());
    }

    // Grants

    /** A request that is right in everything, signed. */
    KeeperApi.GrantRequest request(
            KeeperApi.ServingLease lease, String purpose, @Nullable String commit, OpeningKey oneTime) {
        return sign(
                lease,
                new KeeperApi.GrantRequest(
                        purpose,
                        lease.fencing(),
                        lease.digest(),
                        commit,
                        Suite.X_WING.id(),
                        base64(oneTime.lock().publicKey()),
                        clock.millis() + 30_000,
                        Ids.next(),
                        ""),
                key);
    }

    KeeperApi.GrantRequest sign(KeeperApi.ServingLease lease, KeeperApi.GrantRequest request, Ed25519.Signer signer) {
        byte[] message = SignedMessages.grantRequest(root.fingerprint(), lease, request, decode(request.publicKey()));
        return new KeeperApi.GrantRequest(
                request.purpose(),
                request.fencing(),
                request.digest(),
                request.commit(),
                request.suite(),
                request.publicKey(),
                request.expiresAt(),
                request.nonce(),
                base64(signer.sign(message)),
                request.valuesOf());
    }

    /** For a worker with the values of an earlier grant. */
    KeeperApi.GrantRequest requestForValuesOf(KeeperApi.ServingLease lease, String grant, OpeningKey oneTime) {
        return sign(
                lease,
                new KeeperApi.GrantRequest(
                        "worker",
                        lease.fencing(),
                        lease.digest(),
                        null,
                        Suite.X_WING.id(),
                        base64(oneTime.lock().publicKey()),
                        clock.millis() + 30_000,
                        Ids.next(),
                        "",
                        grant),
                key);
    }

    Wire.Answer ask(KeeperApi.ServingLease lease, KeeperApi.GrantRequest request) {
        return send("POST", "/v1/serving/" + lease.leaseId() + "/grants", request);
    }

    Wire.Answer ask(KeeperApi.ServingLease lease, String purpose, @Nullable String commit) {
        try (OpeningKey oneTime = OpeningKey.generate(Suite.X_WING)) {
            return ask(lease, request(lease, purpose, commit, oneTime));
        }
    }

    /** A worker's grant that nobody opens; its id. */
    String grantId(KeeperApi.ServingLease lease, @Nullable String commit) {
        return ask(lease, "worker", commit).as(KeeperApi.Grant.class).grantId();
    }

    /** The opened bundle; the caller closes it. */
    GrantBundle grant(KeeperApi.ServingLease lease, String purpose, @Nullable String commit) {
        try (OpeningKey oneTime = OpeningKey.generate(Suite.X_WING)) {
            KeeperApi.GrantRequest request = request(lease, purpose, commit, oneTime);
            return open(lease, request, ask(lease, request).as(KeeperApi.Grant.class), oneTime);
        }
    }

    GrantBundle open(
            KeeperApi.ServingLease lease, KeeperApi.GrantRequest request, KeeperApi.Grant grant, OpeningKey oneTime) {
        byte[] message = SignedMessages.grantRequest(
                root.fingerprint(), lease, request, oneTime.lock().publicKey());
        byte[] info = SignedMessages.grantInfo(grant.grantId(), message);
        byte[] box = decode(grant.box());
        assertThat(root.verifies(SignedMessages.grant(info, box), decode(grant.signature())))
                .isTrue();
        try (SecretBytes bundle = Sealing.open(oneTime, info, box)) {
            return GrantBundle.decode(bundle);
        }
    }

    /** The bundle as {@code vault/KEY@version=value}, in its order. */
    List<String> values(KeeperApi.ServingLease lease, @Nullable String commit) {
        try (GrantBundle bundle = grant(lease, "worker", commit)) {
            return text(bundle);
        }
    }

    static List<String> text(GrantBundle bundle) {
        return bundle.entries().stream()
                .map(entry -> entry.vault() + "/" + entry.key() + "@" + entry.version() + "="
                        + entry.value().exposing(bytes -> new String(bytes, StandardCharsets.UTF_8)))
                .toList();
    }

    // Tasks

    /** A place that was never offered before. */
    KeeperApi.Room room(KeeperApi.ServingLease lease, @Nullable String grant) {
        return new KeeperApi.Room(rooms.incrementAndGet(), lease.leaseId(), grant);
    }

    /** As many rooms as tasks are wanted. */
    Wire.Answer askForTasks(KeeperApi.ServingLease lease, int max, long waitMillis) {
        return askForTasks(Stream.generate(() -> room(lease, null)).limit(max).toList(), max, waitMillis);
    }

    Wire.Answer askForTasks(List<KeeperApi.Room> offered, int max, long waitMillis) {
        return send("POST", "/v1/task-leases", new KeeperApi.TaskLeaseRequest(offered, max, waitMillis));
    }

    List<KeeperApi.TaskLease> take(KeeperApi.ServingLease lease, int max, long waitMillis) {
        return taken(askForTasks(lease, max, waitMillis));
    }

    /** What was given, with its signatures verified. */
    List<KeeperApi.TaskLease> taken(Wire.Answer answer) {
        List<KeeperApi.TaskLease> leases = answer.as(KeeperApi.TaskLeases.class).leases();
        for (KeeperApi.TaskLease task : leases) {
            assertThat(root.verifies(SignedMessages.taskLease(task, id()), decode(task.signature())))
                    .isTrue();
        }
        return leases;
    }

    /** One task for a worker that was started with a grant. */
    KeeperApi.TaskLease takeOne(KeeperApi.ServingLease lease, String grant) {
        return taken(askForTasks(List.of(room(lease, grant)), 1, 5_000)).getFirst();
    }

    KeeperApi.TaskLease takeOne(KeeperApi.ServingLease lease) {
        List<KeeperApi.TaskLease> leases = take(lease, 1, 5_000);
        assertThat(leases).hasSize(1);
        return leases.getFirst();
    }

    Wire.Answer beat(KeeperApi.TaskLease task, long fencing, @Nullable String progress) {
        return send(
                "POST",
                "/v1/task-leases/" + task.leaseId() + "/heartbeat",
                new KeeperApi.Heartbeat(fencing, progress, null));
    }

    Wire.Answer succeed(KeeperApi.TaskLease task, String result) {
        return result(
                task,
                new KeeperApi.TaskResult(
                        task.fencing(),
                        "succeeded",
                        Json.readTree(result.getBytes(StandardCharsets.UTF_8)),
                        null,
                        false,
                        null,
                        null));
    }

    /** The same, and asks for the next task for these rooms. */
    KeeperApi.Ended succeedAndTake(KeeperApi.TaskLease task, KeeperApi.Room... offered) {
        return result(
                        task,
                        new KeeperApi.TaskResult(
                                task.fencing(), "succeeded", null, null, false, null, null, null, List.of(offered)))
                .as(KeeperApi.Ended.class);
    }

    Wire.Answer fail(KeeperApi.TaskLease task, String error, boolean retry) {
        return result(task, new KeeperApi.TaskResult(task.fencing(), "failed", null, error, retry, null, null));
    }

    Wire.Answer giveBack(KeeperApi.TaskLease task, String why) {
        return result(task, new KeeperApi.TaskResult(task.fencing(), "given-back", null, why, false, null, null));
    }

    Wire.Answer result(KeeperApi.TaskLease task, KeeperApi.TaskResult result) {
        return send("POST", "/v1/task-leases/" + task.leaseId() + "/result", result);
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] decode(String base64) {
        return Base64.getDecoder().decode(base64);
    }
}
