package dev.nightsafe.keeper;

import dev.nightsafe.core.config.Settings;
import dev.nightsafe.database.engine.DatabaseAddress;
import dev.nightsafe.database.engine.Engine;
import dev.nightsafe.keeper.keys.MasterKeySource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keeper's settings, read.
 *
 * @param listen for runners
 * @param internalListen for the console
 * @param folder keys, certificates, socket
 * @param tlsCertificate of the runners' listener, PEM; null for none, then {@code tlsKey} is null too
 * @param lease how long a task lease lives without a heartbeat
 * @param servingLease how long a serving lease lives without a poll
 */
record KeeperSettings(
        InetSocketAddress listen,
        InetSocketAddress internalListen,
        Path folder,
        DatabaseAddress database,
        DatabaseAddress keysDatabase,
        DatabaseAddress consoleDatabase,
        MasterKeySource masterKeys,
        @Nullable Path tlsCertificate,
        @Nullable Path tlsKey,
        Duration lease,
        Duration servingLease) {
    static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("listen", "127.0.0.1:7601"),
            Map.entry("internal-listen", "127.0.0.1:7602"),
            Map.entry("folder", "${home}/keeper"),
            Map.entry("database", "sqlite:${home}/keeper/keeper.db"),
            Map.entry("keys-database", ""),
            Map.entry("console-database", ""),
            Map.entry("master-keys", ""),
            Map.entry("tls-certificate", ""),
            Map.entry("tls-key", ""),
            Map.entry("lease-secs", "30"),
            Map.entry("serving-lease-secs", "60"));

    /** Throws {@link IllegalArgumentException} naming the setting that is wrong. */
    static KeeperSettings load(Map<String, String> environment, String... arguments) {
        Settings settings = Settings.load("keeper", DEFAULTS, environment, arguments);
        Optional<Path> certificate = settings.find("tls-certificate").map(_ -> settings.path("tls-certificate"));
        Optional<Path> key = settings.find("tls-key").map(_ -> settings.path("tls-key"));
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException("set both 'tls-certificate' and 'tls-key', or neither");
        }
        String variable = environment.get(MasterKeySource.VARIABLE);
        return new KeeperSettings(
                address(settings, "listen"),
                address(settings, "internal-listen"),
                settings.path("folder"),
                DatabaseAddress.of(settings, "database"),
                database(settings, "keys-database", "keeper/keys.db"),
                database(settings, "console-database", "console/console.db"),
                new MasterKeySource(
                        settings.find("master-keys")
                                .map(_ -> settings.path("master-keys"))
                                .orElse(null),
                        variable == null || variable.isBlank() ? null : variable),
                certificate.orElse(null),
                key.orElse(null),
                seconds(settings, "lease-secs"),
                seconds(settings, "serving-lease-secs"));
    }

    /** Where none is given: on PostgreSQL the keeper's own, which has a schema for each; on SQLite a file of the folder. */
    private static DatabaseAddress database(Settings settings, String name, String file) {
        if (settings.find(name).isPresent()) {
            return DatabaseAddress.of(settings, name);
        }
        DatabaseAddress own = DatabaseAddress.of(settings, "database");
        return own.engine() == Engine.POSTGRESQL
                ? own
                : new DatabaseAddress.Sqlite(settings.home().resolve(file));
    }

    private static Duration seconds(Settings settings, String name) {
        try {
            long seconds = Long.parseLong(settings.get(name));
            if (seconds >= 5 && seconds <= 3600) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException e) {
            // the same answer
        }
        throw new IllegalArgumentException("setting '" + name + "' must be 5 to 3600 seconds");
    }

    private static InetSocketAddress address(Settings settings, String name) {
        String value = settings.get(name);
        int colon = value.lastIndexOf(':');
        try {
            int port = Integer.parseInt(value.substring(colon + 1));
            if (colon > 0 && port >= 0 && port <= 65_535) {
                return new InetSocketAddress(InetAddress.getByName(value.substring(0, colon)), port);
            }
        } catch (NumberFormatException | UnknownHostException e) {
            // the same answer
        }
        throw new IllegalArgumentException("setting '" + name + "' must be host:port, for example 127.0.0.1:7601");
    }
}
