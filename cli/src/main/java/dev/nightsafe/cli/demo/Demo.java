package dev.nightsafe.cli.demo;

import dev.nightsafe.cli.machine.Installation;
import dev.nightsafe.cli.machine.Machine;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ConsoleClient;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Profile;
import dev.nightsafe.cli.platform.Progress;
import dev.nightsafe.cli.platform.Terminal;
import dev.nightsafe.cli.task.TaskWatch;
import dev.nightsafe.cli.vault.Deposits;
import dev.nightsafe.cli.vault.KnownVaults;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.QueueDefinition;
import dev.nightsafe.core.queue.QueueYaml;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Plays the main job from beginning to end, telling what happens. */
final class Demo {
    static final String WORKSPACE = "demo";
    static final String VAULT = "api-keys";
    static final String KEY = "OPENAI_API_KEY";
    private static final String EXAMPLE = "summarize";
    private static final String SITE = "demo";
    private static final Set<String> HOPEFUL = Set.of("starting", "ready");
    private static final int LOG_LINES = 12;
    private static final Duration LIMIT = Duration.ofSeconds(150);

    private final Story story;
    private final Terminal terminal;
    private final DemoHome home;
    private final Machine machine;
    private final Path example;
    private final DemoRepository repository;

    Demo(Story story, Terminal terminal, DemoHome home, Machine machine, Installation installation) {
        this.story = story;
        this.terminal = terminal;
        this.home = home;
        this.machine = machine;
        this.example = installation.source().resolve("examples").resolve(EXAMPLE);
        this.repository = new DemoRepository(home.path().resolve("repositories").resolve(EXAMPLE));
    }

    /** What came of it. */
    record Outcome(
            String home, String server, String task, JsonNode result, boolean signatureRight, int files, int foundIn) {}

    Outcome play(SecretBytes secret) {
        Instant beginning = Instant.now();
        Profile profile = start();
        try (ConsoleClient console = machine.console(profile)) {
            deposit(console, profile, secret);
            String queue = applyQueue(console);
            startRunner(console, queue);
            ConsoleApi.Task task = runTask(console, queue);
            boolean right = tellResult(task, secret);
            FileSearch.Result search = new Sight(story, console, home.path()).tell(secret, beginning);
            JsonNode result = Objects.requireNonNull(task.result(), "a task that succeeded has a result");
            return new Outcome(
                    home.path().toString(),
                    profile.server(),
                    task.id(),
                    result,
                    right,
                    search.files(),
                    search.found().size());
        }
    }

    private Profile start() {
        story.step("Three parts start, each a process of its own");
        if (machine.isRunnerRunning()) {
            machine.stopRunner(); // its worker would go on with the value of the last time
        }
        List<Machine.Running> servers = machine.startServers();
        for (Machine.Running server : servers) {
            String what = server.part().equals("keeper")
                    ? "hands out; the only one that gets the master key"
                    : "takes in; can't open what it stores";
            story.say(String.format("%-8s %s  pid %-7d %s", server.part(), server.address(), server.pid(), what));
        }
        return machine.signIn(WORKSPACE);
    }

    private void deposit(ConsoleClient console, Profile profile, SecretBytes secret) {
        story.step("A secret goes into a vault");
        try {
            ConsoleApi.NewVault vault =
                    new ConsoleApi.NewVault(VAULT, "Keys of outside services", "platform", null, null);
            console.post(vault, ConsoleApi.Vault.class, "vaults");
        } catch (NightsafeException e) {
            if (e.code() != ProblemCode.ALREADY_EXISTS) {
                throw e;
            }
        }
        String root = Objects.requireNonNull(profile.root(), "up pins the root");
        ConsoleApi.Deposited deposited = new Deposits(
                        console, root, new KnownVaults(terminal, home.path(), root, WORKSPACE))
                .deposit(VAULT, KEY, secret, true);
        story.say(VAULT + "/" + KEY + ": " + secret.length() + " bytes, sealed by this command before they were sent,"
                + " version " + deposited.version());
    }

    private String applyQueue(ConsoleClient console) {
        story.step("A queue says what runs, and may have the vault");
        repository.makeFrom(example);
        QueueDefinition queue =
                QueueYaml.parsePath(example.resolve("queue.yaml")).getFirst();
        Map<String, Object> definition = withRepository(queue.definition());
        ConsoleApi.QueueApplied applied =
                console.put(definition, ConsoleApi.QueueApplied.class, "queues", queue.name());
        story.say("queue " + applied.queue().name() + " runs '"
                + queue.deployment().startupCmd() + "' from " + repository.url());
        story.say("vault " + VAULT + " is released to exactly that repository, branch, path and command");
        return queue.name();
    }

    private Map<String, Object> withRepository(Map<String, Object> definition) {
        Map<String, Object> changed = new HashMap<>(definition);
        Map<String, Object> deployment = new HashMap<>();
        if (definition.get("deployment") instanceof Map<?, ?> before) {
            before.forEach((name, value) -> deployment.put(String.valueOf(name), value));
        }
        deployment.put("git_url", repository.url());
        changed.put("deployment", deployment);
        return changed;
    }

    private void startRunner(ConsoleClient console, String queue) {
        story.step("A runner starts a worker and gives it the secret");
        home.writeRunnerSettings(repository.url(), queue);
        machine.startRunner(console, SITE, List.of(queue));
        story.say("""
            isolation: none stands in the demo's runner.yaml, so that it works on every machine; it means that a
            worker can reach what its runner can. Without that line a runner takes the strongest that there is.""");
    }

    private ConsoleApi.Task runTask(ConsoleClient console, String queue) {
        ConsoleApi.NewTask task = new ConsoleApi.NewTask(null, null, payload(), null);
        String id = console.post(task, ConsoleApi.Task.class, "queues", queue, "tasks")
                .id();
        story.say("task " + id + " submitted");
        ConsoleApi.Task finished;
        try (Progress progress = new Progress(terminal, Story.INDENT)) {
            finished = new TaskWatch(console).await(id, LIMIT, seen -> {
                machine.requireRunnerAlive();
                if (!TaskWatch.isFinished(seen)) {
                    progress.show(seen.state().equals("pending") ? waitingFor(console, queue, seen) : describe(seen));
                }
            });
        }
        if (!finished.state().equals("succeeded")) {
            throw new CliException(
                    ExitCode.TASK_FAILED,
                    "the task " + finished.state() + ": "
                            + (finished.error() != null ? finished.error() : describe(finished)),
                    "NIGHTSAFE_HOME=" + home.path() + " nightsafe runner logs, and " + home.path()
                            + "/logs/runner.log");
        }
        return finished;
    }

    private JsonNode payload() {
        try {
            return Json.readTree(Files.readAllBytes(example.resolve("task.json")));
        } catch (IOException e) {
            throw new UncheckedIOException("can't read the example's task.json", e);
        }
    }

    private static String describe(ConsoleApi.Task task) {
        String note = task.progress() != null ? task.progress() : task.reason();
        return "task " + task.state() + (note == null ? "" : ": " + note);
    }

    private String waitingFor(ConsoleClient console, String queue, ConsoleApi.Task task) {
        for (ConsoleApi.Runner runner : console.list(ConsoleApi.Runner.class, "", "runners")) {
            for (ConsoleApi.Serving worker : runner.serving()) {
                if (runner.state().equals("online") && worker.queue().equals(queue)) {
                    String detail = worker.detail() == null ? "" : ": " + worker.detail();
                    if (!HOPEFUL.contains(worker.state())) {
                        throw noWorker(queue, worker.state() + detail);
                    }
                    return "worker " + worker.state() + detail;
                }
            }
        }
        return describe(task);
    }

    private CliException noWorker(String queue, String state) {
        Path log = home.path().resolve("runner/logs/" + queue + ".log");
        List<String> lines = List.of();
        try {
            List<String> all = Files.readAllLines(log);
            lines = all.subList(Math.max(0, all.size() - LOG_LINES), all.size());
        } catch (IOException e) {
            // then it is said without
        }
        return CliException.failed(
                "the worker doesn't get ready (" + state + "); it wrote:\n  " + String.join("\n  ", lines),
                "all of it is in " + log);
    }

    private boolean tellResult(ConsoleApi.Task task, SecretBytes secret) {
        story.say("task succeeded; its result:");
        story.quoted().lines(Output.pretty(task.result()));
        JsonNode result = Objects.requireNonNull(task.result(), "a task that succeeded has a result");
        boolean right = DemoSecret.signed(
                secret,
                result.path("summary").asString(""),
                result.path("signature").asString(""));
        story.say(
                right
                        ? story.style().good("The signature is right: whoever made it had the secret.")
                        : story.style().bad("The signature is wrong: the worker had another value."));
        return right;
    }
}
