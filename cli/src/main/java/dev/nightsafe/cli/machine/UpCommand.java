package dev.nightsafe.cli.machine;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ConsoleClient;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Profile;
import dev.nightsafe.cli.platform.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nightsafe up}. */
@Command(
        name = "up",
        header = "Start keeper, console and, if there is a runner.yaml, a runner on this machine.",
        description = """
            %nKeeps everything in $NIGHTSAFE_HOME (~/.nightsafe), on SQLite unless console.yaml and keeper.yaml name \
            another database; makes a master key there the first time and signs you in. As one user on one machine the \
            parts are no boundary against each other; for that run them as separate users or on separate hosts.""",
        footer = """
            %nExamples:
              nightsafe up
              nightsafe up --no-runner
              nightsafe status
              nightsafe down""")
public final class UpCommand extends CliCommand implements Runnable {
    private static final String SITE = "local";

    @Option(names = "--no-runner", description = "Start no runner, although there is a runner.yaml.")
    private boolean noRunner;

    @Override
    public void run() {
        Path home = session().home();
        boolean withRunner = !noRunner && Files.exists(home.resolve("runner.yaml"));
        try (Machine machine = new Machine(
                home, Installation.of(terminal().environment()), terminal().environment())) {
            refuseWhenRunning(machine, withRunner);
            if (withRunner && !machine.isRunnerRunning()) {
                refuseWithoutIsolation(home.resolve("runner.yaml"));
            }
            terminal().say("starting keeper and console in " + home);
            List<Machine.Running> servers = machine.startServers();
            Profile profile = signIn(machine, home);
            servers.forEach(server ->
                    terminal().say("  " + server.part() + " " + server.address() + " (pid " + server.pid() + ")"));
            machine.vaultsDisabled()
                    .ifPresent(reason -> terminal().warn("vaults are disabled, the rest works: " + reason));
            machine.keep(); // they stay, also when the runner can't start
            if (withRunner && !machine.isRunnerRunning()) {
                startRunner(machine, profile);
                machine.keep();
            }
            output().show(
                            profile,
                            up -> output().done("nightsafe is up; nightsafe status shows it, nightsafe down stops it"));
        }
    }

    private static void refuseWhenRunning(Machine machine, boolean withRunner) {
        if (machine.servers().size() == 2 && (!withRunner || machine.isRunnerRunning())) {
            String where = machine.servers().getLast().address();
            throw new CliException(
                    ExitCode.CONFLICT,
                    "nightsafe is up already (console " + where + ")",
                    "nightsafe status shows it, nightsafe down stops it");
        }
    }

    /** The runner would refuse to start for the same reason, but only after everything else is up. */
    private void refuseWithoutIsolation(Path runnerYaml) {
        if (SettingsFile.has(runnerYaml, "isolation")) {
            return;
        }
        WorkerIsolation.problem(terminal().environment()).ifPresent(problem -> {
            throw CliException.failed(
                    "a runner can't isolate its workers on this machine: " + problem,
                    WorkerIsolation.advice(runnerYaml) + "; without a runner: nightsafe up --no-runner");
        });
    }

    private Profile signIn(Machine machine, Path home) {
        Optional<Profile> before = Files.exists(Profile.file(home)) ? session().profile() : Optional.empty();
        String workspace = session()
                .givenWorkspace()
                .or(() -> before.map(Profile::workspace))
                .orElse(Session.DEFAULT_WORKSPACE);
        Profile profile = machine.signIn(workspace);
        before.filter(old -> !old.server().equals(profile.server()))
                .ifPresent(
                        old -> terminal().warn("commands go to " + profile.server() + " now, not to " + old.server()));
        before.filter(old -> old.root() != null && !old.root().equals(profile.root()))
                .ifPresent(old -> terminal().warn("the pinned root is now this keeper's, " + profile.root()));
        return profile;
    }

    private void startRunner(Machine machine, Profile profile) {
        try (ConsoleClient console = machine.console(profile)) {
            machine.startRunner(console, SITE, List.of("*"));
            terminal().say("  " + machine.awaitRunner());
        }
    }
}
