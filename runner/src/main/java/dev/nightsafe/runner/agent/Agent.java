package dev.nightsafe.runner.agent;

import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.runner.local.KeptHeads;
import dev.nightsafe.runner.outbound.SignInRefused;
import dev.nightsafe.runner.workers.LeaseEnd;
import dev.nightsafe.runner.workers.Machine;
import dev.nightsafe.runner.workers.ServedQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The serving loop: asks the keeper what to serve, holds each answer against the pinned root and the allow list, serves
 * it, and says how that goes. What isn't listed any more is drained; what can't be renewed is ended before its lease is.
 * Thread-safe.
 */
public final class Agent {
    private static final System.Logger LOG = System.getLogger("nightsafe.runner");

    private final Machine machine;
    private final Enrolment enrolment;
    private final Ed25519.Signer key;
    private final LeaseCheck check;
    private final KeptHeads heads;
    private final Runnable onReady;
    private final Map<String, HeldLease> held = new HashMap<>();
    private final Map<String, CompletableFuture<Void>> ending = new HashMap<>();
    private final CompletableFuture<Void> stopping = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicBoolean nudged = new AtomicBoolean();
    private String revision = "";
    private volatile @Nullable Thread loop;

    /** @param onReady called once, when the keeper has answered for the first time */
    public Agent(Machine machine, Enrolment enrolment, Ed25519.Signer key, Runnable onReady) {
        this.machine = machine;
        this.enrolment = enrolment;
        this.key = key;
        this.check = new LeaseCheck(enrolment);
        this.heads = new KeptHeads(machine.config().folder());
        this.onReady = onReady;
    }

    /**
     * Serves until {@link #stop}; nothing runs any more when it returns.
     *
     * @throws SignInRefused when the keeper doesn't know this runner (any more)
     */
    public void run() {
        loop = Thread.currentThread();
        try {
            serve();
        } finally {
            Thread.interrupted();
            stopping.complete(null);
            endAll(machine.timings().drain());
            ended.complete(null);
        }
    }

    /** Stops taking tasks, lets those that run end within 30 s, ends the workers; returns when {@link #run} is done. */
    public void stop() {
        stopping.complete(null);
        Thread running = loop;
        if (running != null) {
            running.interrupt();
            ended.join();
        }
    }

    private void serve() {
        Duration pause = machine.timings().retry();
        boolean first = true;
        boolean reachable = true;
        while (!stopping.isDone()) {
            try {
                poll(machine.timings().poll());
                if (first) {
                    onReady.run();
                    first = false;
                }
                reachable = true;
                pause = machine.timings().retry();
            } catch (SignInRefused e) {
                endAll(Duration.ZERO);
                throw e;
            } catch (NightsafeException e) {
                if (reachable && !stopping.isDone()) {
                    LOG.log(System.Logger.Level.WARNING, "{0}; trying again", e.getMessage());
                }
                reachable = false;
                await(stopping, pause);
                pause = min(pause.multipliedBy(2), machine.timings().retry().multipliedBy(10));
            }
        }
    }

    private void poll(Duration wait) {
        List<SignedHead> kept = heads.newest();
        KeeperApi.Serving serving = machine.outbound().serving(request(wait, kept));
        apply(serving);
        for (KeeperApi.AuditHead told : serving.heads()) {
            check.problem(told)
                    .ifPresentOrElse(
                            what -> LOG.log(
                                    System.Logger.Level.ERROR, "a head of an audit chain is refused: {0}", what),
                            () -> heads.take(told.head(), kept, told.standing()));
        }
    }

    private synchronized KeeperApi.ServingRequest request(Duration wait, List<SignedHead> kept) {
        List<KeeperApi.HeldLease> reports = new ArrayList<>();
        long longest = wait.toMillis();
        for (HeldLease lease : held.values()) {
            reports.add(lease.report());
            longest = Math.clamp(lease.millisToSpare() / 2, 0, longest);
        }
        return new KeeperApi.ServingRequest(
                reports,
                revision,
                longest,
                machine.isolation().name(),
                KeptHeads.seen(kept),
                heads.contradiction().orElse(null));
    }

    private synchronized void apply(KeeperApi.Serving serving) {
        if (stopping.isDone()) {
            return;
        }
        Set<String> listed = new HashSet<>();
        for (KeeperApi.ServingLease lease : serving.leases()) {
            listed.add(lease.queueId());
            Optional<String> problem = check.problem(lease);
            if (problem.isPresent()) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "a serving lease for queue {0} is refused: {1}",
                        lease.queue(),
                        problem.get());
                continue;
            }
            LeaseEnd end = LeaseEnd.of(lease.expiresAt(), serving.now());
            HeldLease known = held.get(lease.queueId());
            if (known != null && known.isSame(lease)) {
                known.renew(end);
            } else {
                take(lease, end);
            }
        }
        List.copyOf(held.keySet()).stream().filter(id -> !listed.contains(id)).forEach(id -> {
            retire(id, machine.timings().drain());
        });
        for (KeeperApi.Restart restart : serving.restarts()) {
            held.values().stream()
                    .filter(lease -> lease.lease().leaseId().equals(restart.leaseId()))
                    .forEach(lease -> lease.restart(restart.number()));
        }
        for (KeeperApi.Values values : serving.values()) {
            held.values().stream()
                    .filter(lease -> lease.lease().leaseId().equals(values.leaseId()))
                    .forEach(lease -> lease.values(values.mark()));
        }
        revision = serving.revision();
    }

    private void take(KeeperApi.ServingLease lease, LeaseEnd end) {
        retire(lease.queueId(), machine.timings().drain());
        Optional<String> refusal = machine.config().allow().refusal(lease.queue(), ServedQueue.deployment(lease));
        if (refusal.isPresent()) {
            LOG.log(System.Logger.Level.WARNING, "queue {0} is refused: {1}", lease.queue(), refusal.get());
            held.put(lease.queueId(), HeldLease.refused(lease, end, refusal.get()));
            nudge();
            return;
        }
        ServedQueue queue = new ServedQueue(
                lease,
                machine,
                new SignedGrants(lease, key, enrolment.root().fingerprint(), check, machine.outbound()),
                task -> isGenuine(task, lease),
                this::nudge);
        HeldLease taken = HeldLease.serving(lease, end, queue);
        held.put(lease.queueId(), taken);
        watch(taken);
        CompletableFuture<Void> before = ending.getOrDefault(lease.queueId(), CompletableFuture.completedFuture(null));
        var _ = before.whenComplete((_, _) -> queue.start());
    }

    private boolean isGenuine(KeeperApi.TaskLease task, KeeperApi.ServingLease under) {
        Optional<String> problem = check.problem(task, under);
        problem.ifPresent(what ->
                LOG.log(System.Logger.Level.ERROR, "a task for queue {0} is refused: {1}", under.queue(), what));
        return problem.isEmpty();
    }

    private void retire(String queueId, Duration drain) {
        HeldLease retired = held.remove(queueId);
        if (retired != null) {
            CompletableFuture<Void> before = ending.getOrDefault(queueId, CompletableFuture.completedFuture(null));
            ending.put(queueId, CompletableFuture.allOf(before, retired.retire(drain)));
        }
    }

    /** Ends what runs under a lease in time when it isn't renewed (I4). */
    private void watch(HeldLease lease) {
        Executor later = CompletableFuture.delayedExecutor(
                Math.max(1, lease.millisToSpare()),
                TimeUnit.MILLISECONDS,
                command -> Thread.ofVirtual().start(command));
        later.execute(() -> {
            synchronized (this) {
                if (lease.isRetired()) {
                    return;
                }
                if (lease.millisToSpare() > 0) {
                    watch(lease);
                    return;
                }
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the lease of queue {0} wasn''t renewed; its workers end",
                        lease.lease().queue());
                retire(lease.lease().queueId(), Duration.ZERO);
                revision = "";
            }
        });
    }

    /** Tells the keeper soon how its leases are; several changes at once make one call. */
    private void nudge() {
        if (stopping.isDone() || !nudged.compareAndSet(false, true)) {
            return;
        }
        Thread.ofVirtual().name("state").start(() -> {
            nudged.set(false);
            try {
                poll(Duration.ZERO);
            } catch (NightsafeException e) {
                // The loop reports the same at its next turn.
            }
        });
    }

    private void endAll(Duration drain) {
        List<CompletableFuture<Void>> all;
        synchronized (this) {
            List.copyOf(held.keySet()).forEach(id -> retire(id, drain));
            all = List.copyOf(ending.values());
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    }

    private static void await(CompletableFuture<Void> future, Duration time) {
        try {
            future.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Time to try again.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.log(System.Logger.Level.DEBUG, "woken up to stop");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
