package dev.nightsafe.database.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A database as its owner has it: migrated, and open for one committer. */
final class OwnedDatabase implements Database {
    private final Backend backend;
    private final Schema schema;
    private final Tuning tuning;
    private final Backend.Claim claim;
    private final Readers readers;
    private final AtomicBoolean hasCommitter = new AtomicBoolean();

    OwnedDatabase(Backend backend, Schema schema, Tuning tuning) {
        this.backend = backend;
        this.schema = schema;
        this.tuning = tuning;
        this.claim = backend.claim();
        try {
            Migrations.migrate(backend, schema);
            this.readers = new Readers(backend, schema, tuning);
        } catch (RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    Backend backend() {
        return backend;
    }

    Schema schema() {
        return schema;
    }

    Tuning tuning() {
        return tuning;
    }

    /** Gives the right to write to one committer; it gives it back when it is closed. */
    void takeWriting() {
        if (!hasCommitter.compareAndSet(false, true)) {
            throw new IllegalStateException("the " + schema.id() + " database has a committer already");
        }
    }

    void returnWriting() {
        hasCommitter.set(false);
    }

    @Override
    public <T extends @Nullable Object> T read(Function<Handle, T> work) {
        return readers.read(work);
    }

    @Override
    public Engine engine() {
        return backend.engine();
    }

    /** Close the committer first. */
    @Override
    public void close() {
        readers.close();
        claim.close();
    }
}
