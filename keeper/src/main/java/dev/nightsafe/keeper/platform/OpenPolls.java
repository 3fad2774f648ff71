package dev.nightsafe.keeper.platform;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The poll of one kind that each runner has open; another one ends it: the connection may be cut. Thread-safe. */
public final class OpenPolls {
    private final Map<String, Poll> open = new ConcurrentHashMap<>();

    /** Ends the runner's poll that is open, if there is one. */
    public Poll begin(String runnerId) {
        Poll poll = new Poll(runnerId);
        Poll before = open.put(runnerId, poll);
        if (before != null) {
            before.end();
        }
        return poll;
    }

    /** Open until it is closed. Used by one thread. */
    public final class Poll implements AutoCloseable {
        private final String runnerId;
        private Waiters.@Nullable Ticket ticket;
        private boolean ended;

        private Poll(String runnerId) {
            this.runnerId = runnerId;
        }

        /** What to end when another poll comes. */
        public synchronized void waitsBy(Waiters.Ticket its) {
            ticket = its;
            if (ended) {
                its.end();
            }
        }

        /** True once another one came. */
        public synchronized boolean isEnded() {
            return ended;
        }

        private synchronized void end() {
            ended = true;
            if (ticket != null) {
                ticket.end();
            }
        }

        @Override
        public void close() {
            open.remove(runnerId, this);
        }
    }
}
