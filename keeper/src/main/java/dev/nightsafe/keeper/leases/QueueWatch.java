package dev.nightsafe.keeper.leases;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.keeper.platform.Waiters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the console wants deployed, read once for all runners: {@link #refresh} asks cheaply whether anything changed, and
 * wakes those whose workspace it concerns. Thread-safe.
 */
public final class QueueWatch {
    private static final String CHANGED = "queues of ";

    private static final System.Logger LOG = System.getLogger(QueueWatch.class.getName());

    private final Database console;
    private final Waiters waiters;
    private final ReentrantLock refreshing = new ReentrantLock();
    private final AtomicLong asked = new AtomicLong();
    private volatile @Nullable Snapshot snapshot;
    /** Of those that asked: everyone up to this one. Guarded by {@link #refreshing}. */
    private long answered;

    private record Snapshot(ConsoleTables.QueuesMark mark, Map<String, List<Deployed>> byWorkspace) {
        List<Deployed> of(String workspaceId) {
            return byWorkspace.getOrDefault(workspaceId, List.of());
        }
    }

    public QueueWatch(Database console, Waiters waiters) {
        this.console = console;
        this.waiters = waiters;
    }

    /** What the polls of a workspace's runners wait for. */
    public static String changedIn(String workspaceId) {
        return CHANGED + workspaceId;
    }

    /** The queues of a workspace, by name. Throws {@code DATABASE_UNAVAILABLE} while the console's tables can't be read. */
    public List<Deployed> queues(String workspaceId) {
        Snapshot known = snapshot;
        return (known == null ? load() : known).of(workspaceId);
    }

    /** The queues of all workspaces. Throws as {@link #queues}. */
    List<Deployed> all() {
        Snapshot known = snapshot;
        return (known == null ? load() : known)
                .byWorkspace().values().stream().flatMap(List::stream).toList();
    }

    /**
     * Looks for changes; never throws. To be called about once a second, and after what may have changed them. Those that
     * ask while somebody looks share the next look: thousands of runners come at once after an outage.
     */
    public void refresh() {
        long own = asked.incrementAndGet();
        refreshing.lock();
        try {
            if (answered < own) {
                long all = asked.get();
                look();
                answered = all;
            }
        } finally {
            refreshing.unlock();
        }
    }

    @SuppressWarnings("ReferenceEquality") // whether it is the same snapshot, not whether an equal one
    private void look() {
        Snapshot before = snapshot;
        try {
            load();
        } catch (NightsafeException e) {
            if (before != null) {
                LOG.log(System.Logger.Level.WARNING, "the console''s queues can''t be read: {0}", e.getMessage());
            }
        }
        Snapshot now = snapshot;
        if (before != now) {
            waiters.keys().stream()
                    .filter(key -> key.startsWith(CHANGED))
                    .filter(key -> differ(before, now, key.substring(CHANGED.length())))
                    .forEach(waiters::wakeAll);
        }
    }

    private static boolean differ(@Nullable Snapshot before, @Nullable Snapshot now, String workspaceId) {
        return before == null || now == null || !before.of(workspaceId).equals(now.of(workspaceId));
    }

    private Snapshot load() {
        refreshing.lock();
        try {
            Snapshot known = snapshot;
            Snapshot loaded = console.read(handle -> {
                ConsoleTables.QueuesMark mark = ConsoleTables.queuesMark(handle);
                return known != null && known.mark().equals(mark)
                        ? known
                        : new Snapshot(mark, byWorkspace(ConsoleTables.queues(handle)));
            });
            snapshot = loaded;
            return loaded;
        } catch (RuntimeException e) {
            // What is deployed now can't be decided (I7).
            snapshot = null;
            throw e instanceof NightsafeException known
                    ? known
                    : new NightsafeException(ProblemCode.DATABASE_UNAVAILABLE, "the console's queues can't be read", e);
        } finally {
            refreshing.unlock();
        }
    }

    private static Map<String, List<Deployed>> byWorkspace(List<ConsoleTables.Queue> rows) {
        return rows.stream()
                .map(QueueWatch::deployed)
                .flatMap(Optional::stream)
                .collect(Collectors.groupingBy(deployed -> deployed.queue().workspaceId()));
    }

    private static Optional<Deployed> deployed(ConsoleTables.Queue row) {
        Optional<Deployed> deployed = Deployed.of(row);
        if (deployed.isEmpty()) {
            LOG.log(System.Logger.Level.ERROR, "queue {0} is not served: its deployment is damaged", row.id());
        }
        return deployed;
    }
}
