package dev.nightsafe.runner;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.queue.Renewal;
import dev.nightsafe.runner.agent.Start;
import dev.nightsafe.runner.local.RunnerConfig;
import dev.nightsafe.runner.workers.Timings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A runner inside the test, with a folder of its own and short pauses. */
final class RunningRunner implements AutoCloseable {
    static final Timings QUICK = new Timings(
            Duration.ofSeconds(5),
            Duration.ofMillis(50),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofMillis(100),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofMillis(100),
            Duration.ofMillis(20));

    final Path folder;
    final Map<String, String> environment = new HashMap<>();
    final CompletableFuture<String> ready = new CompletableFuture<>();
    final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private final Start start;

    private RunningRunner(Path folder, Map<String, String> environment, String yaml, Timings timings, String token) {
        this.folder = folder;
        this.environment.putAll(environment);
        Path file = folder.resolve("runner.yaml");
        try {
            Files.writeString(file, yaml + "\nfolder: " + folder + "/runner\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start = new Start(RunnerConfig.read(file, this.environment), this.environment, timings);
        Thread.ofPlatform().daemon().name("runner").start(() -> {
            try {
                start.run(token.isEmpty() ? Optional.empty() : Optional.of(token), ready::complete);
                ended.complete(null);
            } catch (Throwable e) {
                ready.completeExceptionally(e);
                ended.completeExceptionally(e);
            }
        });
    }

    /** Starts one that allows the folder's own code and every queue. */
    static RunningRunner start(Path folder, FakeKeeper keeper) {
        return start(folder, keeper, "isolation: none", QUICK);
    }

    /** @param more lines of runner.yaml besides the keeper and what is allowed */
    static RunningRunner start(Path folder, FakeKeeper keeper, String more, Timings timings) {
        String allow = more.contains("allow:")
                ? ""
                : "allow: {git: ['dir:" + folder + "/code', '" + folder + "/code'], queues: ['*']}\n";
        String yaml = "keeper: " + keeper.address() + "\nname: test\n" + allow + more;
        return new RunningRunner(folder, Map.of("PATH", "/usr/bin:/bin"), yaml, timings, keeper.token);
    }

    static RunningRunner with(Path folder, Map<String, String> environment, String yaml, String token) {
        return new RunningRunner(folder, environment, yaml, QUICK, token);
    }

    /** Writes a program in the folder's own code. */
    static Path program(Path folder, String name, String text) {
        try {
            Path file = folder.resolve("code").resolve(name);
            Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A deployment of the folder's own code. */
    static Deployment deployment(Path folder, String command, String... vaults) {
        return deployment("dir:" + folder + "/code", command, Deployment.Mode.LONG_RUNNING, List.of(vaults), List.of());
    }

    static Deployment deployment(
            String url, String command, Deployment.Mode mode, List<String> vaults, List<Deployment.SecretRef> secrets) {
        return new Deployment(
                url,
                "main",
                "",
                command,
                mode,
                10,
                false,
                vaults.stream().map(RunningRunner::vault).toList(),
                secrets,
                null,
                Disclosure.USUAL,
                Renewal.USUAL);
    }

    static Deployment.VaultRef vault(String name) {
        return new Deployment.VaultRef(name, "id-of-" + name);
    }

    static Deployment.SecretRef secret(String vault, String key, Deployment.As as, String env) {
        return new Deployment.SecretRef(new Deployment.KeyRef(vault(vault), key), as, env);
    }

    String log(String queue) {
        return read(folder.resolve("runner/logs/" + queue + ".log"));
    }

    String sent() {
        return read(folder.resolve("runner/sent.jsonl"));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What ended it, or null when it ended in order. */
    @Nullable
    Throwable awaitEnd() {
        try {
            ended.get(30, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException | CompletionException e) {
            return e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the runner doesn't end", e);
        }
    }

    void stop() {
        start.stop();
    }

    @Override
    public void close() {
        start.stop();
        var _ = awaitEnd();
    }
}
