package dev.nightsafe.database.engine;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Another part's database, read only; connected at the first read that finds its owner's tables there. */
final class ForeignDatabase implements Database {
    private final Backend backend;
    private final Schema schema;
    private final Tuning tuning;
    private final ReentrantLock connecting = new ReentrantLock();
    private volatile @Nullable Readers readers;
    private boolean closed;

    ForeignDatabase(Backend backend, Schema schema, Tuning tuning) {
        this.backend = backend;
        this.schema = schema;
        this.tuning = tuning;
    }

    @Override
    public <T extends @Nullable Object> T read(Function<Handle, T> work) {
        Readers connected = readers;
        return (connected == null ? connect() : connected).read(work);
    }

    private Readers connect() {
        if (!lock()) {
            throw notThere();
        }
        try {
            Readers connected = readers;
            if (connected == null) {
                if (closed || !backend.isThere() || !Migrations.areDone(backend.looking(), schema)) {
                    throw notThere();
                }
                connected = new Readers(backend, schema, tuning);
                readers = connected;
            }
            return connected;
        } finally {
            connecting.unlock();
        }
    }

    private boolean lock() {
        try {
            return connecting.tryLock(tuning.lockWait().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private NightsafeException notThere() {
        return new NightsafeException(
                ProblemCode.DATABASE_UNAVAILABLE,
                "the " + schema.id() + " database isn't there yet, not at version " + schema.version()
                        + " or not open to this user; start the " + schema.id() + ", then try again");
    }

    @Override
    public Engine engine() {
        return backend.engine();
    }

    @Override
    public void close() {
        connecting.lock();
        try {
            closed = true;
            Readers connected = readers;
            if (connected != null) {
                connected.close();
            }
        } finally {
            connecting.unlock();
        }
    }
}
