package dev.nightsafe.runner.agent;

import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.runner.workers.LeaseEnd;
import dev.nightsafe.runner.workers.ServedQueue;
import dev.nightsafe.runner.workers.WorkerState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A serving lease that this runner has, and what it does under it. For use under the agent's lock. */
final class HeldLease {
    private final KeeperApi.ServingLease lease;
    private final @Nullable ServedQueue queue;
    private final String refusal;
    private final long lengthMillis;
    private LeaseEnd end;
    private boolean retired;
    private @Nullable String values;

    private HeldLease(KeeperApi.ServingLease lease, LeaseEnd end, @Nullable ServedQueue queue, String refusal) {
        this.lease = lease;
        this.queue = queue;
        this.refusal = refusal;
        this.end = end;
        this.lengthMillis = Math.max(1, end.millisLeft());
    }

    static HeldLease serving(KeeperApi.ServingLease lease, LeaseEnd end, ServedQueue queue) {
        return new HeldLease(lease, end, queue, "");
    }

    /** One that the allow list doesn't permit: it is held, so that the platform can show why nothing runs. */
    static HeldLease refused(KeeperApi.ServingLease lease, LeaseEnd end, String why) {
        return new HeldLease(lease, end, null, why);
    }

    KeeperApi.ServingLease lease() {
        return lease;
    }

    /** True when {@code other} is this lease renewed, not another deployment. */
    boolean isSame(KeeperApi.ServingLease other) {
        return lease.leaseId().equals(other.leaseId())
                && lease.fencing() == other.fencing()
                && lease.digest().equals(other.digest());
    }

    void renew(LeaseEnd renewed) {
        end = end.later(renewed);
    }

    /** Milliseconds until the workers must begin to end, so that they have ended with the lease. */
    long millisToSpare() {
        return end.millisLeft() - lengthMillis / 6;
    }

    KeeperApi.HeldLease report() {
        if (queue == null) {
            return new KeeperApi.HeldLease(lease.leaseId(), "refused", refusal);
        }
        ServedQueue.Status status = queue.status();
        boolean silent = status.detail().isEmpty() || status.state() == WorkerState.READY;
        return new KeeperApi.HeldLease(
                lease.leaseId(), status.state().id(), silent ? null : status.detail(), queue.restarted());
    }

    /** Starts its workers anew, one after the other. */
    void restart(long number) {
        if (queue != null) {
            queue.restart(number);
        }
    }

    /** The keeper's mark of the values that workers would be granted now; another one than before is news. */
    void values(String mark) {
        boolean news = values != null && !values.equals(mark);
        values = mark;
        if (news && queue != null) {
            queue.newValues();
        }
    }

    boolean isRetired() {
        return retired;
    }

    /** Ends what runs under it; completed when nothing is left. */
    CompletableFuture<Void> retire(Duration drain) {
        retired = true;
        if (queue == null) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.runAsync(
                () -> queue.stop(drain),
                command -> Thread.ofPlatform()
                        .daemon()
                        .name("end of " + lease.queue())
                        .start(command));
    }
}
