package dev.nightsafe.cli.runner;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.CommandGroup;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nightsafe runner}. */
@Command(
        name = "runner",
        addMethodSubcommands = false,
        header = "Enrol runners, see what they do, shut one out.",
        description = """
            %nA runner works where the secrets are used. It opens connections outwards only, takes tasks, opens what was \
            sealed to it and gives it to its workers. Which repositories and queues it serves stands in its own \
            runner.yaml.""",
        footer = """
            %nExamples:
              nightsafe runner token --site frankfurt --queue summarize > token
              NIGHTSAFE_RUNNER_TOKEN=$(cat token) nightsafe runner start
              nightsafe runner list
              nightsafe runner logs summarize -f""")
public final class RunnerCommand extends CommandGroup {
    @Override
    public List<Class<?>> classes() {
        return List.of(RunnerLogsCommand.class, RunnerSentCommand.class, RunnerHeadsCommand.class);
    }

    @Command(name = "start", header = "Run a runner in the foreground.", description = """
                %nReads $NIGHTSAFE_HOME/runner.yaml, or another file (--config FILE). The first time it needs an \
                enrolment token from 'runner token', in NIGHTSAFE_RUNNER_TOKEN, in the file that runner.yaml names as \
                token-file, or after --token, where other users of the machine can see it.""", footer = """
                %nExample:
                  NIGHTSAFE_RUNNER_TOKEN=$(cat token) nightsafe runner start""")
    @SuppressWarnings("DoNotCallSuggester") // only picocli calls it
    void start() {
        throw new CliException(
                ExitCode.USAGE, "a runner is started by the script 'nightsafe'", "run: nightsafe runner start");
    }

    @Command(
            name = "token",
            header = "Make a single-use token with which one runner enrols.",
            description = """
                %nThe token is shown this once, alone on standard output. Its queues and its site bound which values the \
                runner can get, so making one needs vault.release besides runner.manage.""",
            footer = """
                %nExamples:
                  nightsafe runner token --site frankfurt --queue summarize --queue translate
                  nightsafe runner token --site laptop --queue '*' --expires 10m > token""")
    void token(
            @Option(names = "--site", required = true, paramLabel = "SITE", description = "Where it works.")
                    String site,
            @Option(
                            names = "--queue",
                            required = true,
                            paramLabel = "QUEUE",
                            description = "A queue that it may serve, or '*'; may be repeated.")
                    List<String> queues,
            @Option(
                            names = "--expires",
                            paramLabel = "TIME",
                            defaultValue = "1h",
                            converter = DurationConverter.class,
                            description = "How long it can be used: 90s, 10m, 1h, 2d (${DEFAULT-VALUE}).")
                    Duration expires) {
        Names.requireName("site", site);
        ConsoleApi.NewEnrolmentToken wanted =
                new ConsoleApi.NewEnrolmentToken(site, queues, Math.toIntExact(expires.toSeconds()));
        ConsoleApi.EnrolmentToken token =
                session().console().post(wanted, ConsoleApi.EnrolmentToken.class, "enrolment-tokens");
        output().show(token, made -> {
            terminal()
                    .say("enrols one runner at site " + site + " until " + Text.time(made.expiresAt())
                            + "; it isn't shown again");
            terminal().out().println(Text.oneLine(made.token()));
        });
    }

    @Command(name = "list", header = "List the runners of the workspace.")
    void list() {
        List<ConsoleApi.Runner> runners = session().console().list(ConsoleApi.Runner.class, "", "runners");
        output().list(
                        runners,
                        "no runners yet; nightsafe runner token --site SITE --queue QUEUE",
                        all -> RunnerView.list(output(), all));
    }

    @Command(name = "show", header = "Show a runner: what it serves and which secrets it was given.")
    void show(@Parameters(paramLabel = "RUNNER", description = "Its name or id.") String name) {
        ConsoleApi.Runner runner = session().console().get(ConsoleApi.Runner.class, "runners", id(name));
        output().show(runner, shown -> RunnerView.show(output(), shown));
    }

    @Command(
            name = "revoke",
            header = "Shut a runner out, and list the values to replace.",
            description = """
                %nIts leases and tokens end at once and its tasks go back to their queues. What it was given before, it \
                has: replace those values where they were made, then deposit the new ones.""",
            footer = "%nExample:%n  nightsafe runner revoke frankfurt-2")
    void revoke(@Parameters(paramLabel = "RUNNER", description = "Its name or id.") String name) {
        ConsoleApi.Runner revoked = session().console().post(ConsoleApi.Runner.class, "runners", id(name), "revoke");
        output().show(revoked, shown -> {
            output().done("runner " + shown.name() + " is shut out");
            RunnerView.toReplace(output(), shown.granted());
        });
    }

    private String id(String nameOrId) {
        List<ConsoleApi.Runner> runners = session().console().list(ConsoleApi.Runner.class, "", "runners");
        List<String> ids = runners.stream()
                .filter(runner -> runner.id().equals(nameOrId) || runner.name().equals(nameOrId))
                .map(ConsoleApi.Runner::id)
                .toList();
        if (ids.size() == 1) {
            return ids.getFirst();
        }
        throw new CliException(
                ids.isEmpty() ? ExitCode.NOT_FOUND : ExitCode.USAGE,
                ids.isEmpty() ? "no runner '" + nameOrId + "'" : "several runners are called '" + nameOrId + "'",
                ids.isEmpty() ? "nightsafe runner list shows them" : "give the id: " + String.join(", ", ids));
    }
}
