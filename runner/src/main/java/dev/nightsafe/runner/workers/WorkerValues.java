package dev.nightsafe.runner.workers;

import dev.nightsafe.protocol.keeper.KeeperApi;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which values a worker has, by the grant that it has them from; attempts at tasks are tied to it. A task that begins waits
 * while values are replaced, and one that is in hand is tied to the new ones before they are there. Thread-safe.
 */
final class WorkerValues {
    private final ReentrantLock changing = new ReentrantLock();
    private volatile @Nullable String grant;
    private volatile Set<String> versions;
    private @Nullable TaskInHand inHand;

    /**
     * @param grant the grant's id, null when it gave nothing
     * @param versions as {@code vault/KEY@version}
     */
    WorkerValues(@Nullable String grant, Set<String> versions) {
        this.grant = grant;
        this.versions = versions;
    }

    @Nullable
    String grant() {
        return grant;
    }

    Set<String> versions() {
        return versions;
    }

    /** Whether they are those that the task must be done with. */
    boolean fit(TaskInHand task) {
        KeeperApi.SameValues wanted = task.lease().values();
        return wanted == null || versions.equals(Set.copyOf(wanted.versions()));
    }

    /** The task is about to be given to the worker; false when its lease ended before the keeper had written the grant down. */
    boolean begin(TaskInHand task) {
        changing.lock();
        try {
            inHand = task;
            return task.recordGrant(grant);
        } finally {
            changing.unlock();
        }
    }

    /** The worker has no task any more. */
    void end() {
        changing.lock();
        try {
            inHand = null;
        } finally {
            changing.unlock();
        }
    }

    /** From now on it has these, unless {@code replacing} fails. */
    void renew(String newGrant, Set<String> newVersions, Runnable replacing) {
        changing.lock();
        try {
            if (inHand != null) {
                inHand.recordGrant(newGrant);
            }
            replacing.run();
            grant = newGrant;
            versions = newVersions;
        } finally {
            changing.unlock();
        }
    }
}
