package dev.nightsafe.keeper.internal;

import dev.nightsafe.core.audit.SeenHead;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.keeper.audit.AuditHeads;
import dev.nightsafe.keeper.audit.AuditTrail;
import dev.nightsafe.keeper.enrolment.Enrolments;
import dev.nightsafe.keeper.grants.LockRetirement;
import dev.nightsafe.keeper.grants.Resealing;
import dev.nightsafe.keeper.keys.KeyRing;
import dev.nightsafe.keeper.keys.Locks;
import dev.nightsafe.keeper.keys.Root;
import dev.nightsafe.keeper.keys.VaultErasure;
import dev.nightsafe.keeper.leases.QueueWatch;
import dev.nightsafe.keeper.leases.ValueWatch;
import dev.nightsafe.keeper.platform.Answering;
import dev.nightsafe.keeper.platform.Call;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.keeper.tasks.QueueControl;
import dev.nightsafe.keeper.tasks.TaskLogs;
import dev.nightsafe.keeper.tasks.TaskQueues;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** The console's API, {@code spec/keeper-internal.yaml}. The listener lets nobody else in. */
public final class InternalRoutes {
    private static final String WORKSPACE = "workspaceId";
    private static final int MOST_LISTED = 1000;
    private static final int LISTED = 50;
    private static final int MOST_NEWS = 1000;
    private static final int LONGEST_WAIT_SECS = 60;

    private final KeyRing ring;
    private final Root root;
    private final Locks locks;
    private final VaultErasure erasure;
    private final LockRetirement retirement;
    private final Resealing resealing;
    private final Releases releases;
    private final TaskQueues tasks;
    private final TaskLogs logs;
    private final QueueControl queues;
    private final Enrolments enrolments;
    private final RunnerRegister runners;
    private final AuditTrail audit;
    private final AuditHeads heads;
    private final QueueWatch watch;
    private final ValueWatch values;
    private final RunnersOfQueue serving;

    public InternalRoutes(
            KeyRing ring,
            Root root,
            Locks locks,
            VaultErasure erasure,
            LockRetirement retirement,
            Resealing resealing,
            Releases releases,
            TaskQueues tasks,
            TaskLogs logs,
            QueueControl queues,
            Enrolments enrolments,
            RunnerRegister runners,
            AuditTrail audit,
            AuditHeads heads,
            QueueWatch watch,
            ValueWatch values,
            RunnersOfQueue serving) {
        this.ring = ring;
        this.root = root;
        this.locks = locks;
        this.erasure = erasure;
        this.retirement = retirement;
        this.resealing = resealing;
        this.releases = releases;
        this.tasks = tasks;
        this.logs = logs;
        this.queues = queues;
        this.enrolments = enrolments;
        this.runners = runners;
        this.audit = audit;
        this.heads = heads;
        this.watch = watch;
        this.values = values;
        this.serving = serving;
    }

    /** By method and path, as in the permission table. */
    public Map<String, Answering> handlers() {
        return Map.ofEntries(
                anyone("GET /internal/v1/status", call -> status()),
                anyone("POST /internal/v1/locks", call -> locks.make(call.body(InternalApi.NewLock.class))),
                anyone(
                        "POST /internal/v1/vaults/{vault}/erase",
                        call -> erasure.erase(call.path("vault"), call.body(InternalApi.Erase.class))),
                anyone(
                        "POST /internal/v1/vaults/{vault}/reseal",
                        call -> resealing.reseal(call.path("vault"), call.body(InternalApi.Reseal.class))),
                anyone(
                        "POST /internal/v1/vaults/{vault}/retire",
                        call -> retirement.retire(call.path("vault"), call.body(InternalApi.Retire.class))),
                anyone("GET /internal/v1/vaults/{vault}/releases", this::listReleases),
                anyone("POST /internal/v1/new-values", this::newValues),
                anyone(
                        "POST /internal/v1/queues/{queue}/cancel",
                        call -> tasks.cancelAll(call.path("queue"), call.body(InternalApi.Asked.class))),
                anyone("POST /internal/v1/tasks", this::submit),
                anyone("GET /internal/v1/tasks", this::listTasks),
                anyone(
                        "GET /internal/v1/tasks/{task}",
                        call -> tasks.get(
                                call.requiredQuery(WORKSPACE),
                                call.path("task"),
                                call.number("wait", 0, LONGEST_WAIT_SECS, 0))),
                anyone(
                        "GET /internal/v1/tasks/{task}/changes",
                        call -> tasks.change(
                                call.requiredQuery(WORKSPACE),
                                call.path("task"),
                                call.query("seen").orElse(""),
                                call.number("wait", 0, LONGEST_WAIT_SECS, 0))),
                anyone(
                        "GET /internal/v1/tasks/{task}/logs",
                        call -> logs.read(
                                call.requiredQuery(WORKSPACE),
                                call.path("task"),
                                call.query("after").orElse(null))),
                anyone(
                        "POST /internal/v1/tasks/{task}/cancel",
                        call -> tasks.cancel(call.path("task"), call.body(InternalApi.Asked.class))),
                anyone(
                        "POST /internal/v1/tasks/{task}/retry",
                        call -> tasks.retry(call.path("task"), call.body(InternalApi.Asked.class))),
                anyone(
                        "GET /internal/v1/queues/{queue}",
                        call -> queues.activity(
                                call.path("queue"), call.requiredQuery(WORKSPACE), call.requiredQuery("name"))),
                anyone(
                        "GET /internal/v1/queues/{queue}/runners",
                        call -> new ConsoleApi.Items<>(serving.of(call.requiredQuery(WORKSPACE), call.path("queue")))),
                anyone(
                        "POST /internal/v1/queues/{queue}/pause",
                        call -> queues.pause(call.path("queue"), call.body(InternalApi.AskedOfQueue.class))),
                anyone(
                        "POST /internal/v1/queues/{queue}/resume",
                        call -> queues.resume(call.path("queue"), call.body(InternalApi.AskedOfQueue.class))),
                anyone(
                        "POST /internal/v1/queues/{queue}/restart",
                        call -> queues.restart(call.path("queue"), call.body(InternalApi.AskedOfQueue.class))),
                anyone(
                        "POST /internal/v1/enrolment-tokens",
                        call -> enrolments.makeToken(call.body(InternalApi.NewEnrolmentToken.class))),
                anyone(
                        "GET /internal/v1/runners",
                        call -> new ConsoleApi.Items<>(runners.list(call.requiredQuery(WORKSPACE)))),
                anyone(
                        "GET /internal/v1/runners/{runner}",
                        call -> runners.get(call.requiredQuery(WORKSPACE), call.path("runner"))),
                anyone(
                        "POST /internal/v1/runners/{runner}/revoke",
                        call -> runners.revoke(call.path("runner"), call.body(InternalApi.Asked.class))),
                anyone(
                        "GET /internal/v1/audit",
                        call -> new ConsoleApi.Items<>(audit.tail(
                                call.requiredQuery(WORKSPACE),
                                call.number("before", 1, Long.MAX_VALUE, Long.MAX_VALUE),
                                limit(call)))),
                anyone(
                        "GET /internal/v1/audit/verification",
                        call -> audit.verify(SeenHead.list(call.query("seen").orElse("")))),
                anyone(
                        "GET /internal/v1/audit/export",
                        call -> audit.export(number(call, "after"), number(call, "from"), limit(call))),
                anyone("GET /internal/v1/audit/heads", call -> heads.tell(number(call, "at"))),
                anyone("POST /internal/v1/audit/heads", call -> heads.take(call.body(InternalApi.TellHead.class))));
    }

    private InternalApi.Status status() {
        // The console asks while somebody works with it: a good moment to see what changed.
        watch.refresh();
        String reason = ring.reason();
        return new InternalApi.Status(reason.isEmpty(), reason, root.publicKey(), root.fingerprint(), heads.problem());
    }

    private ConsoleApi.Items<ConsoleApi.Task> submit(Call call) {
        List<ConsoleApi.Task> submitted = tasks.submit(call.body(InternalApi.NewTasks.class));
        watch.refresh();
        return new ConsoleApi.Items<>(submitted);
    }

    private ConsoleApi.Items<ConsoleApi.Task> listTasks(Call call) {
        return new ConsoleApi.Items<>(tasks.list(
                call.requiredQuery(WORKSPACE),
                call.query("queueId").orElse(null),
                call.query("state").orElse(null),
                limit(call)));
    }

    private ConsoleApi.Items<ConsoleApi.Release> listReleases(Call call) {
        long version = call.number("version", 1, Long.MAX_VALUE, 0);
        return new ConsoleApi.Items<>(releases.list(
                call.requiredQuery(WORKSPACE),
                call.path("vault"),
                call.requiredQuery("key"),
                version == 0 ? null : version,
                call.query("before").orElse(null),
                limit(call)));
    }

    private InternalApi.Count newValues(Call call) {
        InternalApi.NewValues news = call.body(InternalApi.NewValues.class);
        List<String> vaults = Encoded.required("vaults", news.vaults());
        if (vaults.size() > MOST_NEWS) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'vaults' has at most " + MOST_NEWS);
        }
        return new InternalApi.Count(values.changed(new HashSet<>(vaults)));
    }

    private static long number(Call call, String name) {
        return call.number(name, 0, Long.MAX_VALUE, 0);
    }

    private static int limit(Call call) {
        return (int) call.number("limit", 1, MOST_LISTED, LISTED);
    }

    private static Map.Entry<String, Answering> anyone(String route, Answering.Anyone answering) {
        return Map.entry(route, answering);
    }
}
