package dev.nightsafe.console;

import dev.nightsafe.console.platform.ConsoleSettings;
import dev.nightsafe.core.config.Settings;
import dev.nightsafe.database.engine.SqliteLibrary;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.http.ApiClient;
import dev.nightsafe.protocol.link.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One short life of a console without a keeper, in a temporary folder, through the code that every life goes through, and
 * through requests again and again: an AOT cache has profiles of the hot methods, too (JEP 515).
 */
final class Training {
    private static final int ROUNDS = 1500;
    private static final String DEFAULT = "/api/v1/workspaces/default";

    private Training() {}

    static void run() {
        SqliteLibrary.unpack();
        try {
            Path home = Files.createTempDirectory("nightsafe-train");
            try {
                Link.create(home.resolve("console"), home.resolve("keeper"));
                use(home);
            } finally {
                delete(home);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the training run's folder can't be made or removed", e);
        }
    }

    private static void use(Path home) throws IOException {
        Files.writeString(home.resolve("console.yaml"), "keeper-internal: https://127.0.0.1:9\n");
        Settings settings = Settings.load(
                "console", ConsoleSettings.DEFAULTS, Map.of("NIGHTSAFE_HOME", home.toString()), "--listen=127.0.0.1:0");
        try (Console console = Console.start(ConsoleSettings.of(settings))) {
            String token = Files.readString(home.resolve("cli").resolve("token"));
            try (ApiClient client = new ApiClient(console.address(), null, null, () -> Optional.of(token))) {
                client.get("/api/v1/status", ConsoleApi.Status.class);
                client.get("/api/v1/whoami", ConsoleApi.WhoAmI.class);
                client.post(
                        DEFAULT + "/tokens",
                        new ConsoleApi.NewToken("train", null, List.of("queue.read"), 1),
                        ConsoleApi.CreatedToken.class);
                client.get(DEFAULT + "/queues", ConsoleApi.Items.class);
                client.get(DEFAULT + "/audit?chain=console", ConsoleApi.Items.class);
                for (int round = 0; round < ROUNDS; round++) {
                    client.get("/api/v1/whoami", ConsoleApi.WhoAmI.class);
                    client.get(DEFAULT + "/queues", ConsoleApi.Items.class);
                    client.post(
                            DEFAULT + "/tokens",
                            new ConsoleApi.NewToken("train", null, List.of("queue.read"), 1),
                            ConsoleApi.CreatedToken.class);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
