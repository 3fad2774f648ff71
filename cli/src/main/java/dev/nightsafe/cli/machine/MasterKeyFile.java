package dev.nightsafe.cli.machine;

import dev.nightsafe.core.keys.MasterKeyRing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** {@code master.keys} of a data folder: the keeper's keys unless its settings or a variable give others. */
final class MasterKeyFile {
    private final Path home;
    private final boolean given;
    private final boolean configured;

    MasterKeyFile(Path home, Map<String, String> environment) {
        this.home = home;
        this.given = isSet(environment, "NIGHTSAFE_MASTER_KEY");
        this.configured = isSet(environment, "NIGHTSAFE_KEEPER_MASTER_KEYS")
                || SettingsFile.has(home.resolve("keeper.yaml"), "master-keys");
    }

    /**
     * Makes the file where a keeper is about to start for the first time. Where one has been, a new key would open none
     * of its vaults and hide that the old one is gone: there the keeper says that the file is missing.
     */
    void makeForFirstStart() {
        if (!given && !configured && !Files.exists(file()) && !hasKeeperBeen()) {
            MasterKeyRing.addVersion(file());
        }
    }

    /** What the keeper's command line says of it. */
    String[] arguments() {
        boolean other = configured || (given && !Files.exists(file()));
        return other ? new String[0] : new String[] {"--master-keys", file().toString()};
    }

    private boolean hasKeeperBeen() {
        return Stream.of("root.fingerprint", "keys.db", "data.keys")
                .anyMatch(name -> Files.exists(home.resolve("keeper").resolve(name)));
    }

    private Path file() {
        return home.resolve("master.keys");
    }

    private static boolean isSet(Map<String, String> environment, String variable) {
        return !environment.getOrDefault(variable, "").isBlank();
    }
}
