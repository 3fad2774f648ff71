package dev.nightsafe.runner.workers;

import dev.nightsafe.protocol.keeper.KeeperApi;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which values a worker has, by the grant that it has them from; attempts at tasks are tied to it. A task that begins waits
 * while values are replaced, and one that is in hand is tied to the new ones before they are there; while one is in hand that
 * must be done with certain values, they stay. Thread-safe.
 */
final class WorkerValues {
    private final ReentrantLock changing = new ReentrantLock();
    private final Condition taskEnded = changing.newCondition();
    private final Runnable onlyTheseLeft;
    private volatile @Nullable String grant;
    private volatile Set<String> versions;
    private @Nullable Attempt inHand;

    /** Of whose values some may be there already: replacing failed in the middle. */
    private volatile @Nullable String mixedWith;

    /** What this must know of an attempt at a task. */
    interface Attempt {
        /** The values that it must be done with; null for any. */
        KeeperApi.@Nullable SameValues wanted();

        /** See {@link TaskInHand#recordGrant}. */
        boolean recordGrant(@Nullable String ofWorker);
    }

    /** Whether a task may be given to the worker. */
    enum Begun {
        YES,
        /** Its lease ended before the keeper had written the grant down. */
        NOT_RECORDED,
        /** The worker has other values by now than the task must be done with. */
        OTHER_VALUES
    }

    /**
     * @param grant the grant's id, null when it gave nothing
     * @param versions as {@code vault/KEY@version}
     * @param onlyTheseLeft told when the worker has none but its current values, the last that were learnt: it has no task
     */
    WorkerValues(@Nullable String grant, Set<String> versions, Runnable onlyTheseLeft) {
        this.grant = grant;
        this.versions = versions;
        this.onlyTheseLeft = onlyTheseLeft;
    }

    @Nullable
    String grant() {
        return grant;
    }

    Set<String> versions() {
        return versions;
    }

    /** Whether they are those that the task must be done with. */
    boolean fit(Attempt task) {
        KeeperApi.SameValues wanted = task.wanted();
        return wanted == null || (mixedWith == null && versions.equals(Set.copyOf(wanted.versions())));
    }

    /** The task is about to be given to the worker. */
    Begun begin(Attempt task) throws InterruptedException {
        changing.lockInterruptibly();
        try {
            if (!fit(task)) {
                return Begun.OTHER_VALUES;
            }
            inHand = task;
            String other = mixedWith;
            boolean recorded = task.recordGrant(grant) && (other == null || task.recordGrant(other));
            return recorded ? Begun.YES : Begun.NOT_RECORDED;
        } finally {
            changing.unlock();
        }
    }

    /** The worker has no task any more. */
    void end() {
        changing.lock();
        try {
            inHand = null;
            taskEnded.signalAll();
            tellWhenOnlyTheseAreLeft();
        } finally {
            changing.unlock();
        }
    }

    /** Waits while a task is in hand that must be done with certain values. */
    void awaitRenewable() throws InterruptedException {
        changing.lockInterruptibly();
        try {
            while (isBound()) {
                taskEnded.await();
            }
        } finally {
            changing.unlock();
        }
    }

    /**
     * From now on it has these, unless {@code learning} or {@code replacing} fails. False when a task is in hand that must be done with the ones that
     * it has: nothing was done.
     */
    boolean renew(String newGrant, Set<String> newVersions, Runnable learning, Runnable replacing)
            throws InterruptedException {
        changing.lockInterruptibly();
        try {
            if (isBound()) {
                return false;
            }
            if (inHand != null) {
                inHand.recordGrant(newGrant);
            }
            learning.run();
            mixedWith = newGrant;
            replacing.run();
            mixedWith = null;
            grant = newGrant;
            versions = newVersions;
            tellWhenOnlyTheseAreLeft();
            return true;
        } finally {
            changing.unlock();
        }
    }

    private boolean isBound() {
        return inHand != null && inHand.wanted() != null;
    }

    private void tellWhenOnlyTheseAreLeft() {
        if (inHand == null && mixedWith == null) {
            onlyTheseLeft.run();
        }
    }
}
