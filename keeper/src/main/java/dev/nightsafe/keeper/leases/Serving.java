package dev.nightsafe.keeper.leases;

import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.core.signing.Message;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.database.keeper.QueueRestarts;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.database.keeper.ServingLeases;
import dev.nightsafe.database.keeper.TaskLeases;
import dev.nightsafe.database.keeper.Tasks;
import dev.nightsafe.keeper.audit.AuditHeads;
import dev.nightsafe.keeper.enrolment.QueueNames;
import dev.nightsafe.keeper.keys.Root;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.keeper.platform.OpenPolls;
import dev.nightsafe.keeper.platform.Waiters;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.SignedMessages;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Serving leases: a runner's right to run a queue's deployment as it is now. Grants and task leases hang on them. A
 * changed or deleted queue replaces or ends them. Thread-safe.
 */
public final class Serving {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Database database;
    private final Committer committer;
    private final Root root;
    private final QueueWatch watch;
    private final ValueWatch values;
    private final Waiters waiters;
    private final AuditHeads heads;
    private final InstantSource clock;
    private final Duration lifetime;
    private final OpenPolls polls = new OpenPolls();

    /** @param lifetime of a lease that isn't renewed */
    public Serving(
            Database database,
            Committer committer,
            Root root,
            QueueWatch watch,
            ValueWatch values,
            Waiters waiters,
            AuditHeads heads,
            InstantSource clock,
            Duration lifetime) {
        this.database = database;
        this.committer = committer;
        this.root = root;
        this.watch = watch;
        this.values = values;
        this.waiters = waiters;
        this.heads = heads;
        this.clock = clock;
        this.lifetime = lifetime;
    }

    /**
     * The runner's leases, made or renewed; at once when they are others than it knows, else after its wait. One that waits
     * ends the runner's other one that does.
     */
    public KeeperApi.Serving poll(Runners.Row runner, KeeperApi.ServingRequest request) {
        String known = Encoded.text("knownRevision", request.knownRevision(), 200);
        Said said = Said.of(request);
        long deadline = Waiters.deadline(request.waitMillis(), LONGEST_WAIT);
        watch.refresh();
        try (Waiters.Ticket ticket = waiters.enter(QueueWatch.changedIn(runner.workspaceId()))) {
            List<Wanted> wanted = wanted(runner);
            Renewed renewed = renew(runner, said, wanted);
            if (!renewed.revision().equals(known) || request.waitMillis() <= 0) {
                return answer(runner, said, renewed);
            }
            try (OpenPolls.Poll poll = polls.begin(runner.id())) {
                poll.waitsBy(ticket);
                while (ticket.await(Waiters.until(deadline))
                        && wanted(runner).equals(wanted)
                        && database.read(handle -> enrolled(handle, runner).isPresent() && !isTurn(handle, runner))) {
                    // woken for somebody else
                }
                // What it said is older than what the one that ended it says.
                return answer(runner, said, poll.isEnded() ? renewed : renew(runner, said, wanted(runner)));
            }
        }
    }

    /** Ends a lease of this runner's; tasks under it go back to their queue. */
    public void giveBack(Runners.Row runner, String leaseId, Consumer<List<Tasks.Row>> putBack) {
        List<Tasks.Row> tasks = committer.commit(transaction -> {
            boolean own = ServingLeases.find(transaction.handle(), leaseId)
                    .filter(lease -> lease.runnerId().equals(runner.id()))
                    .isPresent();
            if (!own) {
                throw lost();
            }
            ServingLeases.delete(transaction.handle(), leaseId);
            return TaskLeases.putBackOfServingLease(transaction.handle(), leaseId, transaction.now());
        });
        putBack.accept(tasks);
    }

    /** Makes the polls of a workspace's runners look again at once. */
    public void changed(String workspaceId) {
        watch.refresh();
        waiters.wakeAll(QueueWatch.changedIn(workspaceId));
    }

    /** What a lease that isn't the caller's, or isn't current, is answered with: all the same. */
    public static NightsafeException lost() {
        return new NightsafeException(
                ProblemCode.LEASE_LOST, "this lease is not current: it expired, or its queue changed; ask /v1/serving");
    }

    /** @param values null where workers don't hear of new ones */
    private record Wanted(Deployed deployed, @Nullable String values) {}

    private List<Wanted> wanted(Runners.Row runner) {
        List<String> queues = QueueNames.read(runner.queues());
        return watch.queues(runner.workspaceId()).stream()
                .filter(deployed -> QueueNames.include(queues, deployed.queue().name()))
                .map(deployed -> new Wanted(deployed, values.mark(deployed)))
                .toList();
    }

    private static Optional<Runners.Row> enrolled(Handle handle, Runners.Row runner) {
        return Runners.find(handle, runner.id()).filter(now -> now.isStill(runner));
    }

    private boolean isTurn(Handle handle, Runners.Row runner) {
        return QueueRestarts.isTurnOf(handle, runner.id(), clock.millis());
    }

    /** @param rows one for each that is wanted, in that order */
    private record Renewed(List<Wanted> wanted, List<ServingLeases.Row> rows) {
        String revision() {
            Message revision = Message.of("nightsafe/serving-revision/1");
            for (int i = 0; i < rows.size(); i++) {
                String mark = wanted.get(i).values();
                revision.add(rows.get(i).id()).add(rows.get(i).restartTold()).add(mark == null ? "" : mark);
            }
            return Digests.sha256Hex(revision.bytes());
        }
    }

    private Renewed renew(Runners.Row runner, Said said, List<Wanted> wanted) {
        AtomicBoolean restarted = new AtomicBoolean();
        List<ServingLeases.Row> rows =
                committer.commit(transaction -> renew(transaction, runner, said, wanted, restarted));
        if (restarted.get()) {
            waiters.wakeAll(QueueWatch.changedIn(runner.workspaceId())); // it is the next runner's turn
        }
        return new Renewed(wanted, rows);
    }

    /** Signs the leases, which isn't done for a poll that goes on to wait. */
    private KeeperApi.Serving answer(Runners.Row runner, Said said, Renewed renewed) {
        List<KeeperApi.ServingLease> leases = new ArrayList<>();
        List<KeeperApi.Restart> restarts = new ArrayList<>();
        List<KeeperApi.Values> marks = new ArrayList<>();
        for (int i = 0; i < renewed.rows().size(); i++) {
            ServingLeases.Row row = renewed.rows().get(i);
            Wanted wanted = renewed.wanted().get(i);
            leases.add(signed(runner, row, wanted.deployed()));
            if (wanted.values() != null) {
                marks.add(new KeeperApi.Values(row.id(), wanted.values()));
            }
            if (row.restartTold() > row.restarted()) {
                restarts.add(new KeeperApi.Restart(row.id(), row.restartTold()));
            }
        }
        return new KeeperApi.Serving(
                renewed.revision(), leases, restarts, marks, clock.millis(), heads.unknownTo(said.heads()));
    }

    /** One row for each that is wanted, in that order. */
    private List<ServingLeases.Row> renew(
            Transaction transaction, Runners.Row runner, Said said, List<Wanted> wanted, AtomicBoolean restarted) {
        Runners.Row now = enrolled(transaction.handle(), runner)
                .orElseThrow(() -> new NightsafeException(ProblemCode.UNAUTHENTICATED, "this runner was revoked"));
        heads.report(transaction, now, said.auditProblem());
        Runners.seen(transaction.handle(), runner.id(), said.isolation(), said.auditProblem(), transaction.now());
        Map<String, ServingLeases.Row> existing = new HashMap<>();
        ServingLeases.ofRunner(transaction.handle(), runner.id()).forEach(row -> existing.put(row.queueId(), row));
        Map<String, Long> asked = QueueRestarts.asked(transaction.handle(), runner.workspaceId());
        List<ServingLeases.Row> rows = new ArrayList<>();
        for (Wanted each : wanted) {
            Deployed deployed = each.deployed();
            ServingLeases.Row before = existing.remove(deployed.queue().id());
            long restart = asked.getOrDefault(deployed.queue().id(), 0L);
            ServingLeases.Row row = renew(transaction, runner, deployed, before, said.held(), restart);
            if (before != null && row.restarted() > before.restarted()) {
                restarted.set(true);
            }
            rows.add(row);
        }
        existing.values().forEach(row -> ServingLeases.delete(transaction.handle(), row.id()));
        return rows;
    }

    private ServingLeases.Row renew(
            Transaction transaction,
            Runners.Row runner,
            Deployed deployed,
            ServingLeases.@Nullable Row before,
            Map<String, KeeperApi.HeldLease> held,
            long restart) {
        long expiresAt = transaction.now() + lifetime.toMillis();
        if (before == null || !goesOn(before, deployed, transaction.now())) {
            ServingLeases.Row made = row(Ids.next(), runner, deployed, expiresAt, "starting", null, restart, restart);
            ServingLeases.put(transaction.handle(), made);
            return made;
        }
        KeeperApi.HeldLease said = held.get(before.id());
        String state = said == null ? before.state() : said.state();
        String detail = said == null ? before.detail() : said.detail();
        long behind = behind(before, said);
        long told = told(transaction, before, behind, restart);
        ServingLeases.Row row = row(before.id(), runner, deployed, expiresAt, state, detail, told, behind);
        ServingLeases.renew(transaction.handle(), row);
        return row;
    }

    private static long behind(ServingLeases.Row before, KeeperApi.@Nullable HeldLease said) {
        Long restarted = said == null ? null : said.restarted();
        return restarted == null ? before.restarted() : Math.clamp(restarted, before.restarted(), before.restartTold());
    }

    /** One runner after the other: the next is told when the one before has it behind it. */
    private static long told(Transaction transaction, ServingLeases.Row before, long behind, long restart) {
        boolean own = before.restartTold() > behind;
        boolean turn = before.restartTold() < restart && (own || !isElsewhere(transaction, before));
        return turn ? restart : before.restartTold();
    }

    private static boolean isElsewhere(Transaction transaction, ServingLeases.Row lease) {
        return QueueRestarts.isUnderWay(transaction.handle(), lease.queueId(), lease.id(), transaction.now());
    }

    private static boolean goesOn(ServingLeases.Row lease, Deployed deployed, long now) {
        return lease.expiresAt() > now
                && lease.fencing() == deployed.queue().revision()
                && lease.digest().equals(deployed.queue().deploymentDigest())
                && lease.queueName().equals(deployed.queue().name());
    }

    private static ServingLeases.Row row(
            String id,
            Runners.Row runner,
            Deployed deployed,
            long expiresAt,
            String state,
            @Nullable String detail,
            long restartTold,
            long restarted) {
        return new ServingLeases.Row(
                id,
                runner.id(),
                runner.workspaceId(),
                deployed.queue().id(),
                deployed.queue().name(),
                deployed.queue().deployment(),
                deployed.queue().deploymentDigest(),
                deployed.queue().revision(),
                expiresAt,
                state,
                detail,
                restartTold,
                restarted);
    }

    private KeeperApi.ServingLease signed(Runners.Row runner, ServingLeases.Row row, Deployed deployed) {
        KeeperApi.ServingLease lease = lease(runner, row, deployed, "");
        return lease(runner, row, deployed, root.sign(SignedMessages.servingLease(lease)));
    }

    private static KeeperApi.ServingLease lease(
            Runners.Row runner, ServingLeases.Row row, Deployed deployed, String signature) {
        return new KeeperApi.ServingLease(
                row.id(),
                row.workspaceId(),
                runner.site(),
                runner.id(),
                row.queueId(),
                row.queueName(),
                deployed.deployment().toMap(),
                row.digest(),
                row.fencing(),
                row.expiresAt(),
                signature);
    }
}
