package programs;

import dev.nightsafe.sdk.Issue;
import dev.nightsafe.sdk.LoadedTasks;
import dev.nightsafe.sdk.Nightsafe;
import dev.nightsafe.sdk.Outcome;
import dev.nightsafe.sdk.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** A program with a handler for each type of task. */
final class Various {
    record Order(String item, int count, Optional<String> note) {
        Order {
            if (count < 1) {
                throw new IllegalArgumentException("count must be 1 or more");
            }
        }
    }

    private Various() {}

    public static void main(String[] arguments) {
        System.out.print("before it begins\n");
        LoadedTasks<String> tasks = Nightsafe.tasks().load(() -> {
            System.out.print("no line end");
            return "loaded";
        });
        tasks.handle("order", Order.class, (order, task, loaded) -> order)
                .handle(
                        "about",
                        Object.class,
                        (payload, task, loaded) -> List.of(
                                loaded, task.id(), task.type(), task.queue(), task.retryCount(), task.maxRetry()))
                .handle("print", Object.class, (payload, task, loaded) -> {
                    System.out.println("{\"status\":\"ready\"}");
                    return System.in.read();
                })
                .handle("throw", String.class, (payload, task, loaded) -> {
                    throw failure(payload);
                })
                .handle(
                        "thread",
                        Object.class,
                        (payload, task, loaded) -> Thread.currentThread().isVirtual())
                .handle("busy", Object.class, (payload, task, loaded) -> busy(task))
                .handle("wait", String.class, (gate, task, loaded) -> {
                    task.progress("at work");
                    task.progress("still at work");
                    return Files.readString(Path.of(gate));
                })
                .handle("report", Boolean.class, (fails, task, loaded) -> report(task, fails))
                .handle("flood", String.class, (character, task, loaded) -> flood(task, character.repeat(20_000)))
                .handle("exit", Integer.class, (code, task, loaded) -> {
                    System.exit(code);
                    return null;
                });
        if (arguments.length > 0) {
            tasks.runOnce();
        } else {
            tasks.run();
        }
    }

    private static Exception failure(String kind) {
        return switch (kind) {
            case "checked" -> new IOException("no tea", new IllegalStateException("no water"));
            case "error" -> throw new StackOverflowError();
            case "mute" ->
                new IllegalStateException() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public String getMessage() {
                        throw new UnsupportedOperationException();
                    }
                };
            default -> new IllegalArgumentException("\udcff");
        };
    }

    private static String busy(Task task) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            Thread.startVirtualThread(() -> {
                IntStream.range(0, 1000).forEach(n -> task.progress("" + n));
                done.countDown();
            });
        }
        done.await();
        task.progress("last");
        return "done";
    }

    private static String report(Task task, boolean fails) {
        task.issue(Issue.of(1, "disk full")
                .affected("db-1")
                .expected("20 % free")
                .actual("0 %")
                .nextStep("prune logs"));
        task.issue(Issue.of(4, "odd\udcff name"));
        task.step("connect", Outcome.PASSED);
        task.step("write", Outcome.FAILED, "no space left");
        task.step("verify", Outcome.SKIPPED);
        task.entry("free", 0.5);
        task.entry("first line\nsecond line");
        task.nextStep("look at db-1");
        task.summary("working");
        task.summary("2 of 3 disks have room");
        task.exitCode(2);
        if (fails) {
            throw new IllegalStateException("after all");
        }
        return "ok";
    }

    private static String flood(Task task, String text) {
        task.summary(text);
        for (int i = 0; i < 150; i++) {
            Issue issue = Issue.of(1, text).affected(text).expected(text).actual(text);
            for (int step = 0; step < 30; step++) {
                issue = issue.nextStep(text.substring(0, 4000));
            }
            task.issue(issue);
        }
        for (int i = 0; i < 600; i++) {
            task.step(text, Outcome.FAILED, text);
            task.entry(text);
            task.entry(text, text);
            task.nextStep(text);
        }
        return "ok";
    }
}
