package dev.nightsafe.runner.process;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Programs of this machine that the runner uses. */
public final class Programs {
    private Programs() {}

    /** The Python for workers: the one given, {@code /usr/bin/python3}, or the PATH's. */
    public static Path python(@Nullable Path given) {
        if (given != null) {
            if (!Files.isExecutable(given)) {
                throw new NightsafeException(
                        ProblemCode.BAD_REQUEST, "python: " + given + " isn't a program; correct it in runner.yaml");
            }
            return given;
        }
        Path usual = Path.of("/usr/bin/python3");
        return Files.isExecutable(usual)
                ? usual
                : find("python3", System.getenv())
                        .orElseThrow(
                                () -> new NightsafeException(
                                        ProblemCode.BAD_REQUEST,
                                        "there is no python3 on this machine; install it, or name one in runner.yaml (python:)"));
    }

    /** What a JDK is read from: its own folder and, where the system keeps its settings in {@code /etc}, that one. */
    public static List<Path> jdkFolders(Path home) {
        try {
            Path settings = home.resolve("conf/logging.properties").toRealPath().getParent();
            return settings == null || settings.startsWith(home.toRealPath()) ? List.of(home) : List.of(home, settings);
        } catch (IOException e) {
            return List.of(home); // a runtime without that file
        }
    }

    /** A program on the PATH of this environment. */
    public static Optional<Path> find(String name, Map<String, String> environment) {
        return Stream.of(environment.getOrDefault("PATH", "").split(":", -1))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
