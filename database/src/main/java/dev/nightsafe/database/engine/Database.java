package dev.nightsafe.database.engine;

import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** One part's database. Reads come from a pool; writes go through its {@link Committer} only. Thread-safe. */
public interface Database extends AutoCloseable {
    /** Runs a read on a connection of the pool; what it sees is committed. */
    <T extends @Nullable Object> T read(Function<Handle, T> work);

    Engine engine();

    @Override
    void close();
}
