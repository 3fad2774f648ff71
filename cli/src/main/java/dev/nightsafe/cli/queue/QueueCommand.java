package dev.nightsafe.cli.queue;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.CommandGroup;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.WaitOptions;
import dev.nightsafe.cli.vault.Reminders;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nightsafe queue}. */
@Command(
        name = "queue",
        addMethodSubcommands = false,
        header = "Say what runs tasks: repository, command, vaults.",
        description = "%nA queue is a stream of tasks plus the deployment that runs them, written in YAML.",
        footer = """
            %nExamples:
              nightsafe queue apply queue.yaml
              nightsafe queue list
              nightsafe queue check summarize
              nightsafe queue show summarize
              nightsafe queue inspect summarize""")
public final class QueueCommand extends CommandGroup {

    @Command(name = "apply", header = "Make or change queues as files say.", description = """
                %nAll files are read and checked before the first queue is applied. Who may release vaults releases the \
                ones that the queue names by applying it; for others it says whom to ask. Then it tells what the \
                queue's tasks still lack, as 'queue check' does; that is no failure.""", footer = """
                %nExamples:
                  nightsafe queue apply queue.yaml
                  nightsafe queue apply -f queues/""")
    void apply(
            @Parameters(arity = "0..*", paramLabel = "FILE|FOLDER", description = "Queue files, or folders of them.")
                    @Nullable
                    List<Path> given,
            @Option(
                            names = {"-f", "--file"},
                            paramLabel = "FILE|FOLDER",
                            description = "The same, for those used to -f.")
                    @Nullable
                    List<Path> more) {
        List<Path> files = new ArrayList<>(given == null ? List.of() : given);
        files.addAll(more == null ? List.of() : more);
        if (files.isEmpty()) {
            throw CliException.usage("which file?", "nightsafe queue apply queue.yaml");
        }
        List<AppliedQueue> applied = new ArrayList<>();
        QueueFiles.read(files)
                .forEach(queue -> applied.add(AppliedQueue.apply(session().console(), queue)));
        output().show(applied, all -> all.forEach(queue -> queue.show(output())));
        Reminders.warn(
                session(),
                name -> applied.stream()
                        .anyMatch(queue -> queue.applied().queue().vaults().contains(name)));
    }

    @Command(
            name = "check",
            header = "Tell whether all that a queue's tasks need is there; never a value.",
            description = """
                %nLooks at vaults, release rules, the keys asked for, and how each runner that may serve the queue fares: \
                whether its runner.yaml allows it, keeps workers apart, and whether workers started with the secrets as \
                they are now. 'not tried yet' means that none has started since the queue or a secret was changed. \
                Exit code 8 unless all is there, for one runner at least.""",
            footer = "%nExample:%n  nightsafe queue check summarize")
    int check(@Parameters(paramLabel = "QUEUE", description = "The queue's name.") String name) {
        ConsoleApi.QueueCheck check = session().console().get(ConsoleApi.QueueCheck.class, "queues", name, "check");
        output().show(check, shown -> CheckView.show(output(), shown));
        return (check.ready() ? ExitCode.OK : ExitCode.NOT_READY).code();
    }

    @Command(name = "list", header = "List the queues of the workspace, with their vaults.")
    void list() {
        List<ConsoleApi.Queue> queues = session().console().list(ConsoleApi.Queue.class, "", "queues");
        output().list(queues, "no queues yet; nightsafe queue apply FILE", all -> QueueView.list(output(), all));
    }

    @Command(name = "show", header = "Show a queue's definition and what is released to it.")
    void show(@Parameters(paramLabel = "QUEUE", description = "The queue's name.") String name) {
        ConsoleApi.Queue queue = session().console().get(ConsoleApi.Queue.class, "queues", name);
        output().show(queue, shown -> QueueView.show(output(), shown));
    }

    @Command(
            name = "inspect",
            header = "Show what a queue does now: tasks by state, runners that serve it.",
            footer = "%nExample:%n  nightsafe queue inspect summarize")
    void inspect(@Parameters(paramLabel = "QUEUE", description = "The queue's name.") String name) {
        output().show(InspectedQueue.of(session().console(), name), shown -> shown.show(output()));
    }

    @Command(
            name = "pause",
            header = "Let a queue's tasks wait; those that run go on.",
            footer = "%nExample:%n  nightsafe queue pause summarize")
    void pause(@Parameters(paramLabel = "QUEUE", description = "The queue's name.") String name) {
        ConsoleApi.QueueActivity activity =
                session().console().post(ConsoleApi.QueueActivity.class, "queues", name, "pause");
        output().show(
                        activity,
                        _ -> output().done("queue " + name + " is paused; nightsafe queue resume " + name
                                + " lets its tasks run again"));
    }

    @Command(
            name = "resume",
            header = "End a queue's pause.",
            footer = "%nExample:%n  nightsafe queue resume summarize")
    void resume(@Parameters(paramLabel = "QUEUE", description = "The queue's name.") String name) {
        ConsoleApi.QueueActivity activity =
                session().console().post(ConsoleApi.QueueActivity.class, "queues", name, "resume");
        output().show(activity, _ -> output().done("queue " + name + " runs again"));
    }

    @Command(
            name = "restart",
            header = "Start each worker of a queue anew, with values granted anew.",
            description = """
                %nOne worker after the other, wherever the queue is served, each after the task that it has; the next \
                when the new one is ready. Where one doesn't get ready, the others stay as they are. The code is that \
                which the workers have.""",
            footer = "%nExample:%n  nightsafe queue restart summarize --wait")
    void restart(
            @Parameters(paramLabel = "QUEUE", description = "The queue's name.") String name,
            @Mixin WaitOptions waiting) {
        ConsoleApi.QueueActivity begun =
                session().console().post(ConsoleApi.QueueActivity.class, "queues", name, "restart");
        ConsoleApi.QueueActivity last = waiting.isWanted()
                ? new RestartWatch(session().console(), terminal()).await(begun, waiting.timeout())
                : begun;
        output().show(
                        last,
                        _ -> output().done(
                                        waiting.isWanted()
                                                ? "queue " + name + " has new workers"
                                                : "the workers of queue " + name
                                                        + " are started anew; nightsafe queue inspect " + name
                                                        + " shows how far it is"));
    }

    @Command(
            name = "delete",
            header = "Delete a queue, with the release rules that name it.",
            description = "%nA queue with tasks that wait or run is kept, unless --force cancels them.",
            footer = "%nExample:%n  nightsafe queue delete summarize")
    void delete(
            @Parameters(paramLabel = "QUEUE", description = "The queue's name.") String name,
            @Option(names = "--force", description = "Cancel its tasks that wait or run, then delete it.")
                    boolean force) {
        session().console().deleteWith(force ? "?force=true" : "", "queues", name);
        output().done("queue " + name + " deleted", "queue", name, "deleted", true);
    }
}
