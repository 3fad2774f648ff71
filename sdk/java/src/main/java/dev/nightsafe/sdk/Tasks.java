package dev.nightsafe.sdk;

import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A task program: the handlers of its tasks, and {@link #run}.
 *
 * <p>A payload's class is a record, or {@code Map}, {@code List}, {@code String}, a number, {@code Boolean}, or
 * {@code Object} for any JSON. A record gets the payload's fields, checked: a field that is missing, unknown or of another
 * type fails the task with an error that names the field, never its value. Components may be texts, {@code boolean}s,
 * {@code int}, {@code long}, {@code double}, {@code BigInteger}, {@code BigDecimal}, enums (by their constants' names),
 * records, {@code List<…>}, {@code Map<String, …>}, {@code Object}; those that may be missing or null are
 * {@code Optional<…>} or annotated with a {@code @Nullable} that is kept at run time. A record's constructor may refuse
 * values with {@link IllegalArgumentException}.
 *
 * <p>In JSON that is taken as it is, whole numbers are {@code Long}s or, larger, {@code BigInteger}s, others
 * {@code BigDecimal}s, so that no digit is lost.
 *
 * <p>A result is anything that JSON holds exactly: null, texts, truths, finite numbers, enums, records, lists, arrays,
 * {@code Optional}s, and maps whose keys are texts or whole numbers. Anything else is an error that names the place and
 * the type.
 *
 * <p>For one thread.
 */
public final class Tasks {
    private final Program program = new Program();

    Tasks() {}

    /**
     * Does a task.
     *
     * @param <P> what the payload is made into
     */
    @FunctionalInterface
    public interface Handler<P> {
        /**
         * Does one task, on a virtual thread of its own.
         *
         * @return the result
         * @throws RetryableException when another attempt may succeed
         * @throws Exception when the task failed; type, message and stack trace become its error
         */
        @Nullable
        Object answer(P payload, Task task) throws Exception;
    }

    /** Takes the tasks of every type that has no handler of its own. */
    public <P> Tasks handle(Class<P> payload, Handler<P> handler) {
        program.handle(null, payload, invocation(payload, handler));
        return this;
    }

    /** Takes the tasks of this type. */
    public <P> Tasks handle(String type, Class<P> payload, Handler<P> handler) {
        program.handle(type, payload, invocation(payload, handler));
        return this;
    }

    private static <P> Program.Invocation invocation(Class<P> payload, Handler<P> handler) {
        return (given, task, loaded) -> handler.answer(Program.cast(payload, given), task);
    }

    /**
     * Loads something once (a model, a client, a key) before the program says that it is ready; handlers added from here
     * on get it. When it throws, the program doesn't get ready and the runner is told why.
     */
    public <C> LoadedTasks<C> load(Callable<C> loader) {
        program.load(loader);
        return new LoadedTasks<>(program);
    }

    /**
     * Calls back with each new value that comes into the file whose path the variable holds (a secret with
     * {@code as: file} in a queue with {@code on_change: live}): on a thread of its own, one call at a time, also while a
     * task is in hand. What the callback throws is printed.
     *
     * @throws IllegalArgumentException when there is no such variable
     */
    public Tasks watch(String variable, Consumer<byte[]> callback) {
        program.watches().add(variable, callback);
        return this;
    }

    /**
     * Answers tasks, one after another, until the input ends; then returns. Call it last, once.
     *
     * <p>From here on {@link System#in} is empty. (A child process started with {@code inheritIO()} would read and write
     * the conversation with the runner; let it inherit its error stream only.) On SIGTERM the task in hand may end, for at
     * most 10 s, and no other is begun.
     */
    public void run() {
        Loop.run(program, Long.MAX_VALUE);
    }

    /** As {@link #run}, for a single task. */
    public void runOnce() {
        Loop.run(program, 1);
    }
}
