package dev.nightsafe.runner.workers;

import dev.nightsafe.protocol.keeper.KeeperApi;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A worker's place for one task. All but {@link #task} is guarded by its {@link TaskPoll}. */
final class Room {
    private final ServedLease lease;
    private final @Nullable String grant;
    private final CompletableFuture<TaskInHand> task = new CompletableFuture<>();
    private long number;
    private boolean left;

    /** @param grant of the worker, null when none is up or it was given nothing */
    Room(ServedLease lease, @Nullable String grant) {
        this.lease = lease;
        this.grant = grant;
    }

    /** Completed with the one that its worker is to do. */
    CompletableFuture<TaskInHand> task() {
        return task;
    }

    ServedLease lease() {
        return lease;
    }

    @Nullable
    String grant() {
        return grant;
    }

    long number() {
        return number;
    }

    /** Under another number it is another room to the keeper. */
    void number(long another) {
        number = another;
    }

    /** Its worker doesn't wait any more. */
    void leave() {
        left = true;
    }

    boolean isFree() {
        return !left && !task.isDone();
    }

    KeeperApi.Room offer() {
        return new KeeperApi.Room(number, lease.id(), grant);
    }
}
