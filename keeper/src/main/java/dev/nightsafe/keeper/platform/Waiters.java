package dev.nightsafe.keeper.platform;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Long polls that wait for something to happen to a key. A poll enters first, then looks, then waits, so that nothing
 * that happens in between is missed; a wake-up that a poll didn't use is passed on. Thread-safe.
 */
public final class Waiters implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Deque<Ticket>> waiting = new HashMap<>();
    private boolean closed;

    /** Enters the queue of those that wait for this key. */
    public Ticket enter(String key) {
        Ticket ticket = new Ticket(key);
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
            Deque<Ticket> queue = waiting.get(key);
            if (queue != null) {
                queue.getFirst().wake();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Wakes all that wait for this key. */
    public void wakeAll(String key) {
        lock.lock();
        try {
            List.copyOf(waiting.getOrDefault(key, new ArrayDeque<>())).forEach(Ticket::wake);
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
            List.copyOf(waiting.values()).forEach(queue -> List.copyOf(queue).forEach(Ticket::wake));
        } finally {
            lock.unlock();
        }
    }

    /** One poll's place. Used by one thread. */
    public final class Ticket implements AutoCloseable {
        private final String key;
        private final Condition condition = lock.newCondition();
        private boolean woken;

        private Ticket(String key) {
            this.key = key;
        }

        /** True when it was woken, false when the time is over or everything ends. */
        public boolean await(Duration time) {
            lock.lock();
            try {
                long left = time.toNanos();
                while (!woken && !closed && left > 0) {
                    left = condition.awaitNanos(left);
                }
                if (woken && !closed) {
                    woken = false;
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

        /** Leaves; a wake-up that came after the last {@link #await} goes to the next one. */
        @Override
        public void close() {
            lock.lock();
            try {
                leave();
                if (woken) {
                    wakeOne(key);
                }
            } finally {
                lock.unlock();
            }
        }

        private void join() {
            waiting.computeIfAbsent(key, _ -> new ArrayDeque<>()).addLast(this);
        }

        private void leave() {
            Deque<Ticket> queue = waiting.get(key);
            if (queue != null && queue.remove(this) && queue.isEmpty()) {
                waiting.remove(key);
            }
        }

        private void wake() {
            woken = true;
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
