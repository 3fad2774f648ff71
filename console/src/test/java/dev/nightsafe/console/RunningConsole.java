package dev.nightsafe.console;

import dev.nightsafe.console.platform.ConsoleSettings;
import dev.nightsafe.console.platform.Logging;
import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.config.Settings;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Engine;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.link.Link;
import dev.nightsafe.testkit.EmbeddedPostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** A console with a keeper; every answer that goes through {@link #call} is held to the API's description. */
final class RunningConsole implements AutoCloseable {
    static final String DEFAULT = "/api/v1/workspaces/default";

    final Path home;
    final FakeKeeper keeper;
    final Tick clock = new Tick();
    final HttpClient http = HttpClient.newHttpClient();
    Console console;

    static {
        Logging.configure();
    }

    private final Optional<String> database;

    RunningConsole(Path home, Engine engine) throws IOException {
        this.home = home;
        this.database = switch (engine) {
            case SQLITE -> Optional.empty();
            case POSTGRESQL -> Optional.of(EmbeddedPostgresServer.freshDatabase());
        };
        Link.create(home.resolve("console"), home.resolve("keeper"));
        keeper = new FakeKeeper(home.resolve("keeper"));
        console = Console.start(settings(), clock);
    }

    ConsoleSettings settings(String... more) {
        String[] flags = Stream.concat(
                        Stream.of("--listen=127.0.0.1:0", "--keeper-internal=" + keeper.address()), Stream.of(more))
                .toArray(String[]::new);
        Map<String, String> environment = new HashMap<>(Map.of("NIGHTSAFE_HOME", home.toString()));
        database.ifPresent(address -> environment.put("NIGHTSAFE_CONSOLE_DATABASE", address));
        return ConsoleSettings.of(Settings.load("console", ConsoleSettings.DEFAULTS, environment, flags));
    }

    void restart() {
        console.close();
        console = Console.start(settings(), clock);
    }

    Database database() {
        return console.context().getBean(Database.class);
    }

    /** The first token. */
    String first() {
        try {
            return Files.readString(home.resolve("cli").resolve("token"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ConsoleApi.Workspace workspace(String name) {
        return call("POST", "/api/v1/workspaces", first(), new ConsoleApi.NewWorkspace(name))
                .as(ConsoleApi.Workspace.class);
    }

    /** A token of a workspace with these permissions. */
    String token(String workspace, Permission... permissions) {
        List<String> ids = Stream.of(permissions).map(Permission::id).toList();
        return token(workspace, new ConsoleApi.NewToken("test", null, ids, null))
                .token();
    }

    ConsoleApi.CreatedToken token(String workspace, ConsoleApi.NewToken asked) {
        return call("POST", "/api/v1/workspaces/" + workspace + "/tokens", first(), asked)
                .as(ConsoleApi.CreatedToken.class);
    }

    ConsoleApi.Vault vault(String workspace, String name) {
        return call(
                        "POST",
                        "/api/v1/workspaces/" + workspace + "/vaults",
                        first(),
                        new ConsoleApi.NewVault(name, null, null, null, null))
                .as(ConsoleApi.Vault.class);
    }

    /** Digest of a queue's deployment as it is now, by one's own reckoning. */
    String deployment(String workspace, String queue) {
        return Deployment.fromMap(call("GET", "/api/v1/workspaces/" + workspace + "/queues/" + queue, first(), null)
                        .as(ConsoleApi.Queue.class)
                        .deployment())
                .digest();
    }

    /** The last event of this kind. */
    ConsoleApi.AuditEvent audited(String workspace, String action) {
        return audits(workspace, action).getLast();
    }

    /** The events of this kind, the oldest first. */
    List<ConsoleApi.AuditEvent> audits(String workspace, String action) {
        ConsoleApi.Items<ConsoleApi.AuditEvent> events = call(
                        "GET", "/api/v1/workspaces/" + workspace + "/audit?chain=console&limit=1000", first(), null)
                .as(new TypeReference<>() {});
        return events.items().stream()
                .filter(event -> event.action().equals(action))
                .toList();
    }

    ConsoleApi.LockForDeposit lock(String workspace, String vault, String key) {
        return call(
                        "GET",
                        "/api/v1/workspaces/" + workspace + "/vaults/" + vault + "/secrets/" + key + "/lock",
                        first(),
                        null)
                .as(ConsoleApi.LockForDeposit.class);
    }

    Answer deposit(String workspace, String vault, String key, ConsoleApi.Deposit deposit) {
        return call(
                "PUT", "/api/v1/workspaces/" + workspace + "/vaults/" + vault + "/secrets/" + key, first(), deposit);
    }

    /** As a writer does it. */
    static ConsoleApi.Deposit sealed(ConsoleApi.LockForDeposit to, String key, String value) {
        byte[] box = Sealing.seal(
                new Lock(Suite.of(to.suite()), Base64.getDecoder().decode(to.publicKey())),
                new DepositBinding(to.workspaceId(), to.vaultId(), key, to.nextVersion(), true),
                SecretBytes.takeFrom(value.getBytes(StandardCharsets.UTF_8)));
        return new ConsoleApi.Deposit(
                to.suite(),
                to.lock(),
                to.nextVersion(),
                Base64.getEncoder().encodeToString(box),
                true,
                null,
                null,
                null);
    }

    /** @param body null for none, a text as it stands, or a record */
    Answer call(String method, String path, @Nullable String token, @Nullable Object body) {
        Map<String, String> headers = new HashMap<>();
        if (token != null) {
            headers.put("Authorization", "Bearer " + token);
        }
        if (body != null) {
            headers.put("Content-Type", "application/json");
        }
        byte[] bytes = switch (body) {
            case null -> new byte[0];
            case byte[] raw -> raw;
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            default -> Json.write(body);
        };
        return send(method, path, headers, HttpRequest.BodyPublishers.ofByteArray(bytes));
    }

    Answer send(String method, String path, Map<String, String> headers, HttpRequest.BodyPublisher body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(console.address().resolve(path)).method(method, body);
        headers.forEach(request::header);
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            Map<String, List<String>> seen = new HashMap<>(response.headers().map());
            seen.remove("date");
            Answer answer = new Answer(response.statusCode(), seen, response.body());
            Spec.get().check(method, path, answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow(); // a test that failed may have left a stream open
        console.close();
        keeper.close();
    }
}
