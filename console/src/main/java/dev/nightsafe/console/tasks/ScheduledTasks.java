package dev.nightsafe.console.tasks;

import dev.nightsafe.console.schedules.CronTimes;
import dev.nightsafe.console.schedules.Schedules;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.QueueDefinition;
import dev.nightsafe.database.console.QueueRepository;
import dev.nightsafe.database.console.QueueRow;
import dev.nightsafe.database.console.ScheduleRepository;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Submits the tasks of schedules when their time has come. The task's idempotency key is the time, so several consoles, or
 * one that was killed in between, make one task of it. Thread-safe.
 */
public final class ScheduledTasks {
    private static final System.Logger LOG = System.getLogger(ScheduledTasks.class.getName());

    /** A time that is longer ago was missed: no console was there, the keeper was away, or the queue was paused. */
    private static final Duration PUNCTUAL = Duration.ofMinutes(1);

    private static final int MOST_AT_ONCE = 1000;

    /** Those that another try can change; everything else would be said again and again. */
    private static final Set<ProblemCode> PASSING = EnumSet.of(
            ProblemCode.KEEPER_UNAVAILABLE,
            ProblemCode.DATABASE_UNAVAILABLE,
            ProblemCode.OUTCOME_UNKNOWN,
            ProblemCode.OVERLOADED,
            ProblemCode.QUEUE_PAUSED);

    private final Database database;
    private final Committer committer;
    private final Tasks tasks;
    private final InstantSource clock;
    private final ReentrantLock submitting = new ReentrantLock();

    public ScheduledTasks(Database database, Committer committer, Tasks tasks, InstantSource clock) {
        this.database = database;
        this.committer = committer;
        this.tasks = tasks;
        this.clock = clock;
    }

    /** Submits what is due; one that can't be submitted now is tried again at the next call. To be called about once a second. */
    public void submitDue() {
        submitting.lock();
        try {
            submit(clock.instant());
        } finally {
            submitting.unlock();
        }
    }

    private void submit(Instant now) {
        List<ScheduleRepository.Due> due =
                database.read(handle -> ScheduleRepository.due(handle, now.toEpochMilli(), MOST_AT_ONCE));
        for (ScheduleRepository.Due one : due) {
            try {
                submit(one, now);
            } catch (NightsafeException e) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "schedule {0} of queue {1} waits: {2}",
                        one.name(),
                        one.queueId(),
                        e.code().code());
            }
        }
    }

    private void submit(ScheduleRepository.Due due, Instant now) {
        Optional<QueueRow> queue =
                database.read(handle -> QueueRepository.byId(handle, due.workspaceId(), due.queueId()));
        Optional<QueueDefinition.Schedule> schedule = queue.flatMap(row -> tasks.definition(row).schedules().stream()
                .filter(one -> one.name().equals(due.name()))
                .findFirst());
        if (schedule.isEmpty()) {
            return; // it was taken out of the queue, or the queue was deleted, in this moment
        }
        CronTimes times = Schedules.times(schedule.get());
        Instant time = Instant.ofEpochMilli(due.nextAt());
        boolean missed = time.isBefore(now.minus(PUNCTUAL));
        if (missed && schedule.get().missed() == QueueDefinition.Schedule.Missed.SKIP) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "schedule {0} of queue {1} missed {2}, which is skipped",
                    due.name(),
                    queue.get().name(),
                    time);
            advance(due, times.after(now.minus(PUNCTUAL)));
        } else {
            submit(queue.get(), schedule.get(), time);
            advance(due, times.after(missed ? now : time));
        }
    }

    private void submit(QueueRow queue, QueueDefinition.Schedule schedule, Instant time) {
        ConsoleApi.NewTask task = new ConsoleApi.NewTask(
                schedule.type(),
                schedule.subQueue(),
                Json.MAPPER.valueToTree(schedule.payload()),
                "schedule/" + schedule.name() + "/" + time);
        try {
            tasks.submitBySchedule(queue, task);
        } catch (NightsafeException e) {
            if (PASSING.contains(e.code())) {
                throw e;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "schedule {0} of queue {1} makes no task for {2}: {3}",
                    schedule.name(),
                    queue.name(),
                    time,
                    e.code().code());
        }
    }

    private void advance(ScheduleRepository.Due due, Optional<Instant> next) {
        committer.commit(transaction -> {
            ScheduleRepository.advance(transaction.handle(), due, Schedules.millis(next));
            return due;
        });
    }
}
