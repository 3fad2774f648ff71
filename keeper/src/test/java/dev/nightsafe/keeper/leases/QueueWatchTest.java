package dev.nightsafe.keeper.leases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Engine;
import dev.nightsafe.keeper.platform.Waiters;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Many runners that ask at the same moment what is deployed. */
class QueueWatchTest {
    private static final int MANY = 50;

    private final AtomicInteger looks = new AtomicInteger();
    private final CountDownLatch looking = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final QueueWatch watch = new QueueWatch(new SlowDatabase(), new Waiters());

    @Test
    void those_that_ask_while_somebody_looks_share_one_look_that_begins_after_they_asked() throws Exception {
        Thread first = Thread.ofPlatform().start(watch::refresh);
        looking.await();
        List<Thread> others = Stream.generate(() -> Thread.ofPlatform().start(watch::refresh))
                .limit(MANY)
                .toList();
        while (!others.stream().allMatch(other -> other.getState() == Thread.State.WAITING)) {
            Thread.onSpinWait();
        }
        goOn.countDown();

        first.join();
        for (Thread other : others) {
            other.join();
        }
        assertThat(looks).hasValue(2);
        watch.refresh();
        assertThat(looks).hasValue(3);
    }

    /** Its first read takes long; all fail, which a look survives. */
    private final class SlowDatabase implements Database {
        @Override
        public <T extends @Nullable Object> T read(Function<Handle, T> work) {
            looks.incrementAndGet();
            looking.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new NightsafeException(ProblemCode.DATABASE_UNAVAILABLE, "it is away");
        }

        @Override
        public Engine engine() {
            return Engine.SQLITE;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
