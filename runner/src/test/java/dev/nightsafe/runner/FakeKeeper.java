package dev.nightsafe.runner;

import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.nightsafe.core.access.EnrolmentKey;
import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.Problem;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.GrantBundle;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.SignedMessages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A keeper in memory, with real signatures and real sealing, that notes everything a runner sends. */
final class FakeKeeper implements AutoCloseable {
    static final String WORKSPACE = "workspace-1";
    static final String SITE = "site-1";

    /** A queue as the keeper leases it. */
    static final class Queue {
        final String id = UUID.randomUUID().toString();
        final String name;
        Deployment deployment;
        String leaseId = UUID.randomUUID().toString();
        long fencing = 1;
        KeeperApi.@Nullable HeldLease reported;
        long restarts;
        /** The last restart of an answer after which the runner came again. */
        long heard;

        long told;
        /** The mark of its values, null where its workers don't hear of new ones. */
        @Nullable
        String values;

        final List<Task> waiting = new ArrayList<>();

        long restarted() {
            Long number = reported == null ? null : reported.restarted();
            return number == null ? 0 : number;
        }

        Queue(String name, Deployment deployment) {
            this.name = name;
            this.deployment = deployment;
        }
    }

    /** A task with everything that is heard of it. */
    static final class Task {
        final String id = UUID.randomUUID().toString();
        final String leaseId = UUID.randomUUID().toString();
        final Queue queue;
        final JsonNode payload;
        final List<String> progress = new ArrayList<>();
        final List<KeeperApi.LogPart> log = new ArrayList<>();
        final List<KeeperApi.TaskResult> results = new ArrayList<>();
        /** Grants that its workers had, as the runner said before it gave them the task. */
        final List<String> grants = new ArrayList<>();

        /** What its worker must have. */
        KeeperApi.@Nullable SameValues values;

        boolean leased;
        boolean cancelled;
        boolean lost;
        int beats;

        Task(Queue queue, JsonNode payload) {
            this.queue = queue;
            this.payload = payload;
        }
    }

    /** What is in the vaults at one time. */
    private record Deposited(Map<String, Map<String, byte[]>> values, Map<String, Integer> versions) {
        static Deposited now(Map<String, Map<String, byte[]>> vaults, Map<String, Integer> versions) {
            Map<String, Map<String, byte[]>> values = new HashMap<>();
            vaults.forEach((vault, keys) -> values.put(vault, new LinkedHashMap<>(keys)));
            return new Deposited(values, Map.copyOf(versions));
        }
    }

    private final Ed25519.Signer root = new Ed25519.Signer(Ed25519.newPrivateKey());
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Queue> queues = new LinkedHashMap<>();
    private final Map<String, Task> tasksByLease = new HashMap<>();
    private final Map<String, Map<String, byte[]>> vaults = new HashMap<>();
    private final Map<String, Integer> versions = new HashMap<>();
    private final Map<String, Deposited> given = new HashMap<>();
    private final Map<String, String> grantsFor = new HashMap<>();
    private final List<byte[]> bodies = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final List<KeeperApi.GrantRequest> grants = new ArrayList<>();
    private final List<String> released = new ArrayList<>();
    private Ed25519.@Nullable PublicKey runnerKey;
    private String accessToken = "";
    private int revision;

    final String token;
    Duration taskLease = Duration.ofSeconds(20);
    /** How far this keeper's clock is ahead of the runner's. */
    Duration ahead = Duration.ZERO;

    Duration servingLease = Duration.ofSeconds(30);
    UnaryOperator<KeeperApi.ServingLease> servingLeases = UnaryOperator.identity();
    UnaryOperator<KeeperApi.TaskLease> taskLeases = UnaryOperator.identity();
    UnaryOperator<KeeperApi.Grant> sealedGrants = UnaryOperator.identity();
    boolean refuseGrants;
    /** Ids of the grants that were given. */
    final List<String> granted = new ArrayList<>();

    /** Told at each poll. */
    volatile List<SignedHead> auditHeads = List.of();

    volatile @Nullable String standing;
    /** What the runner said last. */
    volatile @Nullable String auditProblem;

    /** Whether it isn't the root that certifies the audit's keys. */
    volatile boolean forgedCertificates;

    boolean refuseEnrolments;
    /** Takes the runner in and doesn't tell it. */
    boolean loseEnrolmentAnswer;

    boolean revoked;
    /** So many calls with lines are taken in and then answered as if they weren't. */
    int loseLogAnswers;

    private final Set<Long> filled = new HashSet<>();
    private int polls;
    /** Polls for tasks that wait now. */
    int openPolls;

    /** Rooms that the last poll offered. */
    int offered;

    /** So many polls get a task and are answered as if they hadn't. */
    int loseTaskAnswers;

    /** Polls that got a task aren't answered yet. */
    boolean holdTaskAnswers;

    /** Tasks that ran at once. */
    int mostLeased;

    boolean broken;
    int signIns;

    FakeKeeper() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        token = OpaqueToken.generate(
                OpaqueToken.ENROLMENT, root.publicKey().fingerprint().substring("sha256:".length()));
    }

    /** Of the runner that was enrolled last. */
    synchronized Ed25519.PublicKey runnerKey() {
        return java.util.Objects.requireNonNull(runnerKey);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    synchronized Queue serve(String name, Deployment deployment) {
        Queue queue = new Queue(name, deployment);
        queues.put(queue.id, queue);
        changed();
        return queue;
    }

    /** Deposits, and tells the queue's runner at once. */
    synchronized void deposit(Queue queue, String vault, String key, String value) {
        deposit(vault, key, value);
        queue.values = Integer.toString(++revision);
        changed();
    }

    /** Asks for a restart. */
    synchronized void restart(Queue queue) {
        queue.restarts++;
        changed();
    }

    /** Another deployment of the queue, as after `queue apply`. */
    synchronized void redeploy(Queue queue, Deployment deployment) {
        queue.deployment = deployment;
        queue.fencing++;
        queue.leaseId = UUID.randomUUID().toString();
        queue.reported = null;
        changed();
    }

    synchronized void remove(Queue queue) {
        queues.remove(queue.id);
        changed();
    }

    synchronized void deposit(String vault, String key, byte[] value) {
        vaults.computeIfAbsent(vault, name -> new LinkedHashMap<>()).put(key, value.clone());
        versions.merge(vault + "/" + key, 1, Integer::sum);
    }

    void deposit(String vault, String key, String value) {
        deposit(vault, key, value.getBytes(StandardCharsets.UTF_8));
    }

    /** A later attempt, which must have the values of an earlier grant. */
    synchronized Task submit(Queue queue, String payload, KeeperApi.SameValues values) {
        Task task = submit(queue, payload);
        task.values = values;
        return task;
    }

    synchronized Task submit(Queue queue, String payload) {
        Task task = new Task(queue, Json.readTree(payload.getBytes(StandardCharsets.UTF_8)));
        queue.waiting.add(task);
        tasksByLease.put(task.leaseId, task);
        notifyAll();
        return task;
    }

    synchronized void cancel(Task task) {
        task.cancelled = true;
    }

    synchronized void lose(Task task) {
        task.lost = true;
    }

    synchronized void set(Runnable change) {
        change.run();
        changed();
    }

    /** The task's one end. */
    KeeperApi.TaskResult result(Task task) {
        await("the result of a task", () -> !task.results.isEmpty());
        return task.results.getFirst();
    }

    /** Before another runner starts. */
    synchronized void forgetReports() {
        queues.values().forEach(queue -> queue.reported = null);
    }

    void awaitState(Queue queue, String state) {
        await(
                "state " + state + " of " + queue.name,
                () -> queue.reported != null && queue.reported.state().equals(state));
    }

    synchronized String detail(Queue queue) {
        return queue.reported == null ? "" : String.valueOf(queue.reported.detail());
    }

    synchronized List<KeeperApi.GrantRequest> grants() {
        return List.copyOf(grants);
    }

    /** The last grant that was given for these values. */
    synchronized String grantFor(KeeperApi.SameValues values) {
        return grantsFor.getOrDefault(values.grant(), "none");
    }

    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /** Everything that the runner ever sent, as one text. */
    synchronized String everything() {
        StringBuilder all = new StringBuilder();
        bodies.forEach(body ->
                all.append(new String(body, StandardCharsets.ISO_8859_1)).append('\n'));
        return all.toString();
    }

    synchronized void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("waited 30 s for " + what + "; states: "
                        + queues.values().stream()
                                .map(queue -> queue.name + "=" + queue.reported)
                                .toList()
                        + ", last calls: " + calls.subList(Math.max(0, calls.size() - 5), calls.size()));
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void changed() {
        revision++;
        notifyAll();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        synchronized (this) {
            bodies.add(body);
            calls.add(exchange.getRequestMethod() + " " + path);
        }
        try {
            answer(exchange, 200, Json.write(answer(exchange, path, body)), "application/json");
        } catch (NightsafeException e) {
            answer(exchange, e.code().status(), Json.write(Problem.of(e)), Problem.MEDIA_TYPE);
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            answer(exchange, 500, new byte[0], "text/plain");
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body, String type) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Object answer(HttpExchange exchange, String path, byte[] body) {
        String[] parts = path.split("/", -1);
        if (broken) {
            throw new NightsafeException(ProblemCode.OVERLOADED, "broken for a test");
        }
        switch (path) {
            case "/v1/root" -> {
                return new KeeperApi.Root(
                        encode(root.publicKey().encoded()), root.publicKey().fingerprint());
            }
            case "/v1/enrolments" -> {
                return enrol(Json.read(body, KeeperApi.NewEnrolment.class));
            }
            case "/v1/token" -> {
                return token(Json.read(body, KeeperApi.TokenRequest.class));
            }
            default -> requireToken(exchange);
        }
        if (path.equals("/v1/serving")) {
            return serving(Json.read(body, KeeperApi.ServingRequest.class));
        }
        if (path.endsWith("/grants")) {
            return grant(parts[3], Json.read(body, KeeperApi.GrantRequest.class));
        }
        if (path.endsWith("/task-leases")) {
            return tasks(Json.read(body, KeeperApi.TaskLeaseRequest.class));
        }
        if (path.endsWith("/heartbeat")) {
            return beat(parts[3], Json.read(body, KeeperApi.Heartbeat.class));
        }
        if (path.endsWith("/logs")) {
            return log(parts[3], Json.read(body, KeeperApi.TaskLogs.class));
        }
        if (path.endsWith("/result")) {
            return finish(parts[3], Json.read(body, KeeperApi.TaskResult.class));
        }
        return dropped(parts[3]);
    }

    private synchronized Object dropped(String leaseId) {
        queues.values().stream().filter(queue -> queue.leaseId.equals(leaseId)).forEach(queue -> {
            queue.leaseId = UUID.randomUUID().toString();
            queue.reported = null;
            revision++;
        });
        notifyAll();
        return Map.of();
    }

    private synchronized KeeperApi.Enrolled enrol(KeeperApi.NewEnrolment enrolment) {
        Ed25519.PublicKey tokenKey = EnrolmentKey.of(token).publicKey();
        byte[] key = decode(enrolment.publicKey());
        byte[] message = SignedMessages.enrolment(
                root.publicKey().fingerprint(), tokenKey.encoded(), enrolment.name(), enrolment.isolation(), key);
        Ed25519.PublicKey wanted = new Ed25519.PublicKey(key);
        if (refuseEnrolments
                || !encode(tokenKey.encoded()).equals(enrolment.tokenKey())
                || !tokenKey.verifies(message, decode(enrolment.tokenProof()))
                || !wanted.verifies(message, decode(enrolment.proof()))) {
            throw new NightsafeException(ProblemCode.UNAUTHENTICATED, "no");
        }
        runnerKey = wanted;
        if (loseEnrolmentAnswer) {
            throw new NightsafeException(ProblemCode.OUTCOME_UNKNOWN, "the answer was lost");
        }
        return new KeeperApi.Enrolled(
                "runner-1",
                WORKSPACE,
                SITE,
                List.of("*"),
                encode(root.publicKey().encoded()));
    }

    private synchronized KeeperApi.AccessToken token(KeeperApi.TokenRequest request) {
        try {
            SignedJWT jwt = SignedJWT.parse(request.assertion());
            boolean signed = runnerKey != null
                    && runnerKey.verifies(
                            jwt.getSigningInput(), jwt.getSignature().decode());
            boolean ours = jwt.getJWTClaimsSet()
                    .getAudience()
                    .equals(List.of("nightsafe-keeper:" + root.publicKey().fingerprint()));
            boolean brief = jwt.getJWTClaimsSet()
                    .getExpirationTime()
                    .toInstant()
                    .isBefore(Instant.now().plusSeconds(300));
            if (!signed || !ours || !brief || revoked) {
                throw new NightsafeException(ProblemCode.UNAUTHENTICATED, "this runner is not known");
            }
        } catch (ParseException e) {
            throw new NightsafeException(ProblemCode.UNAUTHENTICATED, "no JWT");
        }
        signIns++;
        accessToken = OpaqueToken.generate(OpaqueToken.ACCESS);
        return new KeeperApi.AccessToken(accessToken, 300);
    }

    /** As after a restart: access tokens are only in memory. */
    synchronized void forgetAccessTokens() {
        accessToken = "";
    }

    private synchronized void requireToken(HttpExchange exchange) {
        String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!header.equals("Bearer " + accessToken)) {
            throw new NightsafeException(ProblemCode.UNAUTHENTICATED, "no token");
        }
    }

    private synchronized KeeperApi.Serving serving(KeeperApi.ServingRequest request) {
        auditProblem = request.auditProblem();
        for (KeeperApi.HeldLease held : request.held()) {
            queues.values().stream()
                    .filter(queue -> queue.leaseId.equals(held.leaseId()))
                    .forEach(queue -> queue.reported = held);
        }
        queues.values().forEach(queue -> queue.heard = queue.told);
        notifyAll();
        long until = System.currentTimeMillis() + request.waitMillis();
        while (request.knownRevision().equals(Integer.toString(revision)) && System.currentTimeMillis() < until) {
            pause(until - System.currentTimeMillis());
        }
        queues.values().forEach(queue -> queue.told = queue.restarts);
        return new KeeperApi.Serving(
                Integer.toString(revision),
                queues.values().stream().map(this::lease).map(servingLeases).toList(),
                queues.values().stream()
                        .filter(queue -> queue.restarts > queue.restarted())
                        .map(queue -> new KeeperApi.Restart(queue.leaseId, queue.restarts))
                        .toList(),
                queues.values().stream()
                        .flatMap(queue ->
                                Stream.ofNullable(queue.values).map(mark -> new KeeperApi.Values(queue.leaseId, mark)))
                        .toList(),
                now(),
                auditHeads.stream().map(this::certified).toList());
    }

    private KeeperApi.AuditHead certified(SignedHead head) {
        Ed25519.Signer signer = forgedCertificates ? new Ed25519.Signer(Ed25519.newPrivateKey()) : root;
        byte[] certificate = signer.sign(SignedMessages.auditKey(head.chain(), head.key()));
        return new KeeperApi.AuditHead(head, encode(certificate), standing);
    }

    private long now() {
        return System.currentTimeMillis() + ahead.toMillis();
    }

    KeeperApi.ServingLease lease(Queue queue) {
        Map<String, Object> map = queue.deployment.toMap();
        KeeperApi.ServingLease lease = servingLease(queue, map, queue.deployment.digest(), "");
        return servingLease(queue, map, lease.digest(), encode(root.sign(SignedMessages.servingLease(lease))));
    }

    private KeeperApi.ServingLease servingLease(
            Queue queue, Map<String, Object> deployment, String digest, String signature) {
        long expires = (now() + servingLease.toMillis()) / 1000 * 1000;
        return new KeeperApi.ServingLease(
                queue.leaseId,
                WORKSPACE,
                SITE,
                "runner-1",
                queue.id,
                queue.name,
                deployment,
                digest,
                queue.fencing,
                expires,
                signature);
    }

    private synchronized KeeperApi.Grant grant(String leaseId, KeeperApi.GrantRequest request) {
        grants.add(request);
        notifyAll();
        if (refuseGrants) {
            throw new NightsafeException(ProblemCode.NOT_RELEASED, "vault 'v' isn't released to this queue");
        }
        Queue queue = queues.values().stream()
                .filter(candidate -> candidate.leaseId.equals(leaseId))
                .findFirst()
                .orElseThrow(() -> new NightsafeException(ProblemCode.LEASE_LOST, "no such lease"));
        byte[] oneTime = decode(request.publicKey());
        byte[] message = SignedMessages.grantRequest(root.publicKey().fingerprint(), lease(queue), request, oneTime);
        if (runnerKey == null || !runnerKey.verifies(message, decode(request.signature()))) {
            throw new NightsafeException(ProblemCode.FORBIDDEN, "the grant request isn't signed");
        }
        String id = UUID.randomUUID().toString();
        granted.add(id);
        byte[] info = SignedMessages.grantInfo(id, message);
        Deposited deposited = request.valuesOf() == null
                ? Deposited.now(vaults, versions)
                : Optional.ofNullable(given.get(request.valuesOf()))
                        .orElseThrow(() -> new NightsafeException(
                                ProblemCode.VERSIONS_GONE, "version 1 of 'v/KEY' isn't kept any more"));
        given.put(id, deposited);
        if (request.valuesOf() != null) {
            grantsFor.put(request.valuesOf(), id);
        }
        try (GrantBundle bundle = bundle(queue.deployment, request.purpose(), deposited);
                SecretBytes encoded = bundle.encode()) {
            byte[] box = Sealing.seal(new Lock(Suite.X_WING, oneTime), info, encoded);
            return sealedGrants.apply(
                    new KeeperApi.Grant(id, encode(box), encode(root.sign(SignedMessages.grant(info, box)))));
        }
    }

    private GrantBundle bundle(Deployment deployment, String purpose, Deposited deposited) {
        List<GrantBundle.Entry> entries = new ArrayList<>();
        Stream<Deployment.KeyRef> singles = deployment.secrets().stream().map(Deployment.SecretRef::from);
        if (purpose.equals("git")) {
            singles = Stream.ofNullable(deployment.gitToken());
        } else {
            deployment
                    .vaults()
                    .forEach(vault -> deposited
                            .values()
                            .getOrDefault(vault.name(), Map.of())
                            .forEach((key, value) -> entries.add(entry(deposited, vault.name(), key, value))));
        }
        singles.forEach(ref -> {
            byte[] value = deposited
                    .values()
                    .getOrDefault(ref.vault().name(), Map.of())
                    .get(ref.key());
            if (value != null) {
                entries.add(entry(deposited, ref.vault().name(), ref.key(), value));
            }
        });
        return new GrantBundle(entries);
    }

    private GrantBundle.Entry entry(Deposited deposited, String vault, String key, byte[] value) {
        released.add(vault + "/" + key);
        int version = deposited.versions().getOrDefault(vault + "/" + key, 1);
        return new GrantBundle.Entry(
                vault, key, version, !vault.startsWith("plain"), SecretBytes.takeFrom(value.clone()));
    }

    /** As the keeper does it: another poll ends this one, and a room gets one task. */
    private synchronized KeeperApi.TaskLeases tasks(KeeperApi.TaskLeaseRequest request) {
        long until = System.currentTimeMillis() + request.waitMillis();
        int mine = ++polls;
        openPolls++;
        notifyAll();
        try {
            offered = request.rooms().size();
            List<KeeperApi.TaskLease> taken = take(request.rooms(), request.max());
            while (taken.isEmpty() && mine == polls && System.currentTimeMillis() < until) {
                pause(until - System.currentTimeMillis());
                taken = take(request.rooms(), 1);
            }
            boolean lost = request.rooms().stream()
                    .noneMatch(room ->
                            queues.values().stream().anyMatch(queue -> queue.leaseId.equals(room.servingLeaseId())));
            if (lost && !request.rooms().isEmpty()) {
                throw new NightsafeException(ProblemCode.LEASE_LOST, "these leases were given back");
            }
            if (!taken.isEmpty() && loseTaskAnswers-- > 0) {
                throw new NightsafeException(ProblemCode.OVERLOADED, "leased, and not said");
            }
            while (!taken.isEmpty() && holdTaskAnswers) {
                pause(1000);
            }
            return new KeeperApi.TaskLeases(taken, now());
        } finally {
            openPolls--;
            notifyAll();
        }
    }

    private List<KeeperApi.TaskLease> take(List<KeeperApi.Room> rooms, int max) {
        List<KeeperApi.TaskLease> taken = new ArrayList<>();
        for (KeeperApi.Room room : rooms) {
            for (Queue queue : queues.values()) {
                if (taken.size() < max
                        && queue.leaseId.equals(room.servingLeaseId())
                        && !queue.waiting.isEmpty()
                        && filled.add(room.number())) {
                    Task task = queue.waiting.removeFirst();
                    task.leased = true;
                    if (room.grant() != null) {
                        task.grants.add(room.grant());
                    }
                    mostLeased = Math.max(mostLeased, leased());
                    taken.add(taskLeases.apply(lease(task)).in(room.number()));
                }
            }
        }
        notifyAll();
        return taken;
    }

    private int leased() {
        return (int) tasksByLease.values().stream()
                .filter(task -> task.leased && task.results.isEmpty())
                .count();
    }

    private KeeperApi.TaskLease lease(Task task) {
        long expires = now() + taskLease.toMillis();
        KeeperApi.TaskLease lease = lease(task, expires, "");
        return lease(task, expires, encode(root.sign(SignedMessages.taskLease(lease, "runner-1"))));
    }

    private static KeeperApi.TaskLease lease(Task task, long expires, String signature) {
        return new KeeperApi.TaskLease(
                task.leaseId,
                task.queue.leaseId,
                task.id,
                task.queue.id,
                task.queue.name,
                "test",
                task.payload,
                0,
                3,
                7,
                expires,
                signature,
                task.values,
                0);
    }

    private synchronized KeeperApi.Beat beat(String leaseId, KeeperApi.Heartbeat beat) {
        Task task = require(leaseId);
        task.beats++;
        if (beat.grant() != null) {
            task.grants.add(beat.grant());
        }
        if (beat.progress() != null) {
            task.progress.add(beat.progress());
        }
        notifyAll();
        return new KeeperApi.Beat(now() + taskLease.toMillis(), task.cancelled, now());
    }

    /** As the keeper does it: what is there already is passed over. */
    private synchronized KeeperApi.Accepted log(String leaseId, KeeperApi.TaskLogs logs) {
        Task task = require(leaseId);
        if (logs.first() == task.log.size()) {
            task.log.addAll(logs.parts());
        }
        notifyAll();
        if (loseLogAnswers-- > 0) {
            throw new NightsafeException(ProblemCode.OVERLOADED, "stored, and not said");
        }
        return new KeeperApi.Accepted("running");
    }

    private synchronized KeeperApi.Ended finish(String leaseId, KeeperApi.TaskResult result) {
        Task task = require(leaseId);
        task.results.add(result);
        notifyAll();
        List<KeeperApi.Room> rooms = result.rooms() == null ? List.of() : result.rooms();
        KeeperApi.TaskLease next = take(rooms, 1).stream().findFirst().orElse(null);
        return new KeeperApi.Ended(result.outcome(), next, now());
    }

    private Task require(String leaseId) {
        Task task = tasksByLease.get(leaseId);
        if (task == null || task.lost) {
            throw new NightsafeException(ProblemCode.LEASE_LOST, "this lease is lost");
        }
        return task;
    }

    @SuppressWarnings("WaitNotInLoop") // its callers loop
    private void pause(long millis) {
        try {
            wait(Math.max(1, millis));
        } catch (InterruptedException e) {
            throw new NightsafeException(ProblemCode.INTERNAL, "stopped");
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] decode(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
