package dev.nightsafe.keeper;

import dev.nightsafe.protocol.http.ApiClient;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.link.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Starts a keeper in a temporary folder and asks it something: what an AOT cache is made from. */
final class Training {
    private Training() {}

    static void run() {
        Path home = temporary();
        try {
            Link.create(home.resolve("console"), home.resolve("keeper"));
            KeeperSettings settings = KeeperSettings.load(
                    Map.of("NIGHTSAFE_HOME", home.toString()), "--listen=127.0.0.1:0", "--internal-listen=127.0.0.1:0");
            try (Keeper keeper = Keeper.start(settings, InstantSource.system(), Duration.ofSeconds(1));
                    ApiClient runner = new ApiClient(uri("http", keeper.port()), null, null, Optional::empty);
                    ApiClient console = new ApiClient(
                            uri("https", keeper.internalPort()),
                            Link.clientContext(home.resolve("console")),
                            null,
                            Optional::empty)) {
                runner.get("/v1/root", KeeperApi.Root.class);
                console.get("/internal/v1/status", InternalApi.Status.class);
            }
        } finally {
            delete(home);
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
