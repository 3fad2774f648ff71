package dev.nightsafe.e2e.faults;

import dev.nightsafe.e2e.Installation;
import dev.nightsafe.testkit.FaultyProxy;
import dev.nightsafe.testkit.PostgresProcess;
import dev.nightsafe.testkit.PrivateAuthority;
import dev.nightsafe.testkit.Psql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run: an installation of its own with two runners, links that can be troubled between the parts, load, and the faults
 * of a seed; then the checker. The seed gives the faults and what clients do; the machine's own timing it doesn't.
 */
final class FaultRun implements AutoCloseable {
    private static final Path PROGRAM = Installation.SOURCE.resolve("e2e/src/test/resources/programs/stamping");
    private static final String PASSWORD = "faults";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final long seed;
    private final EngineUnderTest engine;
    private final Path folder;
    private final String canary = "canary" + HexFormat.of().formatHex(new SecureRandom().generateSeed(12)) + "-";
    private final Installation nightsafe = new Installation();
    private final History history;
    private final Parts parts;
    private final FaultyProxy runnersLink;
    private final FaultyProxy consolesLink;
    private final @Nullable PostgresProcess postgresql;
    private final List<Schedule.Step> done = new ArrayList<>();

    /**
     * @param violations what must not be; empty when all is well
     * @param steps the faults that there were
     * @param history its files
     */
    record Report(List<String> violations, List<Schedule.Step> steps, List<Path> history, int events) {}

    FaultRun(long seed, EngineUnderTest engine) throws IOException {
        this.seed = seed;
        this.engine = engine;
        folder = Files.createTempDirectory("nightsafe-faults-");
        folder.toFile().setReadable(true, false);
        folder.toFile().setExecutable(true, false);
        history = new History(folder.resolve("history.jsonl"));
        parts = new Parts(nightsafe, history);
        runnersLink = new FaultyProxy(nightsafe.keeperPort, new Random(seed));
        consolesLink = new FaultyProxy(nightsafe.internalPort, new Random(seed + 1));
        postgresql = engine == EngineUnderTest.POSTGRESQL ? PostgresProcess.start(true) : null;
    }

    /** @param goesOn asked before each step of the schedule */
    Report run(BooleanSupplier goesOn) throws IOException, InterruptedException {
        begin();
        try (Api api = new Api(nightsafe.consolePort, token(), history)) {
            Load load = new Load(api, history, canary, seed);
            load.start();
            Nemesis nemesis = new Nemesis(parts, runnersLink, consolesLink, database(), stamps(), history);
            Schedule schedule = new Schedule(seed, engine);
            while (goesOn.getAsBoolean()) {
                Schedule.Step step = schedule.next();
                done.add(step);
                nemesis.apply(step);
            }
            load.finish();
        }
        return conclude();
    }

    private void begin() throws IOException {
        String git = nightsafe.repositoryFrom(PROGRAM, "stamping");
        settings();
        nightsafe.run("up", "--no-runner");
        List<String> keeper = List.of(
                "keeper", "--master-keys", nightsafe.home.resolve("master.keys").toString());
        parts.adopt("keeper", nightsafe.pid("keeper"), keeper);
        parts.adopt("console", nightsafe.pid("console"), List.of("console"));
        nightsafe.run("vault", "create", Load.VAULT);
        queue(Load.STEADY, git, "long_running");
        queue(Load.FRESH, git, "one_shot");
        for (String runner : Nemesis.RUNNERS) {
            startRunner(runner, git);
        }
        // An enrolment token is good for one try; what is tried here is what comes after.
        for (String runner : Nemesis.RUNNERS) {
            awaitEnrolled(runner);
        }
    }

    private void awaitEnrolled(String runner) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(nightsafe.home.resolve(runner).resolve("enrolment.json"))) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException(runner + " doesn't enrol; its log is in " + keepLogs());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Where the parts' logs stay when the installation is gone. */
    private Path keepLogs() {
        try (Stream<Path> logs = Files.list(nightsafe.home.resolve("logs"))) {
            for (Path log : logs.toList()) {
                Files.copy(log, folder.resolve(log.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void settings() throws IOException {
        PrivateAuthority authority = new PrivateAuthority("faults");
        authority.certificate(nightsafe.home.resolve("ca.pem"));
        Path certificate = nightsafe.home.resolve("keeper.crt");
        Path key = nightsafe.home.resolve("keeper.key");
        authority.issue("localhost", certificate, key);
        nightsafe.append("keeper.yaml", "tls-certificate: " + certificate + "\ntls-key: " + key + "\n");
        // As short as they may be, so that short faults outlast them.
        nightsafe.append("keeper.yaml", "lease-secs: 5\nserving-lease-secs: 8\n");
        nightsafe.write(
                "console.yaml",
                "listen: 127.0.0.1:%d\nkeeper-internal: https://127.0.0.1:%d\n"
                        .formatted(nightsafe.consolePort, consolesLink.port()));
        if (postgresql != null) {
            Psql.run(
                    postgresql.port(),
                    "postgres",
                    Installation.SOURCE.resolve("deploy/postgresql/setup.sql"),
                    Map.of("NIGHTSAFE_CONSOLE_PASSWORD", PASSWORD, "NIGHTSAFE_KEEPER_PASSWORD", PASSWORD));
            for (String part : List.of("console", "keeper")) {
                String address = "postgresql://nightsafe_%s:%s@127.0.0.1:%d/nightsafe"
                        .formatted(part, PASSWORD, postgresql.port());
                nightsafe.append(part + ".yaml", "database: " + address + "\n");
            }
        }
    }

    private void queue(String name, String git, String mode) {
        Path file = nightsafe.write(name + ".queue.yaml", """
                queues:
                  %s:
                    priority: 1
                    deployment:
                      git_url: "%s"
                      startup_cmd: python main.py %s
                      mode: %s
                      vaults: [%s]
                      limits: {max_retry: 100, ttl_completed: 30d, ttl_archived: 30d}
                """.formatted(name, git, stamps(), mode, Load.VAULT));
        nightsafe.run("queue", "apply", file.toString());
    }

    private void startRunner(String name, String git) {
        String token = nightsafe
                .run("runner", "token", "--site", "here", "--queue", "*", "-o", "json")
                .json()
                .get("token")
                .asString();
        nightsafe.write(name + ".token", token + "\n");
        nightsafe.write(name + ".yaml", """
                keeper: https://localhost:%d
                name: %s
                folder: %s
                ca: %s
                isolation: none
                allow: {git: ["%s"], queues: ["*"]}
                """.formatted(
                        runnersLink.port(), name, nightsafe.home.resolve(name), nightsafe.home.resolve("ca.pem"), git));
        parts.add(
                name,
                List.of(
                        "runner",
                        "start",
                        "--config",
                        nightsafe.home.resolve(name + ".yaml").toString(),
                        "--token-file",
                        nightsafe.home.resolve(name + ".token").toString()));
    }

    private Nemesis.Database database() {
        return new Nemesis.Database() {
            @Override
            public void stop() {
                if (postgresql != null) {
                    postgresql.stop();
                }
            }

            @Override
            public void startAgain() {
                if (postgresql != null) {
                    postgresql.startAgain();
                }
            }
        };
    }

    private Report conclude() throws IOException {
        Installation.Outcome verified = nightsafe.attempt(new byte[0], "audit", "verify");
        history.add(new Event.Verified(History.now(), verified.exitCode() == 0, verified.text() + verified.stderr()));
        parts.close();
        List<Path> searched = new ArrayList<>(List.of(nightsafe.home, folder));
        if (postgresql != null) {
            searched.add(postgresql.data());
        }
        history.add(new Event.Searched(History.now(), new FileSearch(canary).in(searched)));
        history.close();
        List<Path> files = List.of(folder.resolve("history.jsonl"), stamps());
        List<Event> events = History.read(files);
        List<String> violations = Checker.violations(events);
        if (!violations.isEmpty()) {
            keepLogs();
        }
        return new Report(violations, List.copyOf(done), files, events.size());
    }

    private Path stamps() {
        return folder.resolve("stamps.jsonl");
    }

    private String token() throws IOException {
        return Files.readString(nightsafe.home.resolve("cli/token")).strip();
    }

    /** Ends everything; the history stays where it is. */
    @Override
    public void close() {
        parts.close();
        runnersLink.close();
        consolesLink.close();
        nightsafe.close();
        if (postgresql != null) {
            postgresql.close();
        }
    }
}
