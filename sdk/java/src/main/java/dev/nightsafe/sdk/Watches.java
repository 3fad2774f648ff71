package dev.nightsafe.sdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/** Who is called back with new values of secrets in files, and the thread that does it, one call at a time. */
final class Watches {
    private static final byte[] BEGINNING = "{\"new_values\"".getBytes(StandardCharsets.UTF_8);

    private record Watch(Path file, Consumer<byte[]> callback) {}

    private final Map<String, List<Watch>> watches = new LinkedHashMap<>();
    private final BlockingQueue<String> changed = new LinkedBlockingQueue<>();

    void add(String variable, Consumer<byte[]> callback) {
        String file = System.getenv(variable);
        if (file == null) {
            throw new IllegalArgumentException(
                    "there is no variable '" + variable + "'; the queue gives it by secrets, with as: file");
        }
        watches.computeIfAbsent(variable, name -> new ArrayList<>()).add(new Watch(Path.of(file), callback));
    }

    boolean isEmpty() {
        return watches.isEmpty();
    }

    /** Begins to call back. */
    void start() {
        Thread.ofVirtual().name("nightsafe secrets").start(() -> {
            try {
                while (true) {
                    watches.getOrDefault(changed.take(), List.of()).forEach(Watches::call);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody does that
            }
        });
    }

    private static void call(Watch watch) {
        try {
            watch.callback().accept(Files.readAllBytes(watch.file()));
        } catch (IOException | RuntimeException e) {
            e.printStackTrace(System.err);
        }
    }

    /** Takes a line that tells of new values; false for any other. */
    boolean take(byte[] line) {
        if (!begins(line)) {
            return false;
        }
        try {
            if (JsonText.read(line) instanceof Map<?, ?> message
                    && message.get("new_values") instanceof List<?> names) {
                names.forEach(name -> changed.add(String.valueOf(name)));
            }
        } catch (JacksonException e) {
            // Only the runner writes here; what isn't JSON is no task either.
        }
        return true;
    }

    private static boolean begins(byte[] line) {
        for (int i = 0; i < BEGINNING.length; i++) {
            if (i >= line.length || line[i] != BEGINNING[i]) {
                return false;
            }
        }
        return true;
    }
}
