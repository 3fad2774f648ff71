package dev.nightsafe.cli.fake;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.QueueYaml;
import dev.nightsafe.core.release.VaultUses;
import dev.nightsafe.core.sealing.LockCertificate;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Answers one request from a {@link FakeState}. */
final class FakeRoutes {
    private final FakeState state;
    private final String query;
    private final byte[] body;

    FakeRoutes(FakeState state, String query, byte[] body) {
        this.state = state;
        this.query = query;
        this.body = body;
    }

    Answer answer(String method, List<String> path) {
        if (path.size() >= 3 && path.getFirst().equals("workspaces")) {
            if (!state.workspaces.contains(path.get(1))) {
                throw notFound();
            }
            return inWorkspace(method, path.subList(2, path.size()));
        }
        return switch (method + " " + String.join("/", path)) {
            case "GET status" ->
                Answer.ok(new ConsoleApi.Status(
                        "0.1.0",
                        "enabled",
                        null,
                        true,
                        state.console.root().publicKey().fingerprint(),
                        state.auditProblems));
            case "GET whoami" ->
                Answer.ok(new ConsoleApi.WhoAmI(
                        "t-1", "first", null, List.of("vault.read", "vault.edit"), "2027-01-01T00:00:00Z"));
            case "GET workspaces" ->
                items(state.workspaces.stream()
                        .map(name -> new ConsoleApi.Workspace("workspace-" + name, name, FakeConsole.TIME))
                        .toList());
            case "POST workspaces" -> createWorkspace(Json.read(body, ConsoleApi.NewWorkspace.class));
            default -> throw notFound();
        };
    }

    private Answer createWorkspace(ConsoleApi.NewWorkspace wanted) {
        if (state.workspaces.contains(wanted.name())) {
            throw Answer.problem(ProblemCode.ALREADY_EXISTS, "workspace '" + wanted.name() + "' is there already");
        }
        state.workspaces.add(wanted.name());
        return Answer.created(new ConsoleApi.Workspace("workspace-" + wanted.name(), wanted.name(), FakeConsole.TIME));
    }

    private Answer inWorkspace(String method, List<String> path) {
        return switch (path.getFirst()) {
            case "vaults" -> vaults(method, path);
            case "queues" -> queues(method, path);
            case "tasks" -> tasks(path);
            case "runners" -> runners(method, path);
            case "tokens" -> tokens(method, path);
            case "enrolment-tokens" ->
                Answer.created(new ConsoleApi.EnrolmentToken("e-1", "nse_the_token", FakeConsole.TIME));
            case "audit" -> audit(path);
            default -> throw notFound();
        };
    }

    private Answer vaults(String method, List<String> path) {
        if (path.size() == 1) {
            return method.equals("GET")
                    ? items(state.vaults.values().stream()
                            .map(FakeVault::summary)
                            .toList())
                    : createVault(Json.read(body, ConsoleApi.NewVault.class));
        }
        FakeVault vault = state.vault(path.get(1));
        List<String> queues = state.queues.values().stream()
                .filter(queue -> queue.vaults().contains(vault.name))
                .map(ConsoleApi.Queue::name)
                .toList();
        if (path.size() == 2) {
            return method.equals("GET") ? Answer.ok(vault.shown(queues)) : deleteVault(vault, queues);
        }
        return switch (path.get(2)) {
            case "release-rules" -> rules(method, vault, path);
            case "floor" -> {
                vault.floor = Json.read(body, ConsoleApi.NewFloor.class).floor();
                yield Answer.ok(new ConsoleApi.Floor(vault.floor, vault.floor.equals("env") ? List.of() : queues));
            }
            case "rekey" -> rekey(method, vault);
            case "keeping" -> {
                vault.keeping = Json.read(body, ConsoleApi.Keeping.class);
                yield Answer.ok(vault.shown(queues));
            }
            default -> secrets(method, vault, path);
        };
    }

    /** Goes on by one value each time it is asked. */
    private Answer rekey(String method, FakeVault vault) {
        ConsoleApi.Rekey before = vault.rekey;
        long total = vault.deposits.size();
        if (method.equals("POST") || before == null) {
            vault.rekey = rekey("starting", 0, 0, null);
        } else if (!state.rekeyProblem.isEmpty()) {
            vault.rekey = rekey("stuck", total, total - 1, state.rekeyProblem);
        } else if (before.state().equals("starting")) {
            vault.serial++;
            vault.rekey = rekey("resealing", total, 0, null);
        } else {
            vault.rekey = rekey(before.done() + 1 >= total ? "done" : "resealing", total, before.done() + 1, null);
        }
        return Answer.ok(vault.rekey);
    }

    private static ConsoleApi.Rekey rekey(String state, long total, long done, @Nullable String problem) {
        return new ConsoleApi.Rekey(
                state,
                total,
                done,
                problem == null ? 0 : 1,
                FakeConsole.TIME,
                "token:t-1",
                state.equals("done") ? FakeConsole.TIME : null,
                problem);
    }

    private Answer createVault(ConsoleApi.NewVault wanted) {
        if (state.vaults.containsKey(wanted.name())) {
            throw Answer.problem(ProblemCode.ALREADY_EXISTS, "vault '" + wanted.name() + "' is there already");
        }
        FakeVault vault = new FakeVault(state.id("vault"), wanted);
        state.vaults.put(wanted.name(), vault);
        ConsoleApi.Vault made = vault.shown(List.of());
        String other = state.console.behaviour().nameOfMade;
        return Answer.created(
                other.isEmpty()
                        ? made
                        : new ConsoleApi.Vault(
                                made.id(),
                                made.workspaceId(),
                                other,
                                made.description(),
                                made.kind(),
                                made.keeping(),
                                made.floor(),
                                made.createdAt(),
                                made.updatedAt(),
                                made.rekey(),
                                made.secrets(),
                                made.releaseRules(),
                                made.queues()));
    }

    private Answer deleteVault(FakeVault vault, List<String> queues) {
        if (!queues.isEmpty() && !query.contains("force=true")) {
            throw Answer.problem(
                    ProblemCode.VAULT_IN_USE,
                    "vault '" + vault.name + "' is named by queue " + String.join(", ", queues));
        }
        state.vaults.remove(vault.name);
        return Answer.none();
    }

    private Answer secrets(String method, FakeVault vault, List<String> path) {
        String key = path.get(3);
        if (path.size() > 4) {
            return switch (path.get(4)) {
                case "lock" -> Answer.ok(lock(vault, key));
                case "releases" -> items(releases(vault, key));
                default -> versions(vault, key, path);
            };
        }
        if (method.equals("DELETE")) {
            if (vault.deposits.remove(key) == null) {
                throw Answer.problem(ProblemCode.NOT_FOUND, "not found");
            }
            return Answer.none();
        }
        ConsoleApi.Deposit deposit = Json.read(body, ConsoleApi.Deposit.class);
        state.console.behaviour().deposits++;
        if (state.console.behaviour().conflicts-- > 0) {
            throw Answer.problem(state.console.behaviour().conflict, "another deposit came first");
        }
        boolean created = vault.deposits.put(key, deposit) == null;
        vault.versions.put(key, deposit.version());
        vault.deposited(key, deposit.version(), deposit.secret());
        return Answer.ok(new ConsoleApi.Deposited(vault.name, key, deposit.version(), created));
    }

    /** Version 1 was given to a worker that made 102 attempts, if there is such a key. */
    private static List<ConsoleApi.Release> releases(FakeVault vault, String key) {
        if (!vault.deposits.containsKey(key)) {
            return List.of();
        }
        return List.of(new ConsoleApi.Release(
                "grant-1",
                FakeConsole.TIME,
                1,
                "summarize",
                "frankfurt",
                "frankfurt-1",
                "runner-1",
                "4f2a".repeat(10),
                102,
                List.of(
                        new ConsoleApi.TaskAttempt("task-2", 1, FakeConsole.TIME),
                        new ConsoleApi.TaskAttempt("task-1", 2, FakeConsole.TIME))));
    }

    private static Answer versions(FakeVault vault, String key, List<String> path) {
        List<ConsoleApi.SecretVersion> all = vault.history.get(key);
        if (all == null) {
            throw Answer.problem(ProblemCode.NOT_FOUND, "key not found: '" + key + "'");
        }
        if (path.size() == 5) {
            return items(List.copyOf(all));
        }
        ConsoleApi.SecretVersion asked = all.stream()
                .filter(version -> Long.toString(version.version()).equals(path.get(5)))
                .findFirst()
                .orElseThrow(() -> Answer.problem(ProblemCode.NOT_FOUND, "version not found: '" + path.get(5) + "'"));
        if (asked.state().equals("current")) {
            throw Answer.problem(
                    ProblemCode.WRONG_STATE,
                    "version " + asked.version() + " of '" + key
                            + "' is the current one; deposit another first, or unset the key");
        }
        if (path.size() == 6) {
            all.replaceAll(version -> version.equals(asked) ? FakeVault.in("forgotten", version) : version);
            return Answer.none();
        }
        if (!asked.state().equals("kept")) {
            throw Answer.problem(
                    ProblemCode.WRONG_STATE,
                    "version " + asked.version() + " of '" + key + "' was " + asked.state()
                            + ": its value isn't there any more");
        }
        long next = vault.nextVersion(key);
        vault.versions.put(key, next);
        vault.deposited(key, next, asked.secret());
        return Answer.ok(new ConsoleApi.Deposited(vault.name, key, next, false));
    }

    private ConsoleApi.LockForDeposit lock(FakeVault asked, String key) {
        String other = state.console.behaviour().locksOf;
        FakeVault vault = other.isEmpty() ? asked : state.vault(other);
        Ed25519.Signer root = state.console.root();
        String certified = state.console.behaviour().forgedCertificate ? "vault-99" : vault.id;
        byte[] certificate =
                LockCertificate.issue(root, FakeVault.WORKSPACE_ID, certified, vault.key.lock(), vault.serial);
        return new ConsoleApi.LockForDeposit(
                FakeVault.WORKSPACE_ID,
                vault.id,
                vault.key.lock().suite().id(),
                vault.key.lock().id(),
                base64(vault.key.lock().publicKey()),
                vault.serial,
                base64(certificate),
                base64(root.publicKey().encoded()),
                vault.nextVersion(key));
    }

    private Answer rules(String method, FakeVault vault, List<String> path) {
        if (method.equals("DELETE")) {
            if (!vault.rules.removeIf(rule -> rule.id().equals(path.get(3)))) {
                throw notFound();
            }
            return Answer.none();
        }
        ConsoleApi.NewReleaseRule wanted = Json.read(body, ConsoleApi.NewReleaseRule.class);
        ConsoleApi.Queue queue = state.queue(wanted.queue());
        if (!queue.deploymentDigest().equals(wanted.deployment())) {
            throw Answer.problem(
                    ProblemCode.DEPLOYMENT_CHANGED,
                    "queue '" + queue.name() + "' has another deployment than the one that was looked at");
        }
        ConsoleApi.ReleaseRule rule = rule(vault.name, queue, wanted);
        List<ConsoleApi.ReleaseRule> replaced = List.copyOf(vault.rules);
        vault.rules.clear();
        vault.rules.add(rule);
        return Answer.created(new ConsoleApi.Released(rule, replaced));
    }

    private ConsoleApi.ReleaseRule rule(String vault, ConsoleApi.Queue queue, ConsoleApi.NewReleaseRule wanted) {
        Deployment deployment = Deployment.fromMap(queue.deployment());
        return new ConsoleApi.ReleaseRule(
                state.id("rule"),
                vault,
                queue.name(),
                wanted.site() == null ? "*" : wanted.site(),
                deployment.gitUrl(),
                deployment.branch(),
                deployment.codePath(),
                deployment.startupCmd(),
                VaultUses.of(deployment, "id-of-" + vault),
                deployment.disclosure().text(),
                wanted.commit(),
                true,
                FakeConsole.TIME,
                "token:t-1");
    }

    private Answer queues(String method, List<String> path) {
        if (path.size() == 1) {
            return items(List.copyOf(state.queues.values()));
        }
        String name = path.get(1);
        if (path.size() == 3) {
            state.queue(name);
            return switch (path.get(2)) {
                case "tasks" -> Answer.created(submit(name, Json.read(body, ConsoleApi.NewTask.class)));
                case "task-batches" ->
                    Answer.created(new ConsoleApi.Items<>(Json.read(body, ConsoleApi.NewTasks.class).tasks().stream()
                            .map(task -> submit(name, task))
                            .toList()));
                case "check" -> Answer.ok(check(state.queue(name)));
                default ->
                    Answer.ok(activity(
                            name, path.get(2).equals("pause"), path.get(2).equals("restart")));
            };
        }
        return switch (method) {
            case "PUT" -> apply(name);
            case "DELETE" -> {
                state.queue(name);
                state.queues.remove(name);
                yield Answer.none();
            }
            default -> Answer.ok(state.queue(name));
        };
    }

    @SuppressWarnings("unchecked")
    private Answer apply(String name) {
        Map<String, Object> definition = Json.read(body, TreeMap.class);
        ConsoleApi.Queue before = state.queues.get(name);
        Deployment resolved =
                FakeDeployments.resolved(QueueYaml.parseOne(name, new String(body, StandardCharsets.UTF_8))
                        .deployment());
        List<String> vaults =
                resolved.allVaults().stream().map(Deployment.VaultRef::name).toList();
        boolean changed = before != null && !before.definition().equals(definition);
        ConsoleApi.Queue queue = new ConsoleApi.Queue(
                state.id("queue"),
                name,
                definition,
                resolved.toMap(),
                vaults,
                state.alteredDigest ? "ab".repeat(32) : resolved.digest(),
                before == null ? 1 : before.revision() + (changed ? 1 : 0),
                FakeConsole.TIME,
                state.mayRelease ? List.of() : vaults,
                QueueYaml.parseOne(name, new String(body, StandardCharsets.UTF_8)).schedules().stream()
                        .map(schedule -> new ConsoleApi.Schedule(
                                schedule.name(),
                                schedule.cron(),
                                schedule.zone().getId(),
                                FakeConsole.TIME))
                        .toList());
        state.queues.put(name, queue);
        if (state.mayRelease) {
            vaults.forEach(vault -> state.vault(vault)
                    .rules
                    .add(rule(vault, queue, new ConsoleApi.NewReleaseRule(name, "", null, null))));
        }
        return Answer.ok(new ConsoleApi.QueueApplied(
                queue,
                before == null,
                before == null || changed,
                state.mayRelease && before == null ? vaults : List.of(),
                state.pinned ? vaults : List.of(),
                state.mayRelease ? List.of() : vaults));
    }

    private ConsoleApi.Task submit(String queue, ConsoleApi.NewTask wanted) {
        String id = state.id("task");
        ConsoleApi.Task task = state.task(id, queue, "pending", wanted.payload(), 0);
        state.tasks.put(id, task);
        return task;
    }

    private ConsoleApi.QueueCheck check(ConsoleApi.Queue queue) {
        boolean released = queue.notReleased().isEmpty();
        List<ConsoleApi.CheckItem> items = new ArrayList<>();
        for (String vault : queue.vaults()) {
            items.add(new ConsoleApi.CheckItem("vault-exists", vault, null, null, null, "yes", null));
            items.add(new ConsoleApi.CheckItem(
                    "vault-released",
                    vault,
                    null,
                    null,
                    null,
                    released ? "yes" : "no",
                    released
                            ? null
                            : "someone with vault.release can run: nightsafe vault allow " + vault + " --queue "
                                    + queue.name()));
        }
        items.add(new ConsoleApi.CheckItem("runner-connected", null, null, null, null, "yes", null));
        for (String check : List.of("runner-allows", "workers-isolated", "workers-started")) {
            boolean tried = state.workersStarted || !check.equals("workers-started");
            String detail = tried ? null : "preparing code and environment";
            items.add(new ConsoleApi.CheckItem(
                    check, null, null, "runner-a", "site-a", tried ? "yes" : "not-tried", detail));
        }
        return new ConsoleApi.QueueCheck(queue.name(), released && state.workersStarted, items);
    }

    private static ConsoleApi.QueueActivity activity(String queue, boolean paused, boolean restarting) {
        return new ConsoleApi.QueueActivity(
                queue,
                paused ? FakeConsole.TIME : null,
                paused ? "token:t-1" : null,
                List.of(new ConsoleApi.SubQueueActivity("default", 2, 1, 40, 3, 0, FakeConsole.TIME)),
                List.of(new ConsoleApi.ServingRunner("runner-a", "site-a", "ready", null, restarting)));
    }

    private Answer tasks(List<String> path) {
        if (path.size() == 1) {
            List<ConsoleApi.Task> tasks = new ArrayList<>(state.tasks.values());
            return items(tasks.reversed().stream()
                    .filter(task -> !query.contains("state=") || query.contains("state=" + task.state()))
                    .toList());
        }
        ConsoleApi.Task task = state.tasks.get(path.get(1));
        if (task == null || task.payload() == null) {
            throw notFound();
        }
        if (path.getLast().equals("events")) {
            return Answer.ok(events(task, task.payload()));
        }
        if (path.getLast().equals("logs")) {
            return Answer.ok(logs());
        }
        int look = Math.min(task.attempt(), state.taskStates.size() - 1);
        String next = switch (path.getLast()) {
            case "cancel" -> "cancelled";
            case "retry" -> "pending";
            default -> state.taskStates.get(look);
        };
        ConsoleApi.Task now = state.task(task.id(), task.queue(), next, task.payload(), look + 1);
        state.tasks.put(now.id(), now);
        return Answer.ok(now);
    }

    /** A part more at each look. */
    private ConsoleApi.TaskLogs logs() {
        int seen = query.isEmpty() ? 0 : Integer.parseInt(query.substring(query.indexOf('.') + 1)) + 1;
        List<ConsoleApi.LogPart> parts = state.log.stream().skip(seen).limit(1).toList();
        boolean ended = seen + 1 >= state.log.size();
        return new ConsoleApi.TaskLogs(
                parts,
                seen == 0 && state.log.size() > 1,
                "1." + Math.min(seen, state.log.size() - 1),
                ended ? "succeeded" : "running");
    }

    /** Every look from now on, to the end if it has one. */
    private String events(ConsoleApi.Task task, JsonNode payload) {
        StringBuilder events = new StringBuilder(": for a while nothing\n\n");
        for (int look = Math.min(task.attempt(), state.taskStates.size() - 1); look < state.taskStates.size(); look++) {
            ConsoleApi.Task now = state.task(task.id(), task.queue(), state.taskStates.get(look), payload, look + 1);
            state.tasks.put(now.id(), now);
            String data = Json.MAPPER.writeValueAsString(now) + "\n\n";
            events.append(look == 0 ? "event: state\ndata: " : "event: progress\ndata: ")
                    .append(data);
            if (now.finishedAt() != null) {
                events.append("event: result-ready\ndata: ").append(data);
            }
        }
        return events.toString();
    }

    private Answer runners(String method, List<String> path) {
        if (path.size() == 1) {
            return items(List.of(state.runner("online")));
        }
        if (!path.get(1).equals("runner-1")) {
            throw notFound();
        }
        return Answer.ok(state.runner(method.equals("POST") ? "revoked" : "online"));
    }

    private Answer tokens(String method, List<String> path) {
        if (method.equals("GET")) {
            return items(state.tokens);
        }
        if (method.equals("DELETE")) {
            if (!state.tokens.removeIf(token -> token.id().equals(path.get(1)))) {
                throw notFound();
            }
            return Answer.none();
        }
        ConsoleApi.NewToken wanted = Json.read(body, ConsoleApi.NewToken.class);
        List<String> permissions = wanted.permissions() == null ? List.of("task.read") : wanted.permissions();
        ConsoleApi.Token token = new ConsoleApi.Token(
                state.id("t"),
                wanted.name(),
                "default",
                permissions,
                FakeConsole.TIME,
                "2026-12-22T10:00:00Z",
                null,
                null);
        state.tokens.add(token);
        return Answer.created(new ConsoleApi.CreatedToken(token, "nst_the_token"));
    }

    private Answer audit(List<String> path) {
        if (path.size() == 1) {
            return items(List.of(
                    FakeState.event("console/1", 4, "secret.deposit", Map.of("version", "1", "key", "KEY")),
                    FakeState.event("keeper/1", 9, "grant", Map.of("keys", "KEY@1", "commit", "4f2a"))));
        }
        if (path.get(1).equals("export")) {
            if (state.keeperAwayInExport && query.contains("chain=keeper") && query.contains("after=2")) {
                throw Answer.problem(ProblemCode.KEEPER_UNAVAILABLE, "the keeper doesn't answer");
            }
            if (state.keeperExports >= 0) {
                return FakeChain.growing(query, query.contains("chain=keeper") ? state.keeperExports++ : 0);
            }
            return FakeChain.page(query);
        }
        String broken = state.brokenChain;
        boolean otherThanSeen =
                state.rewrittenChain && query.contains("seen=console/1:12:" + "ab".repeat(32) + ",keeper/1:34:");
        return items(List.of(
                new ConsoleApi.ChainVerification(
                        "console/1",
                        state.consoleEvents,
                        otherThanSeen ? 12L : null,
                        otherThanSeen ? "this event is not the one that was seen before" : null,
                        "ab".repeat(32),
                        "key"),
                new ConsoleApi.ChainVerification(
                        "keeper/1", 34, broken == null ? null : 17L, broken, "cd".repeat(32), "key")));
    }

    private static Answer items(List<?> items) {
        return Answer.ok(new ConsoleApi.Items<>(items));
    }

    private static RuntimeException notFound() {
        return Answer.problem(ProblemCode.NOT_FOUND, "not found");
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
