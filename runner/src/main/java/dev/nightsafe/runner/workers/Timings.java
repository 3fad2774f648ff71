package dev.nightsafe.runner.workers;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long things take and wait. {@link #DEFAULT} in operation; tests have shorter ones.
 *
 * @param poll how long the keeper may hold a long poll
 * @param retry first pause after the keeper couldn't be reached; doubles up to ten times as long
 * @param backoffFirst pause before a crashed worker's first restart; doubles
 * @param backoffLongest the longest such pause
 * @param consent pause before a grant that was refused is asked for again
 * @param stable a worker that was ready for so long is no longer counted as failing
 * @param drain how long a task may still run when the runner stops
 * @param grace how long a worker has after its input was closed, and again after SIGTERM
 * @param heartbeat how often a task is reported, null for a third of its lease
 * @param progress the shortest time between two reports of progress
 */
public record Timings(
        Duration poll,
        Duration retry,
        Duration backoffFirst,
        Duration backoffLongest,
        Duration consent,
        Duration stable,
        Duration drain,
        Duration grace,
        @Nullable Duration heartbeat,
        Duration progress) {

    public static final Timings DEFAULT = new Timings(
            Duration.ofSeconds(20),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(3),
            null,
            Duration.ofSeconds(1));

    public Timings withHeartbeat(@Nullable Duration heartbeat) {
        return new Timings(
                poll, retry, backoffFirst, backoffLongest, consent, stable, drain, grace, heartbeat, progress);
    }
}
