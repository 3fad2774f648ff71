package dev.nightsafe.runner.workers;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last tasks that one worker was given, so that an answer that comes again is told from one to a strange task. Thread-safe. */
final class KnownTasks {
    private static final int MOST = 100;

    private final Deque<String> ids = new ArrayDeque<>();

    synchronized void add(String id) {
        if (ids.size() == MOST) {
            ids.removeFirst();
        }
        ids.addLast(id);
    }

    synchronized boolean has(String id) {
        return ids.contains(id);
    }
}
