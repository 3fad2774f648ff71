package dev.nightsafe.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** A runner's side of the conversation: starts a real program and talks over its pipes. */
final class FakeRunner implements AutoCloseable {
    private static final long PATIENCE_SECS = 60;

    final Process process;
    final List<String> garbage = new ArrayList<>();
    final List<String> progress = new ArrayList<>();
    private final BlockingQueue<Map<String, @Nullable Object>> messages = new LinkedBlockingQueue<>();
    private final StringBuilder log = new StringBuilder();
    private final List<Thread> readers;

    /** @param program a class of the package, without its name, then its arguments */
    FakeRunner(Map<String, String> environment, String... program) {
        ProcessBuilder builder = new ProcessBuilder(command(program));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        readers = List.of(
                Thread.startVirtualThread(() -> read(process.inputReader(StandardCharsets.UTF_8), this::hear)),
                Thread.startVirtualThread(() -> read(process.errorReader(StandardCharsets.UTF_8), this::keep)));
    }

    static List<String> command(String... program) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        command.add("programs." + program[0]);
        command.addAll(List.of(program).subList(1, program.length));
        return command;
    }

    private static void read(BufferedReader from, java.util.function.Consumer<String> taker) {
        from.lines().forEach(taker);
    }

    @SuppressWarnings("unchecked")
    private void hear(String line) {
        try {
            if (JsonText.read(line.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> message) {
                messages.add((Map<String, @Nullable Object>) message);
                return;
            }
        } catch (JacksonException e) {
            // No message.
        }
        garbage.add(line);
    }

    private synchronized void keep(String line) {
        log.append(line).append('\n');
        notifyAll();
    }

    /** Waits until the program has printed this. */
    synchronized void awaitLog(String text) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECS);
        while (log.indexOf(text) < 0) {
            assertThat(System.nanoTime()).as(log::toString).isLessThan(until);
            TimeUnit.SECONDS.timedWait(this, 1);
        }
    }

    /** What the program has printed; whole once it has ended. */
    synchronized String log() {
        return log.toString();
    }

    FakeRunner ready() {
        assertThat(message()).isEqualTo(Map.of("status", "ready"));
        return this;
    }

    /** Waits for the program to say why it can't start, and to end with code 1. */
    String refused() {
        Map<String, @Nullable Object> message = message();
        assertThat(message).containsEntry("status", "error");
        assertThat(ended()).isEqualTo(1);
        return String.valueOf(message.get("error"));
    }

    Map<String, @Nullable Object> message() {
        try {
            Map<String, @Nullable Object> message = messages.poll(PATIENCE_SECS, TimeUnit.SECONDS);
            assertThat(message).as(() -> "no message; its log:\n" + log()).isNotNull();
            return java.util.Objects.requireNonNull(message);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next answer; progress before it is kept. */
    Map<String, @Nullable Object> answer() {
        Map<String, @Nullable Object> message = message();
        while (message.containsKey("progress")) {
            progress.add(String.valueOf(message.get("progress")));
            message = message();
        }
        return message;
    }

    void send(String type, @Nullable Object payload) {
        Map<String, @Nullable Object> task = new LinkedHashMap<>();
        task.put("task_id", "t1");
        task.put("type", type);
        task.put("payload", payload);
        task.put("retry_count", 1);
        task.put("max_retry", 3);
        task.put("queue", "q.default");
        sendLine(JsonText.write(task));
    }

    void sendLine(byte[] line) {
        try {
            process.getOutputStream().write(line);
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, @Nullable Object> ask(String type, @Nullable Object payload) {
        send(type, payload);
        Map<String, @Nullable Object> answer = answer();
        assertThat(answer).containsEntry("task_id", "t1");
        return answer;
    }

    /** The result of a task that must succeed. */
    @Nullable
    Object result(String type, @Nullable Object payload) {
        Map<String, @Nullable Object> answer = ask(type, payload);
        assertThat(answer.get("error")).isNull();
        return answer.get("result");
    }

    /** The error of a task that must fail. */
    String error(String type, @Nullable Object payload) {
        Map<String, @Nullable Object> answer = ask(type, payload);
        assertThat(answer.get("result")).isNull();
        assertThat(answer.get("error")).isNotNull();
        return String.valueOf(answer.get("error"));
    }

    /** Closes the program's input and waits for its end. */
    int end() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ended();
    }

    int ended() {
        try {
            assertThat(process.waitFor(PATIENCE_SECS, TimeUnit.SECONDS)).isTrue();
            for (Thread reader : readers) {
                reader.join();
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean nothingMore() {
        return messages.isEmpty();
    }

    /** SIGTERM. (Process.destroy() would close our ends of the pipes too.) */
    void terminate() {
        process.toHandle().destroy();
    }

    @Override
    public void close() {
        process.toHandle().destroyForcibly();
        ended();
    }
}
