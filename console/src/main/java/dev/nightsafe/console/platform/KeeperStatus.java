package dev.nightsafe.console.platform;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The keeper's status, kept for 2 s, or its failure, kept for less; one question at a time however many ask. Thread-safe. */
final class KeeperStatus {
    /** A status takes no time: 25 s less than other answers may. */
    static final Duration SOONER = Duration.ofSeconds(-25);

    private static final long KEPT_MILLIS = 2000;
    private static final long FAILURE_KEPT_MILLIS = 200;

    private record Answer(
            InternalApi.@Nullable Status status, @Nullable NightsafeException failure, long answeredAt) {}

    private final Supplier<InternalApi.Status> question;
    private final InstantSource clock;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Answer last;

    KeeperStatus(Supplier<InternalApi.Status> question, InstantSource clock) {
        this.question = question;
        this.clock = clock;
    }

    InternalApi.Status get() {
        Answer answer = last;
        if (answer == null || !isFresh(answer)) {
            answer = ask();
        }
        if (answer.status() != null) {
            return answer.status();
        }
        NightsafeException failure = Objects.requireNonNull(answer.failure());
        throw new NightsafeException(failure.code(), String.valueOf(failure.getMessage()), failure);
    }

    private Answer ask() {
        asking.lock();
        try {
            Answer answer = last;
            if (answer == null || !isFresh(answer)) {
                answer = fresh();
                last = answer;
            }
            return answer;
        } finally {
            asking.unlock();
        }
    }

    private boolean isFresh(Answer answer) {
        long age = clock.millis() - answer.answeredAt();
        return age >= 0 && age < (answer.failure() == null ? KEPT_MILLIS : FAILURE_KEPT_MILLIS);
    }

    private Answer fresh() {
        try {
            return new Answer(question.get(), null, clock.millis());
        } catch (NightsafeException e) {
            return new Answer(null, e, clock.millis());
        }
    }
}
