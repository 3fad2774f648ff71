package dev.nightsafe.sdk;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A task program whose handlers get something that is loaded once. Otherwise as {@link Tasks}.
 *
 * @param <C> what is loaded
 */
public final class LoadedTasks<C> {
    private final Program program;

    LoadedTasks(Program program) {
        this.program = program;
    }

    /**
     * Does a task.
     *
     * @param <P> what the payload is made into
     * @param <C> what was loaded
     */
    @FunctionalInterface
    public interface Handler<P, C> {
        /** As {@link Tasks.Handler#answer}, with what was loaded. */
        @Nullable
        Object answer(P payload, Task task, C loaded) throws Exception;
    }

    /** Takes the tasks of every type that has no handler of its own. */
    public <P> LoadedTasks<C> handle(Class<P> payload, Handler<P, C> handler) {
        program.handle(null, payload, invocation(payload, handler));
        return this;
    }

    /** Takes the tasks of this type. */
    public <P> LoadedTasks<C> handle(String type, Class<P> payload, Handler<P, C> handler) {
        program.handle(type, payload, invocation(payload, handler));
        return this;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the program's loader gave it, so it is a C, null too
    private static <P, C> Program.Invocation invocation(Class<P> payload, Handler<P, C> handler) {
        return (given, task, loaded) -> handler.answer(Program.cast(payload, given), task, (C) loaded);
    }

    /** As {@link Tasks#watch}. */
    public LoadedTasks<C> watch(String variable, Consumer<byte[]> callback) {
        program.watches().add(variable, callback);
        return this;
    }

    /** As {@link Tasks#run}. */
    public void run() {
        Loop.run(program, Long.MAX_VALUE);
    }

    /** As {@link Tasks#runOnce}. */
    public void runOnce() {
        Loop.run(program, 1);
    }
}
