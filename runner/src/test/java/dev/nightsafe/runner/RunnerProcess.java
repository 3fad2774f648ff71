package dev.nightsafe.runner;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A runner in a process of its own, as it is started in operation. */
final class RunnerProcess implements AutoCloseable {
    final Process process;
    final String ready;
    private final Path errors;

    private RunnerProcess(Process process, String ready, Path errors) {
        this.process = process;
        this.ready = ready;
        this.errors = errors;
    }

    /** Waits until it says that it is ready. */
    static RunnerProcess start(Path folder, FakeKeeper keeper, String isolation) throws IOException {
        Files.writeString(
                folder.resolve("runner.yaml"),
                "keeper: " + keeper.address() + "\nname: process\nisolation: " + isolation + "\nworkers-folder: "
                        + folder + "/workers\nallow: {git: ['dir:" + folder + "/code'], queues: ['*']}\n");
        Path errors = folder.resolve("errors.log");
        ProcessBuilder builder = new ProcessBuilder(command(List.of("start"))).redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().put("NIGHTSAFE_HOME", folder.toString());
        builder.environment().put("NIGHTSAFE_RUNNER_TOKEN", keeper.token);
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        return new RunnerProcess(process, String.valueOf(out.readLine()), errors);
    }

    static List<String> command(List<String> arguments) {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RunnerMain.class.getName()));
        command.addAll(arguments);
        return command;
    }

    String errors() throws IOException {
        return Files.readString(errors);
    }

    void terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("SIGTERM doesn't end the runner");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
