package dev.nightsafe.keeper.platform;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Long polls that wait for something to happen to a key. A poll enters first, then looks, then waits, so that nothing
 * that happens in between is missed; a wake-up that a poll didn't use is passed on. Thread-safe.
 */
public final class Waiters implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, SequencedSet<Ticket>> waiting = new HashMap<>();
    private boolean closed;

    /** Enters the queue of those that wait for this key. */
    public Ticket enter(String key) {
        return enter(Set.of(key));
    }

    /** Enters the queues of those that wait for any of these keys. */
    public Ticket enter(Set<String> keys) {
        Ticket ticket = new Ticket(Set.copyOf(keys));
        lock.lock();
        try {
            ticket.join();
        } finally {
            lock.unlock();
        }
        return ticket;
    }

    /** Wakes the one that has waited longest for this key. */
    public void wakeOne(String key) {
        lock.lock();
        try {
            SequencedSet<Ticket> queue = waiting.get(key);
            if (queue != null) {
                queue.getFirst().wakeNow(key);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The one that has waited longest for this key, if there is one; it is woken by nothing but {@link Ticket#wake} now. */
    public Optional<Ticket> takeOne(String key) {
        lock.lock();
        try {
            SequencedSet<Ticket> queue = waiting.get(key);
            if (queue == null) {
                return Optional.empty();
            }
            Ticket ticket = queue.getFirst();
            ticket.leave();
            return Optional.of(ticket);
        } finally {
            lock.unlock();
        }
    }

    /** Wakes all that wait for this key. */
    public void wakeAll(String key) {
        lock.lock();
        try {
            SequencedSet<Ticket> queue = waiting.get(key);
            if (queue != null) {
                List.copyOf(queue).forEach(ticket -> ticket.wakeNow(key));
            }
        } finally {
            lock.unlock();
        }
    }

    /** The keys that somebody waits for. */
    public Set<String> keys() {
        lock.lock();
        try {
            return Set.copyOf(waiting.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waiting, now and from now on. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            Set<Ticket> all = new HashSet<>();
            waiting.values().forEach(all::addAll);
            all.forEach(Ticket::end);
        } finally {
            lock.unlock();
        }
    }

    /** One poll's place. Used by one thread, but for {@link #end}. */
    public final class Ticket implements AutoCloseable {
        private final Set<String> keys;
        private final Condition condition = lock.newCondition();
        private @Nullable String wokenBy;
        private @Nullable String lastWokenBy;
        private boolean ended;

        private Ticket(Set<String> keys) {
            this.keys = keys;
        }

        /** True when it was woken, false when the time is over or its waiting was ended. */
        public boolean await(Duration time) {
            lock.lock();
            try {
                lastWokenBy = null;
                long left = time.toNanos();
                while (wokenBy == null && !closed && !ended && left > 0) {
                    left = condition.awaitNanos(left);
                }
                if (wokenBy != null && !closed && !ended) {
                    lastWokenBy = wokenBy;
                    wokenBy = null;
                    join();
                    return true;
                }
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } finally {
                lock.unlock();
            }
        }

        /** The key for which the last {@link #await} was woken, null when it wasn't. */
        public @Nullable String wokenBy() {
            return lastWokenBy;
        }

        /** Ends its waiting, now and from now on; by any thread. */
        public void end() {
            lock.lock();
            try {
                ended = true;
                leave();
                condition.signal();
            } finally {
                lock.unlock();
            }
        }

        /** Leaves; a wake-up that came after the last {@link #await} goes to the next one. */
        @Override
        public void close() {
            lock.lock();
            try {
                leave();
                if (wokenBy != null) {
                    wakeOne(wokenBy);
                }
            } finally {
                lock.unlock();
            }
        }

        private void join() {
            if (!closed && !ended) {
                keys.forEach(key ->
                        waiting.computeIfAbsent(key, _ -> new LinkedHashSet<>()).addLast(this));
            }
        }

        private void leave() {
            for (String key : keys) {
                SequencedSet<Ticket> queue = waiting.get(key);
                if (queue != null && queue.remove(this) && queue.isEmpty()) {
                    waiting.remove(key);
                }
            }
        }

        /** Wakes one that was taken; by any thread. One that waits no more passes it on when it leaves. */
        public void wake(String key) {
            lock.lock();
            try {
                wakeNow(key);
            } finally {
                lock.unlock();
            }
        }

        private void wakeNow(String key) {
            wokenBy = key;
            leave();
            condition.signal();
        }
    }

    /** Time left until {@code deadline} on {@link System#nanoTime}. */
    public static Duration until(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /** A deadline on {@link System#nanoTime}, at most {@code most} ahead. */
    public static long deadline(long waitMillis, Duration most) {
        long millis = Math.clamp(waitMillis, 0, most.toMillis());
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
