package dev.nightsafe.keeper.tasks;

import dev.nightsafe.keeper.platform.Waiters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The poll for tasks that each runner has open; another one ends it. Thread-safe. */
final class OpenPolls {
    private final Map<String, Poll> open = new ConcurrentHashMap<>();

    /** Ends the runner's poll that is open, if there is one. */
    Poll begin(String runnerId) {
        Poll poll = new Poll(runnerId);
        Poll before = open.put(runnerId, poll);
        if (before != null) {
            before.end();
        }
        return poll;
    }

    final class Poll implements AutoCloseable {
        private final String runnerId;
        private Waiters.@Nullable Ticket ticket;
        private boolean ended;

        private Poll(String runnerId) {
            this.runnerId = runnerId;
        }

        /** What to end when another poll comes. */
        synchronized void waitsBy(Waiters.Ticket its) {
            ticket = its;
            if (ended) {
                its.end();
            }
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
