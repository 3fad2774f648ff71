package dev.nightsafe.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.sealing.LockCertificate;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.Problem;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.link.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Enough of a keeper's internal API, by the book of {@code spec/keeper-internal.yaml}, over real mutual TLS. */
final class FakeKeeper implements AutoCloseable {
    static final String NOW = "2026-11-22T10:00:00Z";

    /** Every request as {@code METHOD path?query body}. */
    final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();

    /** Vaults that it was told of new values of. */
    final LinkedBlockingQueue<String> news = new LinkedBlockingQueue<>();

    final Map<String, OpeningKey> keys = new ConcurrentHashMap<>();
    final Ed25519.Signer root = new Ed25519.Signer(Ed25519.newPrivateKey());
    volatile boolean vaultsEnabled = true;
    /** Submitting is refused so, while it isn't null. */
    volatile @Nullable ProblemCode refusal;

    /** Tasks that can neither be cancelled nor retried. */
    final Set<String> running = ConcurrentHashMap.newKeySet();

    /** What becomes of tasks that are watched. */
    final FakeChanges changes = new FakeChanges();

    /** Those of each queue. */
    volatile List<InternalApi.RunnerOfQueue> runnersOfQueue = List.of();

    /** What it says of its audit chain. */
    volatile InternalApi.@Nullable ToldHead told;

    /** What the console said of its own. */
    final ConcurrentLinkedQueue<InternalApi.TellHead> heads = new ConcurrentLinkedQueue<>();

    /** Happens before each answer with boxes that were sealed anew. */
    volatile Runnable whileResealing = () -> {};
    /** Answered to everything, as 200, while it isn't empty. */
    volatile String garbage = "";

    /** By id of their lock; what isn't there was destroyed. */
    final Map<String, OpeningKey> byLock = new ConcurrentHashMap<>();

    /** Destroys none: a box isn't what was accepted under the lock that it names. */
    volatile boolean keepsOlderKeys;

    /** Vaults whose older keys were destroyed. */
    final Set<String> retired = Collections.synchronizedSet(new LinkedHashSet<>());

    /** Boxes that are sealed anew, until a keeper that goes away. */
    final AtomicLong resealsLeft = new AtomicLong(Long.MAX_VALUE);

    private final Map<String, OpeningKey> made = new ConcurrentHashMap<>();
    private final Map<String, Long> serials = new ConcurrentHashMap<>();
    private final Map<String, String> workspaceOf = new ConcurrentHashMap<>();
    private final Map<String, ConsoleApi.Task> tasks = new ConcurrentHashMap<>();
    private final HttpsServer server;

    FakeKeeper(Path folder) throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        SSLContext tls = Link.serverContext(folder);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = tls.getDefaultSSLParameters();
                ssl.setNeedClientAuth(true);
                parameters.setSSLParameters(ssl);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    URI address() {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    }

    /** A runner of this workspace; its id. */
    String addRunner(String workspaceId) {
        String id = UUID.randomUUID().toString();
        workspaceOf.put(id, workspaceId);
        return id;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(body, StandardCharsets.UTF_8));
            try {
                byte[] answer = garbage.isEmpty()
                        ? Json.write(answer(exchange, body))
                        : garbage.getBytes(StandardCharsets.UTF_8);
                send(exchange, 200, "application/json", answer);
            } catch (NightsafeException e) {
                send(exchange, e.code().status(), Problem.MEDIA_TYPE, Json.write(Problem.of(e)));
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private Object answer(HttpExchange exchange, byte[] body) {
        String path = exchange.getRequestURI().getPath().substring("/internal/v1/".length());
        String[] parts = path.split("/", -1);
        return switch (exchange.getRequestMethod() + " " + path.replaceFirst("[0-9a-f]{8}-[^/]*", "{id}")) {
            case "GET status" ->
                new InternalApi.Status(
                        vaultsEnabled,
                        vaultsEnabled ? "" : "no master key was given",
                        base64(root.publicKey().encoded()),
                        root.publicKey().fingerprint(),
                        null);
            case "POST locks" -> lock(Json.read(body, InternalApi.NewLock.class));
            case "POST vaults/{id}/erase" -> new InternalApi.Count(keys.remove(parts[1]) == null ? 0 : 1);
            case "POST vaults/{id}/retire" -> retire(parts[1], Json.read(body, InternalApi.Retire.class));
            case "POST vaults/{id}/reseal" -> reseal(parts[1], Json.read(body, InternalApi.Reseal.class));
            case "GET vaults/{id}/releases" ->
                new ConsoleApi.Items<>(List.of(new ConsoleApi.Release(
                        "0-1",
                        NOW,
                        1,
                        "q",
                        "site",
                        "runner",
                        "runner-id",
                        null,
                        1,
                        List.of(new ConsoleApi.TaskAttempt("task", 1, NOW)))));
            case "POST new-values" -> {
                news.addAll(Json.read(body, InternalApi.NewValues.class).vaults());
                yield new InternalApi.Count(0);
            }
            case "POST queues/{id}/cancel" -> cancelAll();
            case "POST tasks" -> {
                if (refusal != null) {
                    throw new NightsafeException(refusal, "as the test wants it");
                }
                InternalApi.NewTasks asked = Json.read(body, InternalApi.NewTasks.class);
                yield new ConsoleApi.Items<>(
                        asked.tasks().stream().map(task -> submit(asked, task)).toList());
            }
            case "GET tasks" ->
                new ConsoleApi.Items<>(tasks.values().stream()
                        .filter(task -> query(exchange, "workspaceId").equals(workspaceOf.get(task.id())))
                        .toList());
            case "GET tasks/{id}" -> task(parts[1], query(exchange, "workspaceId"));
            case "GET tasks/{id}/changes" -> changes.change(task(parts[1], query(exchange, "workspaceId")), exchange);
            case "GET tasks/{id}/logs" ->
                new ConsoleApi.TaskLogs(
                        List.of(new ConsoleApi.LogPart(NOW, 1, "out", "a line")),
                        false,
                        "1.0",
                        task(parts[1], query(exchange, "workspaceId")).state());
            case "POST tasks/{id}/cancel", "POST tasks/{id}/retry" -> {
                if (running.contains(parts[1])) {
                    throw new NightsafeException(ProblemCode.WRONG_STATE, "the task is running");
                }
                yield task(parts[1], Json.read(body, InternalApi.Asked.class).workspaceId());
            }
            case "GET queues/{id}", "POST queues/{id}/pause", "POST queues/{id}/resume", "POST queues/{id}/restart" ->
                new ConsoleApi.QueueActivity("queue", null, null, List.of(), List.of());
            case "GET queues/{id}/runners" -> new ConsoleApi.Items<>(runnersOfQueue);
            case "GET runners" ->
                new ConsoleApi.Items<>(workspaceOf.entrySet().stream()
                        .filter(entry -> !tasks.containsKey(entry.getKey())
                                && entry.getValue().equals(query(exchange, "workspaceId")))
                        .map(entry -> runner(entry.getKey(), "online"))
                        .toList());
            case "GET runners/{id}" -> runner(require(parts[1], query(exchange, "workspaceId")), "online");
            case "POST runners/{id}/revoke" ->
                runner(
                        require(
                                parts[1],
                                Json.read(body, InternalApi.Asked.class).workspaceId()),
                        "revoked");
            case "POST enrolment-tokens" ->
                new ConsoleApi.EnrolmentToken(
                        UUID.randomUUID().toString(),
                        "nse_"
                                + Json.read(body, InternalApi.NewEnrolmentToken.class)
                                        .site(),
                        NOW);
            case "GET audit" ->
                new ConsoleApi.Items<>(List.of(new ConsoleApi.AuditEvent(
                        "keeper/1",
                        1,
                        NOW,
                        "console",
                        "lock.create",
                        "vault:1",
                        "ok",
                        new TreeMap<>(),
                        "0".repeat(64))));
            case "GET audit/heads" -> {
                if (told == null) {
                    throw new NightsafeException(ProblemCode.NOT_FOUND, "no heads in this test");
                }
                yield told;
            }
            case "POST audit/heads" -> {
                heads.add(Json.read(body, InternalApi.TellHead.class));
                yield new InternalApi.Count(1);
            }
            case "GET audit/export" -> new ConsoleApi.AuditPage(List.of(), null);
            case "GET audit/verification" ->
                new InternalApi.Verification(new ConsoleApi.ChainVerification(
                        "keeper/1",
                        1,
                        null,
                        null,
                        "0".repeat(64),
                        root.publicKey().fingerprint()));
            default -> throw new NightsafeException(ProblemCode.NOT_FOUND, "no such route");
        };
    }

    private InternalApi.Lock lock(InternalApi.NewLock asked) {
        if (!vaultsEnabled) {
            throw new NightsafeException(ProblemCode.VAULTS_NOT_CONFIGURED, "vaults not configured");
        }
        OpeningKey key = made.computeIfAbsent(
                asked.rekey() == null ? asked.vaultId() : asked.rekey(), _ -> OpeningKey.generate(Suite.X_WING));
        keys.put(asked.vaultId(), key);
        byLock.put(key.lock().id(), key);
        long serial = serials.computeIfAbsent(key.lock().id(), _ -> serials.size() + 1L);
        return new InternalApi.Lock(
                key.lock().suite().id(),
                key.lock().id(),
                base64(key.lock().publicKey()),
                serial,
                base64(LockCertificate.issue(root, asked.workspaceId(), asked.vaultId(), key.lock(), serial)),
                base64(root.publicKey().encoded()));
    }

    private InternalApi.Resealed reseal(String vault, InternalApi.Reseal asked) {
        if (resealsLeft.addAndGet(-asked.boxes().size()) < 0) {
            throw new NightsafeException(ProblemCode.OVERLOADED, "the keeper is busy");
        }
        OpeningKey to = key(asked.lock());
        List<String> boxes = asked.boxes().stream()
                .map(box -> base64(reseal(asked.workspaceId(), vault, to, box)))
                .toList();
        List<String> origins = asked.boxes().stream()
                .map(box -> box.toVersion() == box.version() ? base64(new byte[64]) : "")
                .toList();
        whileResealing.run();
        return new InternalApi.Resealed(to.lock().suite().id(), to.lock().id(), boxes, origins);
    }

    private OpeningKey key(String lock) {
        OpeningKey key = byLock.get(lock);
        if (key == null) {
            throw new NightsafeException(ProblemCode.SECRET_UNREADABLE, "there is no such lock");
        }
        return key;
    }

    private InternalApi.Count retire(String vault, InternalApi.Retire asked) {
        OpeningKey kept = Objects.requireNonNull(keys.get(vault));
        if (!kept.lock().id().equals(asked.lock())) {
            throw new NightsafeException(ProblemCode.LOCK_CHANGED, "the vault has a newer lock");
        }
        if (keepsOlderKeys) {
            throw new NightsafeException(ProblemCode.SECRET_UNREADABLE, "the older opening keys stay: v/B@1");
        }
        retired.add(vault);
        return new InternalApi.Count(1);
    }

    private byte[] reseal(String workspace, String vault, OpeningKey to, InternalApi.StoredBox box) {
        byte[] sealed = Base64.getDecoder().decode(box.box());
        try (SecretBytes value = Sealing.open(
                key(box.lock()),
                new DepositBinding(workspace, vault, box.key(), box.version(), box.secret()),
                sealed)) {
            return Sealing.seal(
                    to.lock(), new DepositBinding(workspace, vault, box.key(), box.toVersion(), box.secret()), value);
        }
    }

    private ConsoleApi.Task submit(InternalApi.NewTasks asked, InternalApi.NewTask one) {
        ConsoleApi.Task task = new ConsoleApi.Task(
                UUID.randomUUID().toString(),
                asked.queue(),
                one.subQueue(),
                one.type(),
                "pending",
                0,
                asked.limits().maxRetry(),
                null,
                null,
                null,
                null,
                NOW,
                null,
                null,
                one.payload(),
                null,
                null,
                null,
                List.of());
        workspaceOf.put(task.id(), asked.workspaceId());
        tasks.put(task.id(), task);
        return task;
    }

    private InternalApi.Count cancelAll() {
        int count = tasks.size();
        tasks.clear();
        return new InternalApi.Count(count);
    }

    private ConsoleApi.Task task(String id, String workspaceId) {
        return Objects.requireNonNull(tasks.get(require(id, workspaceId)));
    }

    private String require(String id, String workspaceId) {
        if (!workspaceId.equals(workspaceOf.get(id))) {
            throw new NightsafeException(ProblemCode.NOT_FOUND, "the keeper's own words");
        }
        return id;
    }

    private static ConsoleApi.Runner runner(String id, String state) {
        return new ConsoleApi.Runner(
                id, "runner", "site", List.of("*"), state, "user", NOW, null, List.of(), List.of(), null);
    }

    private static String query(HttpExchange exchange, String name) {
        for (String part : exchange.getRequestURI().getQuery().split("&", -1)) {
            if (part.startsWith(name + "=")) {
                return part.substring(name.length() + 1);
            }
        }
        throw new NightsafeException(ProblemCode.BAD_REQUEST, "missing " + name);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
