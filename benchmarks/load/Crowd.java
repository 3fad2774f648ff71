import dev.nightsafe.core.access.EnrolmentKey;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.http.ApiClient;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.SignedMessages;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Very many runners that wait for work, as far as their keeper can tell: each has an identity and an access token of its
 * own, a long poll for what to serve and one for a task, each of 20 s on a connection of its own, and comes back as our
 * runner does: after a second, or after the Retry-After of a refusal.
 *
 * <p>{@code java -cp LIBRARIES Crowd.java CONSOLE WORKSPACE KEEPER RUNNERS}, with an API token in {@code CROWD_TOKEN}. Reads
 * commands, a line each: {@code enrol} (prints {@code enrolled SECONDS}), {@code open} and {@code cut}, which closes all
 * connections at once and lets everybody come back at once (both print {@code waiting SECONDS REFUSED UNACCEPTED LOST BROKEN}
 * when all wait again: how often the keeper told somebody to come later, had no connection free within 5 s, or a lease had
 * ended meanwhile). Prints {@code leased MICROSECONDS} (since 1970) for each task that a runner got, and ends it well. Ends at the end
 * of its input.
 */
final class Crowd {
    private static final Duration POLL = Duration.ofSeconds(20);
    private static final int CONNECT_MILLIS = 5000;
    private static final int AT_ONCE = 16;
    private static final int MOST_TOLD = 5;

    private final URI console;
    private final String workspace;
    private final InetSocketAddress keeper;
    private final URI keeperUri;
    private final String apiToken;
    private final List<Runner> runners;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger unaccepted = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private volatile CountDownLatch waiting = new CountDownLatch(0);
    private volatile int wave;

    private Crowd(String[] args) {
        console = URI.create(args[0]);
        workspace = args[1];
        keeperUri = URI.create(args[2]);
        keeper = new InetSocketAddress(keeperUri.getHost(), keeperUri.getPort());
        apiToken = System.getenv("CROWD_TOKEN");
        runners = IntStream.range(0, Integer.parseInt(args[3])).mapToObj(Runner::new).toList();
    }

    public static void main(String[] args) throws Exception {
        Crowd crowd = new Crowd(args);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            switch (command) {
                case "enrol" -> crowd.enrol();
                case "open" -> crowd.open();
                case "cut" -> crowd.cut();
                default -> throw new IllegalArgumentException(command);
            }
        }
        System.exit(0);
    }

    private static synchronized void say(String format, Object... what) {
        System.out.printf(Locale.ROOT, format + "%n", what);
        System.out.flush();
    }

    private void enrol() throws InterruptedException {
        long start = System.nanoTime();
        AtomicInteger done = new AtomicInteger();
        try (ApiClient people = new ApiClient(console, null, null, () -> Optional.of(apiToken));
                ApiClient open = new ApiClient(keeperUri, null, null, Optional::empty);
                ExecutorService some = Executors.newFixedThreadPool(AT_ONCE)) {
            String root = open.get("/v1/root", KeeperApi.Root.class).fingerprint();
            for (Runner runner : runners) {
                some.execute(() -> {
                    try {
                        runner.enrol(people, open, root);
                        if (done.incrementAndGet() % 1000 == 0) {
                            System.err.println("  " + done + " runners enrolled");
                        }
                    } catch (RuntimeException e) {
                        System.err.println(e);
                        System.exit(1);
                    }
                });
            }
        }
        say("enrolled %.3f", seconds(start));
    }

    private void open() throws InterruptedException {
        await(() -> {
            for (Runner runner : runners) {
                Thread.ofVirtual().start(() -> again(() -> runner.pollTasks()));
                Thread.ofVirtual().start(() -> again(() -> runner.pollServing()));
            }
        });
    }

    private void cut() throws InterruptedException {
        await(() -> {
            List<Connection> all = List.copyOf(connections);
            wave++;
            all.forEach(Connection::cut);
        });
    }

    private void await(Runnable action) throws InterruptedException {
        refused.set(0);
        unaccepted.set(0);
        lost.set(0);
        broken.set(0);
        long start = System.nanoTime();
        waiting = new CountDownLatch(2 * runners.size());
        action.run();
        waiting.await();
        say("waiting %.3f %d %d %d %d", seconds(start), refused.get(), unaccepted.get(), lost.get(), broken.get());
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private interface Life {
        void live() throws IOException, InterruptedException;
    }

    /** For good: a connection that breaks by itself is an error, and made again a second later. */
    private void again(Life life) {
        while (true) {
            int of = wave;
            try {
                life.live();
            } catch (SocketTimeoutException e) {
                unaccepted.incrementAndGet(); // connecting is all that has a time limit
                pause(1);
            } catch (IOException e) {
                if (of == wave) {
                    if (broken.incrementAndGet() <= MOST_TOLD) {
                        System.err.println("  a connection broke: " + e);
                    }
                    pause(1);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void pause(int seconds) {
        try {
            Thread.sleep(Duration.ofSeconds(seconds));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One of the crowd. */
    private final class Runner {
        private final String name;
        private final Ed25519.Signer key;
        private String id = "";
        private String root = "";
        private volatile String token = "";
        private volatile String lease = "";
        /** Of its one worker; none is used again after a task, or for another connection. */
        private long room;


        Runner(int number) {
            name = "crowd-" + number;
            try (SecretBytes secret = Ed25519.newPrivateKey()) {
                key = new Ed25519.Signer(secret);
            }
        }

        void enrol(ApiClient people, ApiClient open, String fingerprint) {
            root = fingerprint;
            String path = "/api/v1/workspaces/" + workspace + "/enrolment-tokens";
            ConsoleApi.NewEnrolmentToken wanted = new ConsoleApi.NewEnrolmentToken("crowd", List.of("bench-crowd"), 600);
            ConsoleApi.EnrolmentToken made = people.post(path, wanted, ConsoleApi.EnrolmentToken.class);
            Ed25519.Signer spent = EnrolmentKey.of(made.token());
            byte[] tokenKey = spent.publicKey().encoded();
            byte[] own = key.publicKey().encoded();
            byte[] message = SignedMessages.enrolment(root, tokenKey, name, "none", own);
            KeeperApi.NewEnrolment enrolment = new KeeperApi.NewEnrolment(
                    base64(tokenKey), name, "none", base64(own), base64(spent.sign(message)), base64(key.sign(message)));
            id = open.post("/v1/enrolments", enrolment, KeeperApi.Enrolled.class).runnerId();
        }

        void pollTasks() throws IOException, InterruptedException {
            awaitLease("");
            try (Connection connection = new Connection(this)) {
                room++;
                while (true) {
                    List<KeeperApi.Room> rooms = List.of(new KeeperApi.Room(room, lease, null));
                    byte[] wait = Json.write(new KeeperApi.TaskLeaseRequest(rooms, 1, POLL.toMillis()));
                    String asked = lease;
                    byte[] answer = connection.poll("/v1/task-leases", wait);
                    if (answer.length == 0) {
                        awaitLease(asked);
                        continue;
                    }
                    for (KeeperApi.TaskLease task : Json.read(answer, KeeperApi.TaskLeases.class).leases()) {
                        long leased = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
                        byte[] end = Json.write(new KeeperApi.TaskResult(
                                task.fencing(), "succeeded", null, null, false, null, null));
                        connection.call("/v1/task-leases/" + task.leaseId() + "/result", end, token);
                        say("leased %d", leased);
                        room++;
                    }
                }
            }
        }

        /** Another one than this; the other poll brings it. */
        private void awaitLease(String but) throws InterruptedException {
            while (lease.equals(but)) {
                Thread.sleep(100);
            }
        }

        void pollServing() throws IOException, InterruptedException {
            try (Connection connection = new Connection(this)) {
                String revision = "";
                while (true) {
                    KeeperApi.ServingRequest request = new KeeperApi.ServingRequest(
                            lease.isEmpty()
                                    ? List.of()
                                    : List.of(new KeeperApi.HeldLease(lease, "ready", null, null)),
                            revision,
                            revision.isEmpty() ? 0 : POLL.toMillis(),
                            "none");
                    byte[] body = Json.write(request);
                    byte[] answer = revision.isEmpty()
                            ? connection.authorized("/v1/serving", body)
                            : connection.poll("/v1/serving", body);
                    KeeperApi.Serving serving = Json.read(answer, KeeperApi.Serving.class);
                    revision = serving.revision();
                    lease = serving.leases().getFirst().leaseId();
                }
            }
        }

        String token(Connection connection) throws IOException, InterruptedException {
            return token.isEmpty() ? token(connection, "") : token;
        }

        /** Another one than this, which the keeper doesn't know any more. */
        private synchronized String token(Connection connection, String stale) throws IOException, InterruptedException {
            if (token.equals(stale)) {
                long now = System.currentTimeMillis() / 1000;
                Map<String, Object> claims = Map.of(
                        "iss", id, "sub", id, "aud", "nightsafe-keeper:" + root, "iat", now, "exp", now + 120,
                        "jti", UUID.randomUUID().toString());
                String input = base64Url("{\"alg\":\"EdDSA\"}".getBytes(StandardCharsets.US_ASCII))
                        + "." + base64Url(Json.write(claims));
                String jwt = input + "." + base64Url(key.sign(input.getBytes(StandardCharsets.US_ASCII)));
                byte[] body = Json.write(
                        new KeeperApi.TokenRequest("urn:ietf:params:oauth:grant-type:jwt-bearer", jwt));
                byte[] answer = connection.untilTaken("/v1/token", body, null).body();
                token = Json.read(answer, KeeperApi.AccessToken.class).accessToken();
            }
            return token;
        }
    }

    private record Answer(int status, int retryAfterSecs, byte[] body) {}

    /** HTTP/1.1 as far as the keeper uses it. */
    private final class Connection implements AutoCloseable {
        private final Runner runner;
        private final Socket socket = new Socket();
        private final InputStream in;
        private boolean counted;

        Connection(Runner runner) throws IOException {
            this.runner = runner;
            connections.add(this);
            try {
                socket.setTcpNoDelay(true);
                socket.connect(keeper, CONNECT_MILLIS);
                in = new BufferedInputStream(socket.getInputStream(), 512);
            } catch (IOException e) {
                close();
                throw e;
            }
        }

        /** A request that waits. Empty when its lease was lost: it ends 60 s after the keeper heard of its runner. */
        byte[] poll(String path, byte[] body) throws IOException, InterruptedException {
            String before = runner.token(this);
            send(path, body, before);
            if (!counted) {
                counted = true;
                waiting.countDown();
            }
            return taken(path, body, before, answer());
        }

        byte[] authorized(String path, byte[] body) throws IOException, InterruptedException {
            String before = runner.token(this);
            return taken(path, body, before, call(path, body, before));
        }

        private byte[] taken(String path, byte[] body, String token, Answer first)
                throws IOException, InterruptedException {
            Answer answer = first;
            while (answer.status() != 200) {
                if (answer.status() == 409 && path.equals("/v1/task-leases")) {
                    lost.incrementAndGet();
                    return new byte[0];
                }
                if (answer.status() == 401) {
                    runner.token(this, token);
                } else {
                    pauseFor(path, answer);
                }
                token = runner.token(this);
                answer = call(path, body, token);
            }
            return answer.body();
        }

        Answer untilTaken(String path, byte[] body, String token) throws IOException, InterruptedException {
            while (true) {
                Answer answer = call(path, body, token);
                if (answer.status() == 200) {
                    return answer;
                }
                pauseFor(path, answer);
            }
        }

        private static void pauseFor(String path, Answer answer) throws IOException {
            if (answer.retryAfterSecs() < 0) {
                String text = new String(answer.body(), StandardCharsets.UTF_8);
                throw new IOException(path + " answered " + answer.status() + ": " + text);
            }
            pause(answer.retryAfterSecs());
        }

        Answer call(String path, byte[] body, String token) throws IOException {
            send(path, body, token);
            return answer();
        }

        private void send(String path, byte[] body, String token) throws IOException {
            String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + (token == null ? "" : "Authorization: Bearer " + token + "\r\n")
                    + "Content-Length: " + body.length + "\r\n\r\n";
            byte[] request = new byte[head.length() + body.length];
            System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, request, 0, head.length());
            System.arraycopy(body, 0, request, head.length(), body.length);
            socket.getOutputStream().write(request);
        }

        private Answer answer() throws IOException {
            int status = Integer.parseInt(line().substring(9, 12));
            int length = 0;
            int retryAfter = -1;
            for (String header = line(); !header.isEmpty(); header = line()) {
                String lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(lower.substring(15).strip());
                } else if (lower.startsWith("retry-after:")) {
                    retryAfter = Integer.parseInt(lower.substring(12).strip());
                }
            }
            if (retryAfter >= 0) {
                refused.incrementAndGet();
            }
            return new Answer(status, retryAfter, in.readNBytes(length));
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder(64);
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new EOFException("the keeper closed the connection");
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        void cut() {
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone.
            }
        }

        @Override
        public void close() {
            connections.remove(this);
            cut();
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
