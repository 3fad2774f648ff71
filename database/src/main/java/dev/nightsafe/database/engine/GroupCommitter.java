package dev.nightsafe.database.engine;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One platform thread that takes what waits, runs it in one transaction with a savepoint each, and commits: however many
 * callers wait, they share one fsync.
 */
final class GroupCommitter implements Committer {
    private static final System.Logger LOG = System.getLogger(GroupCommitter.class.getName());
    private static final Submission<?> END = new Submission<>(Transaction::now);

    private final OwnedDatabase database;
    private final @Nullable AuditChain chain;
    private final InstantSource clock;
    private final BlockingQueue<Submission<?>> waiting;
    private final Thread thread;
    /** Only the committer's thread uses it. Null after a failure, until the next group opens another. */
    private @Nullable Writer writer;

    private volatile boolean closed;

    private GroupCommitter(OwnedDatabase database, @Nullable AuditChain chain, InstantSource clock, Writer writer) {
        this.database = database;
        this.chain = chain;
        this.clock = clock;
        this.writer = writer;
        this.waiting = new ArrayBlockingQueue<>(database.tuning().maxWaiting());
        this.thread = Thread.ofPlatform()
                .name("committer-" + database.schema().id())
                .daemon(true)
                .unstarted(this::work);
    }

    static GroupCommitter start(OwnedDatabase database, @Nullable AuditChain chain, InstantSource clock) {
        database.takeWriting();
        try {
            Writer writer = Writer.open(database.backend(), chain, clock);
            GroupCommitter committer = new GroupCommitter(database, chain, clock, writer);
            committer.thread.start();
            return committer;
        } catch (SQLException | RuntimeException e) {
            database.returnWriting();
            throw Failures.ofGroup(e, database.schema());
        }
    }

    @Override
    public <T extends @Nullable Object> T commit(Work<T> work) {
        Submission<T> submission = new Submission<>(work);
        if (closed) {
            throw Failures.stopping();
        }
        if (!waiting.offer(submission)) {
            throw Failures.full();
        }
        return submission.await(database.tuning().patience());
    }

    private void work() {
        List<Submission<?>> group = new ArrayList<>();
        boolean ended = false;
        while (!ended) {
            ended = !take(group);
            if (!group.isEmpty()) {
                commit(group);
            }
            group.clear();
        }
        discardWriter();
    }

    /** Waits for work; false when it is the last. */
    private boolean take(List<Submission<?>> group) {
        List<Submission<?>> taken = new ArrayList<>();
        try {
            taken.add(waiting.take());
        } catch (InterruptedException e) {
            return false;
        }
        waiting.drainTo(taken, database.tuning().maxGroup() - 1);
        boolean goesOn = true;
        for (Submission<?> submission : taken) {
            if (submission == END) {
                goesOn = false;
            } else if (submission.begin()) {
                group.add(submission);
            }
        }
        return goesOn;
    }

    private void commit(List<Submission<?>> group) {
        try {
            Writer begun = begun();
            for (Submission<?> submission : group) {
                begun.run(submission);
            }
            begun.storeEvents();
            commit(begun);
            group.forEach(Submission::succeed);
        } catch (Throwable e) {
            discardWriter();
            report(e);
            group.forEach(submission -> submission.fail(Failures.ofGroup(e, database.schema())));
        }
    }

    /** A database that is away is news in one line each time; anything else needs its trace. */
    private void report(Throwable error) {
        String message = "a commit of the " + database.schema().id() + " database failed: " + SqlErrors.name(error);
        if (SqlErrors.isUnavailable(error)) {
            LOG.log(System.Logger.Level.WARNING, message);
        } else {
            LOG.log(System.Logger.Level.ERROR, message, error);
        }
    }

    private void commit(Writer begun) throws SQLException {
        try {
            begun.commit();
        } catch (SQLException e) {
            if (SqlErrors.leavesCommitUnknown(e)) {
                throw Failures.unknown(e, database.schema());
            }
            throw e;
        }
    }

    /** A connection that was lost while nothing was going on is replaced before anyone notices. */
    private Writer begun() throws SQLException {
        if (writer != null) {
            try {
                writer.begin();
                return writer;
            } catch (SQLException e) {
                discardWriter();
                if (database.engine() == Engine.SQLITE) {
                    throw e;
                }
            }
        }
        Writer opened = Writer.open(database.backend(), chain, clock);
        writer = opened;
        opened.begin();
        return opened;
    }

    private void discardWriter() {
        Writer discarded = writer;
        writer = null;
        if (discarded != null) {
            try {
                discarded.close();
            } catch (SQLException | RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "closing a connection that failed", e);
            }
        }
    }

    /** Takes nothing more, commits what waits, and returns when that is done. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            waiting.put(END);
            thread.join();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        waiting.forEach(submission -> submission.fail(Failures.stopping()));
        database.returnWriting();
    }
}
