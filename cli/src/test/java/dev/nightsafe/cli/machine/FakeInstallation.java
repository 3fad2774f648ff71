package dev.nightsafe.cli.machine;

import dev.nightsafe.cli.fake.FakeConsole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/** A script {@code nightsafe} whose parts do nothing but say that they are ready, and note what they were given. */
final class FakeInstallation {
    private final Path script;
    private final Path home;

    FakeInstallation(Path folder, FakeConsole console) throws IOException {
        home = folder.resolve("home");
        script = folder.resolve("nightsafe");
        Files.writeString(script, """
                #!/bin/sh
                part=$1
                env > "$NIGHTSAFE_HOME/$part.env"
                echo "$@" > "$NIGHTSAFE_HOME/$part.arguments"
                if [ -e "$NIGHTSAFE_HOME/$part.dies" ]; then
                    echo "something is wrong with the $part" >&2
                    exit 3
                fi
                case $part in
                keeper)
                    echo '%s' > "$NIGHTSAFE_HOME/keeper/root.fingerprint"
                    vaults=enabled
                    if [ -e "$NIGHTSAFE_HOME/keeper.keyless" ]; then vaults='disabled (no key (none at all))'; fi
                    echo "nightsafe keeper ready on http://127.0.0.1:1, root %s, vaults $vaults" ;;
                console)
                    mkdir -p "$NIGHTSAFE_HOME/cli"
                    echo '%s' > "$NIGHTSAFE_HOME/cli/token"
                    echo "nightsafe console ready on %s" ;;
                runner)
                    echo "nightsafe runner ready: here at site local, isolation none" ;;
                esac
                if [ -e "$NIGHTSAFE_HOME/$part.stubborn" ]; then trap '' TERM; fi
                while :; do sleep 1000 & wait $!; done
                """.formatted(
                        console.rootFingerprint(), console.rootFingerprint(), console.token(), console.url()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    Path home() {
        return home;
    }

    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("NIGHTSAFE_HOME", home.toString());
        environment.put("NIGHTSAFE_COMMAND", script.toString());
        environment.put("NIGHTSAFE_SOURCE", home.resolveSibling("source").toString());
        environment.put("PATH", System.getenv("PATH"));
        return environment;
    }

    /** The variables that a part got. */
    Map<String, String> environmentOf(String part) throws IOException {
        Map<String, String> variables = new HashMap<>();
        for (String line : Files.readAllLines(home.resolve(part + ".env"))) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                variables.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return variables;
    }

    String argumentsOf(String part) throws IOException {
        return Files.readString(home.resolve(part + ".arguments")).strip();
    }

    /** Makes a part end, ignore SIGTERM, or lack a master key, when it is started. */
    void let(String part, String behaviour) throws IOException {
        Files.createDirectories(home);
        Files.writeString(home.resolve(part + "." + behaviour), "");
    }
}
