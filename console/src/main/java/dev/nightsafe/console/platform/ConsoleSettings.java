package dev.nightsafe.console.platform;

import dev.nightsafe.core.config.Settings;
import dev.nightsafe.database.engine.DatabaseAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The console's settings.
 *
 * @param address what to listen on
 * @param port 0 for any free one
 * @param folder the console's keys, see {@link dev.nightsafe.protocol.link.Link}
 * @param keeper the keeper's internal listener
 * @param firstTokenFile where the first token is written
 * @param certificate PEM, null for plain HTTP
 * @param key PEM, null for plain HTTP
 */
public record ConsoleSettings(
        String address,
        int port,
        Path folder,
        DatabaseAddress database,
        URI keeper,
        Path firstTokenFile,
        @Nullable Path certificate,
        @Nullable Path key) {

    /** Every setting that the console knows. */
    public static final Map<String, String> DEFAULTS = Map.of(
            "listen", "127.0.0.1:7600",
            "folder", "${home}/console",
            "database", "sqlite:${home}/console/console.db",
            "keeper-internal", "https://127.0.0.1:7602",
            "first-token-file", "${home}/cli/token",
            "tls-certificate", "",
            "tls-key", "");

    /** Throws {@link IllegalArgumentException} naming the setting that is wrong. */
    public static ConsoleSettings of(Settings settings) {
        String listen = settings.get("listen");
        int colon = listen.lastIndexOf(':');
        if (colon < 1 || !listen.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("setting 'listen' is address:port, for example 127.0.0.1:7600");
        }
        Path certificate = settings.find("tls-certificate").map(Path::of).orElse(null);
        Path key = settings.find("tls-key").map(Path::of).orElse(null);
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("give both 'tls-certificate' and 'tls-key', or neither");
        }
        return new ConsoleSettings(
                listen.substring(0, colon),
                Integer.parseInt(listen.substring(colon + 1)),
                settings.path("folder"),
                DatabaseAddress.of(settings, "database"),
                keeper(settings.get("keeper-internal")),
                settings.path("first-token-file"),
                certificate,
                key);
    }

    private static URI keeper(String text) {
        URI uri = URI.create(text);
        if (!"https".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("setting 'keeper-internal' is https://host:port");
        }
        return uri;
    }
}
