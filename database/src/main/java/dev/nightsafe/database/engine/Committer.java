package dev.nightsafe.database.engine;

import org.jspecify.annotations.Nullable;

/**
 * The one writer of a database and its audit chain: turns waiting submissions into one transaction and one fsync.
 * Thread-safe.
 */
public interface Committer extends AutoCloseable {
    /**
     * Runs the work inside the next transaction, on the committer's thread, and returns when it is durable (I4). The
     * work must be short and touch nothing but its handle.
     *
     * @throws RuntimeException what the work threw; then nothing of it is stored
     * @throws dev.nightsafe.core.problem.NightsafeException {@code OVERLOADED} when too much waits or it wasn't begun in
     *     time, {@code DATABASE_UNAVAILABLE} when the database can't be written: in both cases nothing is stored;
     *     {@code OUTCOME_UNKNOWN} when the commit's fate isn't known
     */
    <T extends @Nullable Object> T commit(Work<T> work);

    /** What a submission does. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T run(Transaction transaction);
    }

    @Override
    void close();
}
