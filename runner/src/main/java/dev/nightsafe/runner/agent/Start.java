package dev.nightsafe.runner.agent;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.runner.isolation.Isolation;
import dev.nightsafe.runner.isolation.Isolations;
import dev.nightsafe.runner.local.PrivateFiles;
import dev.nightsafe.runner.local.RunnerConfig;
import dev.nightsafe.runner.outbound.KnownValues;
import dev.nightsafe.runner.outbound.Outbound;
import dev.nightsafe.runner.process.BaseEnvironment;
import dev.nightsafe.runner.process.Programs;
import dev.nightsafe.runner.process.Spawner;
import dev.nightsafe.runner.workers.Machine;
import dev.nightsafe.runner.workers.TaskPoll;
import dev.nightsafe.runner.workers.Timings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts a runner together: isolation, enrolment, serving. */
public final class Start {
    private static final System.Logger LOG = System.getLogger("nightsafe.runner");

    private final RunnerConfig config;
    private final Map<String, String> environment;
    private final Timings timings;
    private volatile @Nullable Agent agent;

    public Start(RunnerConfig config, Map<String, String> environment, Timings timings) {
        this.config = config;
        this.environment = environment;
        this.timings = config.heartbeat() == null ? timings : timings.withHeartbeat(config.heartbeat());
    }

    /**
     * Runs until {@link #stop}.
     *
     * @param token an enrolment token given at this start
     * @param onReady told, once, how this runner is called and isolated
     */
    public void run(Optional<String> token, Consumer<String> onReady) {
        KeyFile.folder(config.folder());
        KnownValues known = new KnownValues();
        try (FileChannel lock = lock();
                Spawner spawner = new Spawner(Programs.python(config.python()));
                Outbound outbound = new Outbound(config, environment, known);
                TaskPoll tasks = new TaskPoll(outbound, timings, config.maxTasks());
                Isolation isolation = Isolations.choose(config, spawner.python(), environment)) {
            announce(isolation);
            Enrolment enrolment = new Enroller(config, outbound, isolation.name()).enrolled(token(token));
            var key = Identity.read(config.folder());
            outbound.signInAs(enrolment.runnerId(), enrolment.root().fingerprint(), key);
            Machine machine = machine(isolation, spawner, known, outbound, tasks);
            String ready = config.name() + " at site " + enrolment.site() + ", isolation " + isolation.name();
            Agent started = new Agent(machine, enrolment, key, () -> onReady.accept(ready));
            agent = started;
            started.run();
        } catch (IOException e) {
            throw new NightsafeException(ProblemCode.INTERNAL, "can't use " + config.folder(), e);
        }
    }

    /** Drains and ends; see {@link Agent#stop}. */
    public void stop() {
        Agent running = agent;
        if (running != null) {
            running.stop();
        }
    }

    private static void announce(Isolation isolation) {
        LOG.log(System.Logger.Level.INFO, "isolation of workers: {0}", isolation.name());
        if (!isolation.keepsFromMetadata()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "workers can reach the cloud''s metadata endpoint (169.254.169.254) if this machine has one;"
                            + " take its credentials away, or run the runner as root with iproute2 installed");
        }
    }

    private Machine machine(
            Isolation isolation, Spawner spawner, KnownValues known, Outbound outbound, TaskPoll tasks) {
        Path wanted = config.workersFolder() == null ? config.folder().resolve("workers") : config.workersFolder();
        return new Machine(
                config,
                isolation.workersFolder(wanted),
                isolation,
                spawner,
                new BaseEnvironment(environment),
                known,
                outbound,
                tasks,
                timings,
                Programs.find("uv", environment).orElse(null));
    }

    private Optional<String> token(Optional<String> given) {
        if (given.isPresent()) {
            return given;
        }
        String variable = environment.get("NIGHTSAFE_RUNNER_TOKEN");
        if (variable != null && !variable.isBlank()) {
            return Optional.of(variable.strip());
        }
        Path file = config.tokenFile();
        if (file == null || !Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "can't read the token file " + file, e);
        }
    }

    /** One runner a folder. */
    private FileChannel lock() throws IOException {
        Path file = config.folder().resolve("lock");
        PrivateFiles.createIfAbsent(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        if (!isLocked(channel)) {
            channel.close();
            throw new NightsafeException(
                    ProblemCode.ALREADY_EXISTS,
                    "a runner is using " + config.folder() + " already; stop it, or give this one another 'folder'");
        }
        return channel;
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // by this very process
        }
    }
}
