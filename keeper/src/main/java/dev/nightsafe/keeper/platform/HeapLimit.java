package dev.nightsafe.keeper.platform;

import java.util.function.LongSupplier;

/**
 * Has the heap collected whole before it is much larger than what is in use. The serial collector would do that only once the
 * largest heap is full, and what polls leave behind after their 20 s is old by then: a keeper with thousands of runners would
 * have all of it for good. Used by one thread.
 */
public final class HeapLimit {
    /** What may be there besides half as much again as is in use; less isn't worth a pause. */
    private static final long ROOM = 128L << 20;

    private final LongSupplier committed;
    private final LongSupplier used;
    private final Runnable collect;
    private long inUse;
    /** What was left there last time: a collector that gives nothing back isn't asked again before there is more. */
    private long left;

    /** Of this process. */
    public HeapLimit() {
        this(Runtime.getRuntime()::totalMemory, HeapLimit::usedNow, System::gc);
    }

    HeapLimit(LongSupplier committed, LongSupplier used, Runnable collect) {
        this.committed = committed;
        this.used = used;
        this.collect = collect;
        this.left = committed.getAsLong();
    }

    /** To be called every few seconds. */
    public void hold() {
        if (committed.getAsLong() > Math.max(inUse + inUse / 2 + ROOM, left + ROOM / 4)) {
            collect.run();
            inUse = used.getAsLong();
            left = committed.getAsLong();
        }
    }

    private static long usedNow() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
