package dev.nightsafe.cli.fake;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a {@link FakeConsole} knows. Used by one request after the other. */
public final class FakeState {
    final FakeConsole console;
    final List<String> workspaces = new ArrayList<>(List.of("default"));
    final Map<String, FakeVault> vaults = new LinkedHashMap<>();
    final Map<String, ConsoleApi.Queue> queues = new LinkedHashMap<>();
    final Map<String, ConsoleApi.Task> tasks = new LinkedHashMap<>();
    final List<ConsoleApi.Token> tokens = new ArrayList<>();
    private int lastId;

    /** Whether applying a queue releases its vaults. */
    public boolean mayRelease = true;

    /** Whether vaults were released at certain commits only. */
    public boolean pinned;

    /** Whether a worker of each queue has started. */
    public boolean workersStarted = true;

    /** Whether somebody changed deployments in the console's database. */
    public boolean alteredDigest;

    /** What a rekey is stuck at; empty for nothing. */
    public String rekeyProblem = "";

    /** How each new task goes: its states, one a look; the last stays. */
    public List<String> taskStates = List.of("running", "succeeded");

    /** What each task that ended reports, as JSON, or null. */
    public @Nullable String report;

    /** What programs print. */
    public List<ConsoleApi.LogPart> log = List.of();

    /** What runners keep to themselves. */
    public List<String> withheld = List.of();

    /** How a chain is broken, or null. */
    public @Nullable String brokenChain;

    /** Whether the console's chain isn't the one that somebody saw before. */
    public boolean rewrittenChain;

    public long consoleEvents = 12;

    /** What console and keeper found wrong with each other's chains. */
    public List<String> auditProblems = List.of();

    /** In the middle of an export. */
    public boolean keeperAwayInExport;
    /** How often the keeper's chain was asked for since chains grow while they are exported, -1 where they don't. */
    public int keeperExports = -1;

    /** What the runner found wrong with one. */
    public @Nullable String runnersAuditProblem;

    FakeState(FakeConsole console) {
        this.console = console;
    }

    synchronized String id(String kind) {
        lastId++;
        return kind + "-" + lastId;
    }

    FakeVault vault(String name) {
        FakeVault vault = vaults.get(name);
        if (vault == null) {
            throw Answer.problem(ProblemCode.VAULT_NOT_FOUND, "vault not found: '" + name + "'");
        }
        return vault;
    }

    ConsoleApi.Queue queue(String name) {
        ConsoleApi.Queue queue = queues.get(name);
        if (queue == null) {
            throw Answer.problem(ProblemCode.QUEUE_NOT_FOUND, "queue not found: '" + name + "'");
        }
        return queue;
    }

    ConsoleApi.Task task(String id, String queue, String state, JsonNode payload, int look) {
        boolean finished = List.of("succeeded", "failed", "cancelled").contains(state);
        return new ConsoleApi.Task(
                id,
                queue,
                "default",
                null,
                state,
                look,
                3,
                state.equals("pending") ? null : "runner-a",
                null,
                state.equals("running") ? "half of it" : null,
                state.equals("pending") ? "no runner serves this queue" : null,
                FakeConsole.TIME,
                state.equals("pending") ? null : FakeConsole.TIME,
                finished ? FakeConsole.TIME : null,
                payload,
                state.equals("succeeded") && !withheld.contains("result")
                        ? JsonNodeFactory.instance.objectNode().put("length", 5)
                        : null,
                state.equals("failed") ? "ValueError: text has nothing to summarize" : null,
                finished && report != null ? Json.readTree(report.getBytes(StandardCharsets.UTF_8)) : null,
                withheld);
    }

    ConsoleApi.Runner runner(String state) {
        return new ConsoleApi.Runner(
                "runner-1",
                "frankfurt-1",
                "frankfurt",
                List.of("*"),
                state,
                "namespace",
                FakeConsole.TIME,
                FakeConsole.TIME,
                List.of(new ConsoleApi.Serving("summarize", "ready", null)),
                List.of(new ConsoleApi.Granted("api-keys", "OPENAI_API_KEY", 2, FakeConsole.TIME)),
                runnersAuditProblem);
    }

    static ConsoleApi.AuditEvent event(String chain, long seq, String action, Map<String, String> details) {
        return new ConsoleApi.AuditEvent(
                chain,
                seq,
                FakeConsole.TIME,
                "token:t-1",
                action,
                "vault:01a20302-e3af-78df-957f-d12c68766e47/KEY",
                "ok",
                new TreeMap<>(details), // as the console has them; Map.of has another order in each process
                "0".repeat(64));
    }
}
