package dev.nightsafe.e2e;

import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** One data folder with its own ports, and the `nightsafe` command run on it. Closing stops what it started. */
public final class Installation implements AutoCloseable {
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 12_000;
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));
    /** The repository that is tested. */
    public static final Path SOURCE =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

    public final Path home;
    final Map<String, String> environment = new HashMap<>();
    public final int consolePort;
    public final int keeperPort;
    public final int internalPort;

    /** An empty data folder with settings for three free ports. */
    public Installation() {
        this(freePort(), freePort(), freePort());
        write(
                "console.yaml",
                "listen: 127.0.0.1:%d\nkeeper-internal: https://127.0.0.1:%d\n".formatted(consolePort, internalPort));
        write(
                "keeper.yaml",
                "listen: 127.0.0.1:%d\ninternal-listen: 127.0.0.1:%d\n".formatted(keeperPort, internalPort));
    }

    private Installation(int consolePort, int keeperPort, int internalPort) {
        this.consolePort = consolePort;
        this.keeperPort = keeperPort;
        this.internalPort = internalPort;
        try {
            home = Files.createTempDirectory("nightsafe-e2e-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An empty data folder, as a newcomer has it. */
    static Installation withDefaultPorts() {
        return new Installation(7600, 7601, 7602);
    }

    /** What a command did. */
    public record Outcome(int exitCode, byte[] stdout, String stderr) {
        public String text() {
            return new String(stdout, StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return Json.readTree(stdout);
        }
    }

    /** Writes a file of the data folder. */
    public Path write(String name, String text) {
        try {
            Path file = home.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds to a file of the data folder, which from then on only its owner may read. */
    public void append(String name, String text) {
        try {
            Path file = home.resolve(name);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            Files.writeString(file, text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command that must succeed. */
    public Outcome run(String... arguments) {
        Outcome outcome = attempt(new byte[0], arguments);
        if (outcome.exitCode() != 0) {
            throw new AssertionError("nightsafe " + String.join(" ", arguments) + " ended with " + outcome.exitCode()
                    + "\n" + outcome.text() + outcome.stderr());
        }
        return outcome;
    }

    /** Runs a command with {@code -o json} that must succeed. */
    JsonNode json(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("-o");
        all.add("json");
        return run(all.toArray(String[]::new)).json();
    }

    /** Runs a command, whatever becomes of it. */
    public Outcome attempt(byte[] input, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(SOURCE.resolve("nightsafe").toString()));
        command.addAll(List.of(arguments));
        return attempt(input, command);
    }

    /** Runs any program with this data folder in its environment. */
    Outcome attempt(byte[] input, List<String> command) {
        try {
            Path out = Files.createTempFile("stdout", "");
            Path err = Files.createTempFile("stderr", "");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(SOURCE.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("NIGHTSAFE_"));
            builder.environment().put("NIGHTSAFE_HOME", home.toString());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input);
            } catch (IOException e) {
                // it ended without reading its input, which is its right
            }
            if (!process.waitFor(150, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after 150 s: " + command + "\n" + Files.readString(err));
            }
            Outcome outcome = new Outcome(process.exitValue(), Files.readAllBytes(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return outcome;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The process id of a part that `up` started. */
    public long pid(String part) {
        try {
            return Long.parseLong(Files.readString(home.resolve("run/" + part + ".pid"))
                    .strip()
                    .split("\\s+", -1)[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a git repository from an example folder and gives its URL. */
    String repository(String example) {
        return repositoryFrom(SOURCE.resolve("examples").resolve(example), example);
    }

    /** Makes a git repository from any folder and gives its URL. */
    public String repositoryFrom(Path folder, String name) {
        Path repository = home.resolve("repositories").resolve(name);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = repository.resolve(folder.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        git(repository, "init", "-q", "-b", "main");
        commit(repository);
        return "file://" + repository;
    }

    /** Commits all that is in a repository's folder. */
    void commit(Path repository) {
        git(repository, "add", "-A");
        git(repository, "-c", "user.name=e2e", "-c", "user.email=e2e@example.com", "commit", "-q", "-m", "change");
    }

    private void git(Path repository, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(arguments));
        Outcome outcome = attempt(new byte[0], command);
        if (outcome.exitCode() != 0) {
            throw new AssertionError(command + ": " + outcome.stderr());
        }
    }

    /**
     * Below the range that the kernel takes for outgoing connections: its own free ports may be somebody's before a part
     * listens there. Starts anywhere, since other test processes look for ports at the same time.
     */
    private static int freePort() {
        while (true) {
            int port = FIRST_PORT + NEXT_PORT.getAndIncrement() % PORTS;
            try (ServerSocket _ = new ServerSocket(port)) {
                return port;
            } catch (IOException e) {
                // Taken.
            }
        }
    }

    @Override
    public void close() {
        attempt(new byte[0], "down");
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
