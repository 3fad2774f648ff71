package dev.nightsafe.cli.machine;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ConsoleClient;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Profile;
import dev.nightsafe.cli.platform.ServerAddress;
import dev.nightsafe.cli.platform.Session;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.link.Link;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeper, console and runner of one data folder as processes of this machine. Closing it ends what it started, unless
 * {@link #keep} was called.
 */
public final class Machine implements AutoCloseable {
    private static final int ENROLMENT_SECS = 600;

    private final Path home;
    private final Map<String, String> environment;
    private final RunFolder run;
    private final Starter starter;

    /**
     * @param home the data folder
     * @param environment what the parts get, each only what is its own
     */
    public Machine(Path home, Installation installation, Map<String, String> environment) {
        this.home = home;
        this.environment = environment;
        this.run = new RunFolder(home);
        this.starter = new Starter(home, installation, environment);
    }

    /** A part that runs. */
    public record Running(String part, long pid, String address) {}

    /** What runs of keeper and console now. */
    List<Running> servers() {
        List<Running> running = new ArrayList<>();
        for (Part part : List.of(Part.KEEPER, Part.CONSOLE)) {
            run.running(part).ifPresent(process -> running.add(describe(part, process)));
        }
        return running;
    }

    /** Why the keeper that runs has vaults disabled; empty when they are enabled. */
    Optional<String> vaultsDisabled() {
        return run.vaultsDisabled();
    }

    public boolean isAnyRunning() {
        return isRunnerRunning() || !servers().isEmpty();
    }

    public boolean isRunnerRunning() {
        return run.running(Part.RUNNER).isPresent();
    }

    /** Makes what is missing in the folder and starts those of keeper and console that don't run, both at once. */
    public List<Running> startServers() {
        run.create();
        MasterKeyFile masterKeys = new MasterKeyFile(home, environment);
        masterKeys.makeForFirstStart();
        Link.create(home.resolve("console"), home.resolve("keeper"));
        if (run.running(Part.KEEPER).isEmpty()) {
            starter.start(Part.KEEPER, Map.of(), masterKeys.arguments());
        }
        if (run.running(Part.CONSOLE).isEmpty()) {
            starter.start(Part.CONSOLE, Map.of());
        }
        starter.awaitReady(Part.KEEPER);
        starter.awaitReady(Part.CONSOLE);
        return servers();
    }

    /** Signs the CLI in to these servers, with the keeper's root pinned, and sees to it that the workspace is there. */
    public Profile signIn(String workspace) {
        String address = run.address(Part.CONSOLE)
                .orElseThrow(() -> CliException.failed("the console didn't say where it listens", null));
        String root = Profile.readText(home.resolve("keeper/root.fingerprint"))
                .orElseThrow(() -> CliException.failed("the keeper left no root.fingerprint", null));
        Path token = Profile.firstToken(home);
        Profile profile = new Profile(
                ServerAddress.parse(address).toString(), Session.fingerprint(root), workspace, token.toString());
        profile.write(home);
        try (ConsoleClient console = console(profile)) {
            if (console.workspaces().stream().noneMatch(known -> known.name().equals(workspace))) {
                console.createWorkspace(workspace);
            }
        }
        return profile;
    }

    /** The console of a profile that {@link #signIn} made. */
    public ConsoleClient console(Profile profile) {
        Path file = Profile.firstToken(home);
        String token = Profile.readText(file)
                .orElseThrow(() -> new CliException(
                        ExitCode.NOT_ALLOWED,
                        "the console's first token, " + file + ", is gone",
                        "sign in with another: nightsafe login --server " + profile.server()));
        String workspace = profile.workspace() == null ? "default" : profile.workspace();
        return new ConsoleClient(ServerAddress.parse(profile.server()), workspace, token);
    }

    /** Starts the runner of {@code runner.yaml}; enrols it the first time. */
    public void startRunner(ConsoleClient console, String site, List<String> queues) {
        if (Files.exists(home.resolve("runner/enrolment.json"))) {
            starter.start(Part.RUNNER, Map.of(), "start");
            return;
        }
        ConsoleApi.NewEnrolmentToken wanted = new ConsoleApi.NewEnrolmentToken(site, queues, ENROLMENT_SECS);
        ConsoleApi.EnrolmentToken token = console.post(wanted, ConsoleApi.EnrolmentToken.class, "enrolment-tokens");
        starter.start(Part.RUNNER, Map.of("NIGHTSAFE_RUNNER_TOKEN", token.token()), "start");
    }

    /** Waits until the keeper has answered the runner; says how it calls itself. */
    public String awaitRunner() {
        return starter.awaitReady(Part.RUNNER);
    }

    /** Throws with the end of its log when the runner has ended. */
    public void requireRunnerAlive() {
        starter.requireAlive(Part.RUNNER);
    }

    /** Ends the runner, so that its workers start with new values. */
    public void stopRunner() {
        new Stopper(run, DownCommand.PATIENCE).stop(Part.RUNNER);
    }

    /** Ends everything, what was running before too. */
    public void stopAll() {
        Stopper stopper = new Stopper(run, DownCommand.PATIENCE);
        DownCommand.ORDER.forEach(stopper::stop);
    }

    /** What was started goes on after this program. */
    public void keep() {
        starter.keep();
    }

    @Override
    public void close() {
        starter.close();
    }

    private Running describe(Part part, ProcessId process) {
        return new Running(part.id(), process.pid(), run.address(part).orElse("?"));
    }
}
