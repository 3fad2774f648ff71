package dev.nightsafe.cli.platform;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Programs on the PATH. */
public final class Programs {
    private static final Pattern COLON = Pattern.compile(":");

    private Programs() {}

    public static Optional<Path> find(String name, Map<String, String> environment) {
        return COLON.splitAsStream(environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
