package dev.nightsafe.cli.task;

import dev.nightsafe.cli.platform.CommandGroup;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Progress;
import dev.nightsafe.cli.platform.Query;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.cli.platform.WaitOptions;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nightsafe task}. */
@Command(
        name = "task",
        addMethodSubcommands = false,
        header = "Submit tasks, watch them, read their results.",
        footer = """
            %nExamples:
              nightsafe task submit summarize -p '{"text": "hello"}' --wait
              nightsafe task list --queue summarize --state failed
              nightsafe task show 0198c3a2-...
              nightsafe task retry 0198c3a2-...""")
public final class TaskCommand extends CommandGroup {
    @Override
    public List<Class<?>> classes() {
        return List.of(TaskLogsCommand.class);
    }

    @Command(name = "submit", header = "Submit a task to a queue.", description = """
                %nPrints the task's id, or with --wait its result when it is finished. A task that fails or is cancelled \
                while it is waited for makes exit code 7.""", footer = """
                %nExamples:
                  nightsafe task submit summarize -p '{"text": "hello"}'
                  nightsafe task submit summarize -p @task.json --wait
                  jq -n '{text: "hello"}' | nightsafe task submit summarize -p - --wait --timeout 60""")
    int submit(
            @Parameters(paramLabel = "QUEUE", description = "The queue's name.") String queue,
            @Option(
                            names = {"-p", "--payload"},
                            paramLabel = "JSON",
                            description = "The payload: JSON, @file, or - for standard input; {} without it.")
                    @Nullable
                    String payload,
            @Option(names = "--type", paramLabel = "TYPE", description = "What the program calls this kind of task.")
                    @Nullable
                    String type,
            @Option(names = "--sub-queue", paramLabel = "NAME", description = "The lane of the queue.") @Nullable
                    String subQueue,
            @Option(
                            names = "--idempotency-key",
                            paramLabel = "KEY",
                            description = "Your own name for the task: the same again shows the task that is there.")
                    @Nullable
                    String idempotencyKey,
            @Mixin WaitOptions waiting) {
        ConsoleApi.NewTask task =
                new ConsoleApi.NewTask(type, subQueue, Payload.read(terminal(), payload), idempotencyKey);
        ConsoleApi.Task submitted = session().console().post(task, ConsoleApi.Task.class, "queues", queue, "tasks");
        if (!waiting.isWanted()) {
            output().show(submitted, shown -> terminal().out().println(Text.oneLine(shown.id())));
            return ExitCode.OK.code();
        }
        terminal().say("task " + Text.oneLine(submitted.id()) + " submitted");
        return await(submitted.id(), waiting.timeout());
    }

    @Command(name = "submit-all", header = "Submit a file of tasks, all or none.", description = """
                %nThe file has one JSON object a line: payload, and if wanted type, subQueue and idempotencyKey; at most \
                1000 lines and 7 MiB. Prints the tasks' ids in the file's order.""", footer = """
                %nExamples:
                  nightsafe task submit-all summarize tasks.jsonl
                  jq -c '{payload: .}' items.jsonl | nightsafe task submit-all summarize -""")
    void submitAll(
            @Parameters(paramLabel = "QUEUE", description = "The queue's name.") String queue,
            @Parameters(paramLabel = "FILE", description = "JSON lines; - for standard input.") String file) {
        ConsoleApi.NewTasks tasks = new ConsoleApi.NewTasks(TaskLines.read(terminal(), file));
        ConsoleApi.Tasks submitted =
                session().console().post(tasks, ConsoleApi.Tasks.class, "queues", queue, "task-batches");
        output().show(
                        submitted.items(),
                        all -> all.forEach(task -> terminal().out().println(Text.oneLine(task.id()))));
    }

    @Command(
            name = "wait",
            header = "Wait for a task's end, showing progress; print its result.",
            description = """
                %nA task that fails or is cancelled makes exit code 7.""",
            footer = "%nExample:%n  nightsafe task wait 0198c3a2-...")
    int waitFor(
            @Parameters(paramLabel = "ID", description = "The task's id.") String id,
            @Option(
                            names = "--timeout",
                            paramLabel = "SECS",
                            defaultValue = "600",
                            description = "How long to wait (${DEFAULT-VALUE}).")
                    int timeout) {
        return await(id, Duration.ofSeconds(timeout));
    }

    @Command(
            name = "watch",
            header = "Follow a task as it goes on, a line for each change, to its end.",
            description = """
                %nWith -o json a JSON object a line: the task without its content. A task that fails or is cancelled makes \
                exit code 7.""",
            footer = "%nExample:%n  nightsafe task watch 0198c3a2-...")
    int watch(
            @Parameters(paramLabel = "ID", description = "The task's id.") String id,
            @Option(
                            names = "--timeout",
                            paramLabel = "SECS",
                            defaultValue = "86400",
                            description = "How long to watch (${DEFAULT-VALUE}).")
                    int timeout) {
        ConsoleApi.Task finished = new TaskWatch(session().console()).await(id, Duration.ofSeconds(timeout), task -> {
            terminal().out().println(output().isJson() ? Output.compact(task) : TaskView.change(task));
            terminal().out().flush();
        });
        return (finished.state().equals("succeeded") ? ExitCode.OK : ExitCode.TASK_FAILED).code();
    }

    @Command(
            name = "retry",
            header = "Let a task that failed or was cancelled begin anew, with all its attempts.",
            footer = "%nExample:%n  nightsafe task retry 0198c3a2-...")
    void retry(@Parameters(paramLabel = "ID", description = "The task's id.") String id) {
        ConsoleApi.Task task = session().console().post(ConsoleApi.Task.class, "tasks", id, "retry");
        output().show(task, shown -> output().done("task " + id + ": " + shown.state()));
    }

    private int await(String id, Duration limit) {
        ConsoleApi.Task finished;
        try (Progress progress = new Progress(terminal())) {
            finished = new TaskWatch(session().console())
                    .await(id, limit, task -> progress.show(task.state() + " " + TaskView.note(task)));
        }
        boolean succeeded = finished.state().equals("succeeded");
        output().show(finished, task -> {
            if (succeeded && task.withheld().contains("result")) {
                terminal().say("its result is withheld by the runner");
            } else if (succeeded) {
                output().lines(Output.pretty(task.result()));
            }
        });
        if (!succeeded) {
            String why = finished.error() != null ? finished.error() : TaskView.note(finished);
            terminal()
                    .say(terminal().style().bad("error:") + " the task " + finished.state()
                            + (why.isEmpty() ? "" : ": " + Text.lines(why).strip()));
            terminal()
                    .say("hint: nightsafe task show " + id + "; nightsafe runner logs " + finished.queue()
                            + " on the runner's machine");
        }
        return succeeded ? ExitCode.OK.code() : ExitCode.TASK_FAILED.code();
    }

    @Command(name = "show", header = "Show a task: state, payload, result.")
    void show(@Parameters(paramLabel = "ID", description = "The task's id.") String id) {
        ConsoleApi.Task task = session().console().get(ConsoleApi.Task.class, "tasks", id);
        output().show(task, shown -> TaskView.show(output(), shown));
    }

    @Command(
            name = "list",
            header = "List tasks, newest first.",
            footer = "%nExample:%n  nightsafe task list --queue summarize --state running")
    void list(
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "pending, running, succeeded, failed or cancelled.")
                    @Nullable
                    String state,
            @Option(names = "--queue", paramLabel = "QUEUE", description = "Only of this queue.") @Nullable
                    String queue,
            @Option(
                            names = {"-n", "--limit"},
                            paramLabel = "N",
                            description = "At most so many (50).")
                    @Nullable
                    Integer limit) {
        String query = new Query()
                .add("state", state)
                .add("queue", queue)
                .add("limit", limit)
                .toString();
        List<ConsoleApi.Task> tasks = session().console().list(ConsoleApi.Task.class, query, "tasks");
        output().list(tasks, "no tasks; nightsafe task submit QUEUE", all -> TaskView.list(output(), all));
    }

    @Command(
            name = "cancel",
            header = "Cancel a task; one that runs is told to stop.",
            footer = "%nExample:%n  nightsafe task cancel 0198c3a2-...")
    void cancel(@Parameters(paramLabel = "ID", description = "The task's id.") String id) {
        ConsoleApi.Task task = session().console().post(ConsoleApi.Task.class, "tasks", id, "cancel");
        output().show(
                        task,
                        shown -> output().done("task " + id
                                + (shown.state().equals("running") ? " is told to stop" : ": " + shown.state())));
    }
}
