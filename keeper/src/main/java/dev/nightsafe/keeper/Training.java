package dev.nightsafe.keeper;

import dev.nightsafe.core.access.EnrolmentKey;
import dev.nightsafe.core.keys.MasterKeyRing;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.database.engine.SqliteLibrary;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.http.ApiClient;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.SignedMessages;
import dev.nightsafe.protocol.link.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Starts a keeper in a temporary folder and asks it the first things, then the most usual ones again and again: what an
 * AOT cache is made from, with profiles of the hot methods (JEP 515), so that the first tasks don't wait for the compiler.
 */
final class Training {
    private static final int ROUNDS = 1500;

    private Training() {}

    static void run() {
        SqliteLibrary.unpack();
        Path home = temporary();
        try {
            Link.create(home.resolve("console"), home.resolve("keeper"));
            MasterKeyRing.addVersion(home.resolve("master.keys"));
            Files.writeString(home.resolve("keeper.yaml"), "internal-listen: 127.0.0.1:0\n");
            KeeperSettings settings = KeeperSettings.load(
                    Map.of("NIGHTSAFE_HOME", home.toString()),
                    "--listen=127.0.0.1:0",
                    "--master-keys=" + home.resolve("master.keys"));
            try (Keeper keeper = Keeper.start(settings, InstantSource.system(), Duration.ofSeconds(1));
                    ApiClient runner = new ApiClient(uri("http", keeper.port()), null, null, Optional::empty);
                    ApiClient console = new ApiClient(
                            uri("https", keeper.internalPort()),
                            Link.clientContext(home.resolve("console")),
                            null,
                            Optional::empty)) {
                KeeperApi.Root root = runner.get("/v1/root", KeeperApi.Root.class);
                console.get("/internal/v1/status", InternalApi.Status.class);
                console.post(
                        "/internal/v1/locks",
                        new InternalApi.NewLock("w", "v", "training", null),
                        InternalApi.Lock.class);
                console.post("/internal/v1/tasks", tasks(), ConsoleApi.Items.class);
                ConsoleApi.EnrolmentToken token = console.post(
                        "/internal/v1/enrolment-tokens",
                        new InternalApi.NewEnrolmentToken("w", "site", List.of("*"), 60, "training"),
                        ConsoleApi.EnrolmentToken.class);
                runner.post("/v1/enrolments", enrolment(root, token.token()), KeeperApi.Enrolled.class);
                for (int round = 0; round < ROUNDS; round++) {
                    console.post("/internal/v1/tasks", tasks(), ConsoleApi.Items.class);
                    console.get("/internal/v1/tasks?workspaceId=w&limit=2", ConsoleApi.Items.class);
                    runner.get("/v1/root", KeeperApi.Root.class);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(home);
        }
    }

    private static InternalApi.NewTasks tasks() {
        InternalApi.NewTask task = new InternalApi.NewTask("default", 1, null, Json.readTree(new byte[] {'1'}), null);
        InternalApi.TaskLimits limits = new InternalApi.TaskLimits(0, 0, 0, 0, 0);
        return new InternalApi.NewTasks("w", "q", 1, "queue", limits, List.of(), "training", false, List.of(task));
    }

    private static KeeperApi.NewEnrolment enrolment(KeeperApi.Root root, String token) {
        try (SecretBytes seed = Ed25519.newPrivateKey()) {
            Ed25519.Signer key = new Ed25519.Signer(seed);
            Ed25519.Signer tokenKey = EnrolmentKey.of(token);
            byte[] tokenPublic = tokenKey.publicKey().encoded();
            byte[] publicKey = key.publicKey().encoded();
            byte[] message = SignedMessages.enrolment(root.fingerprint(), tokenPublic, "training", "none", publicKey);
            return new KeeperApi.NewEnrolment(
                    Encoded.base64(tokenPublic),
                    "training",
                    "none",
                    Encoded.base64(publicKey),
                    Encoded.base64(tokenKey.sign(message)),
                    Encoded.base64(key.sign(message)));
        }
    }

    private static URI uri(String scheme, int port) {
        return URI.create(scheme + "://127.0.0.1:" + port);
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("nightsafe-train");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
