package dev.nightsafe.sdk;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** The loop: ready, then a task, its answer, the next task. */
final class Loop {
    private final Program program;
    private final Channel channel;
    private final Stop stop = new Stop();
    private volatile Channel.@Nullable RunnerGone gone;

    private Loop(Program program, Channel channel) {
        this.program = program;
        this.channel = channel;
    }

    /** Answers so many tasks at most. Ends the process when the program can't start or nobody reads its answers. */
    static void run(Program program, long tasks) {
        Loop loop = new Loop(program, Channel.takeOver());
        try {
            loop.start();
            loop.serve(tasks);
        } catch (Channel.RunnerGone e) {
            System.err.println("the runner closed its end; this program ends too");
            System.exit(1);
        }
    }

    private void start() {
        try {
            program.start();
        } catch (ProgramException e) {
            refuse(String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            refuse("load failed: " + Failures.described(e));
        }
    }

    private void refuse(String error) {
        channel.send(Map.of("status", "error", "error", Texts.printable(error)));
        System.exit(1);
    }

    private void serve(long tasks) {
        stop.watch();
        Watches watches = program.watches();
        if (watches.isEmpty()) {
            channel.send(Map.of("status", "ready"));
        } else {
            watches.start();
            channel.divert(watches::take);
            channel.send(Map.of("status", "ready", "watches", true));
        }
        byte[] line;
        for (long left = tasks; left > 0 && (line = channel.line()) != null; left--) {
            if (!answer(line)) {
                return;
            }
        }
    }

    /** False when an end was asked for, so that the task may not begin. */
    private boolean answer(byte[] line) {
        Map<?, ?> fields;
        try {
            fields = fields(JsonText.read(line));
        } catch (JacksonException | IllegalArgumentException e) {
            // Its own message would repeat what stands there.
            channel.send(failure("unknown", "Invalid JSON input: " + why(e), false));
            return true;
        }
        Object id = id(fields.get("task_id"));
        Throttle progress = new Throttle(text -> sendProgress(id, text));
        Task task = task(id, fields, progress);
        Object payload = fields.containsKey("payload") ? fields.get("payload") : Map.of();
        Thread handler = Thread.ofVirtual().name("task").unstarted(() -> finish(task, id, payload));
        if (!stop.begin(handler)) {
            return false;
        }
        handler.start();
        try {
            handler.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stop.end();
        }
        if (gone != null) {
            throw gone;
        }
        return true;
    }

    private void finish(Task task, Object id, @Nullable Object payload) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>(result(task, id, payload));
        task.progress().close();
        Map<String, Object> report = task.report().toJson();
        if (report != null) {
            answer.put("report", report);
        }
        try {
            channel.send(answer);
        } catch (Channel.RunnerGone e) {
            gone = e;
        }
    }

    private Map<String, @Nullable Object> result(Task task, Object id, @Nullable Object payload) {
        try {
            return message(id, Results.toJson(program.answer(payload, task)), null, false);
        } catch (RetryableException e) {
            return failure(id, Failures.described(e), true);
        } catch (PayloadException | ResultException e) {
            return failure(id, Failures.headline(e), false);
        } catch (Throwable e) {
            return failure(id, Failures.described(e), false);
        }
    }

    private void sendProgress(Object id, String text) {
        try {
            Map<String, Object> message = new LinkedHashMap<>(); // the task first, as runners look for it
            message.put("task_id", id);
            message.put("progress", text);
            channel.send(message);
        } catch (Channel.RunnerGone e) {
            // The answer will find out.
        }
    }

    private static Map<String, @Nullable Object> failure(Object id, String error, boolean retry) {
        return message(id, null, Texts.printable(error), retry);
    }

    private static Map<String, @Nullable Object> message(
            Object id, @Nullable Object result, @Nullable String error, boolean retry) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("task_id", id);
        message.put("result", result);
        message.put("error", error);
        message.put("retry", retry);
        return message;
    }

    private static Task task(Object id, Map<?, ?> fields, Throttle progress) {
        return new Task(
                id.toString(),
                text(fields.get("type")),
                text(fields.get("queue")),
                count(fields.get("retry_count")),
                count(fields.get("max_retry")),
                progress);
    }

    private static Map<?, ?> fields(@Nullable Object line) {
        if (line instanceof Map<?, ?> fields) {
            return fields;
        }
        throw new IllegalArgumentException("a task is an object");
    }

    private static String why(RuntimeException e) {
        return switch (e) {
            case JacksonException json
            when json.getLocation() != null -> "at column " + json.getLocation().getColumnNr();
            case JacksonException json -> "it can't be read";
            default -> String.valueOf(e.getMessage());
        };
    }

    private static Object id(@Nullable Object id) {
        return switch (id) {
            case String text -> Texts.printable(text);
            case Long number -> number;
            case BigInteger number -> number;
            case null, default -> "unknown";
        };
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    private static int count(@Nullable Object value) {
        return value instanceof Long number ? Math.toIntExact(Math.clamp(number, 0L, Integer.MAX_VALUE)) : 0;
    }
}
