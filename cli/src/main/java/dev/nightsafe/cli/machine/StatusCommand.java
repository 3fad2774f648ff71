package dev.nightsafe.cli.machine;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.cli.runner.RunnerView;
import dev.nightsafe.cli.vault.Reminders;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code nightsafe status}. */
@Command(
        name = "status",
        header = "Show what runs on this machine, and what the console says of itself.",
        description = "%nExit code 6 when the console can't be reached or its vaults are not enabled.")
public final class StatusCommand extends CliCommand implements java.util.concurrent.Callable<Integer> {
    /** @param state {@code up}, {@code down}, {@code ended} when nobody stopped it */
    record PartStatus(
            String part,
            String state,
            @Nullable Long pid,
            @Nullable String address) {}

    /**
     * @param vaults as the console says, or {@code unknown}
     * @param reason why vaults are not configured, or why the console can't be asked
     * @param auditProblems what console and keeper found wrong with each other's audit chains
     * @param runners of the workspace; empty when they can't be asked for
     */
    record Status(
            String home,
            List<PartStatus> parts,
            String server,
            String workspace,
            String vaults,
            @Nullable String reason,
            @Nullable String root,
            List<String> auditProblems,
            List<ConsoleApi.Runner> runners) {}

    @Override
    public Integer call() {
        Status status = gather();
        output().show(status, this::show);
        if (status.vaults().equals("enabled")) {
            Reminders.warn(session(), _ -> true);
        }
        return status.vaults().equals("enabled") ? ExitCode.OK.code() : ExitCode.UNAVAILABLE.code();
    }

    private Status gather() {
        RunFolder run = new RunFolder(session().home());
        List<PartStatus> parts = new ArrayList<>();
        for (Part part : Part.values()) {
            parts.add(part(run, part));
        }
        String vaults = "unknown";
        String reason;
        String root = null;
        List<String> auditProblems = List.of();
        List<ConsoleApi.Runner> runners = List.of();
        try {
            ConsoleApi.Status console = session().console().status();
            vaults = console.vaults();
            reason = console.reason();
            root = console.rootFingerprint();
            auditProblems = console.auditProblems();
            runners = runners(console);
        } catch (NightsafeException | CliException e) {
            reason = e.getMessage();
        }
        return new Status(
                session().home().toString(),
                parts,
                session().server().toString(),
                session().workspace(),
                vaults,
                reason,
                root,
                auditProblems,
                runners);
    }

    /** A token that may not list runners, or a workspace that isn't there, is no fault of the machine. */
    private List<ConsoleApi.Runner> runners(ConsoleApi.Status console) {
        try {
            return console.keeperReachable()
                    ? session().console().list(ConsoleApi.Runner.class, "", "runners")
                    : List.of();
        } catch (NightsafeException e) {
            return List.of();
        }
    }

    private static PartStatus part(RunFolder run, Part part) {
        return run.running(part)
                .map(process -> new PartStatus(
                        part.id(), "up", process.pid(), run.address(part).orElse(null)))
                .orElseGet(() ->
                        new PartStatus(part.id(), Files.exists(run.pidFile(part)) ? "ended" : "down", null, null));
    }

    private void show(Status status) {
        Output output = output();
        Table parts = new Table("PART", "STATE", "PID", "ADDRESS");
        status.parts()
                .forEach(part -> parts.row(
                        part.part(),
                        part.state(),
                        part.pid() == null ? "-" : part.pid(),
                        part.address() == null ? "-" : part.address()));
        output.table(parts);
        terminal().out().println();
        output.field("Data folder", status.home());
        output.field("Console", status.server());
        output.field("Workspace", status.workspace());
        output.field("Vaults", status.vaults() + (status.reason() == null ? "" : ": " + status.reason()));
        output.field("Root", status.root() == null ? "unknown" : status.root());
        if (!status.runners().isEmpty()) {
            output.heading("Runners (" + status.runners().size() + ")");
            Table runners = new Table("NAME", "SITE", "STATE", "ISOLATION", "SERVES");
            status.runners()
                    .forEach(runner -> runners.row(
                            runner.name(), runner.site(), runner.state(), runner.isolation(), serves(runner)));
            output.table(runners);
        }
        status.auditProblems().forEach(problem -> terminal().warn("audit: " + problem));
        RunnerView.warn(terminal(), status.runners());
        status.parts().stream()
                .filter(part -> part.state().equals("ended"))
                .forEach(part -> terminal()
                        .warn("the " + part.part() + " ended by itself; see " + status.home() + "/logs/" + part.part()
                                + ".log"));
    }

    private static String serves(ConsoleApi.Runner runner) {
        return String.join(
                ", ",
                runner.serving().stream()
                        .map(queue -> queue.queue() + " " + queue.state()
                                + (queue.detail() == null ? "" : " (" + queue.detail() + ")"))
                        .toList());
    }
}
