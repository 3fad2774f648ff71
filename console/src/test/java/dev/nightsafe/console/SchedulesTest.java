package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.console.tasks.ScheduleTicker;
import dev.nightsafe.console.tasks.ScheduledTasks;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks that submit themselves; the time is the fixture's, which stands still until it is moved. */
class SchedulesTest extends ConsoleTest {
    private final String queue = base + "/queues/q";

    /** It would be faster now and then than a test that moves the time. */
    @BeforeEach
    void stopTicking() {
        ticker().stop();
    }

    @AfterEach
    void keeperIsThere() {
        ticker().start();
        console.keeper.refusal = null;
        console.call("DELETE", queue + "?force=true", console.first(), null);
    }

    @Test
    void a_task_is_submitted_at_its_time_in_the_name_of_the_queue() {
        ConsoleApi.Schedule schedule = apply("{\"cron\": \"0 * * * *\", \"payload\": {\"n\": 1}, \"type\": \"t\"}");
        assertThat(schedule.name()).isEqualTo("1");
        assertThat(schedule.zone()).isEqualTo("UTC");
        Instant first = hours(1);
        assertThat(schedule.nextAt()).isEqualTo(first.toString());
        assertThat(submitted()).isEmpty();
        console.clock.advance(Duration.between(console.clock.instant(), first));
        assertThat(submitted())
                .singleElement()
                .asString()
                .contains(
                        "\"actor\":\"schedule:q\"",
                        "\"payload\":{\"n\":1}",
                        "\"type\":\"t\"",
                        "\"unlessPaused\":true",
                        "\"idempotencyKey\":\"schedule/1/" + first + "\"");
        assertThat(next()).isEqualTo(first.plus(1, ChronoUnit.HOURS).toString());
        assertThat(submitted()).as("once").isEmpty();
    }

    @Test
    void what_a_keeper_that_was_away_for_a_moment_missed_is_made_up_for() {
        apply("{\"cron\": \"0 * * * *\"}");
        Instant first = hours(1);
        for (ProblemCode why : List.of(ProblemCode.OVERLOADED, ProblemCode.QUEUE_PAUSED)) {
            console.keeper.refusal = why;
            console.clock.advance(Duration.between(console.clock.instant(), first));
            assertThat(submitted()).hasSize(1);
            assertThat(next()).isEqualTo(first.toString());
        }
        console.keeper.refusal = null;
        assertThat(submitted()).singleElement().asString().contains(first.toString());
        assertThat(next()).isEqualTo(hours(1).toString());
    }

    @Test
    void what_no_console_was_there_for_is_skipped() {
        apply("{\"cron\": \"0 * * * *\"}");
        console.clock.advance(
                Duration.between(console.clock.instant(), hours(5)).plusMinutes(2));
        assertThat(submitted()).isEmpty();
        assertThat(next()).isEqualTo(hours(1).toString());
        console.clock.advance(Duration.between(console.clock.instant(), hours(1)));
        assertThat(submitted()).hasSize(1);
    }

    @Test
    void or_made_up_for_once() {
        apply("{\"cron\": \"0 * * * *\", \"missed\": \"once\"}");
        Instant first = hours(1);
        console.clock.advance(
                Duration.between(console.clock.instant(), hours(5)).plusMinutes(2));
        assertThat(submitted()).singleElement().asString().contains("/" + first);
        assertThat(submitted()).isEmpty();
        assertThat(next()).isEqualTo(hours(1).toString());
    }

    @Test
    void a_schedule_that_stays_as_it_is_keeps_its_time_and_one_that_is_taken_out_ends() {
        apply("{\"cron\": \"0 * * * *\", \"name\": \"hourly\"}");
        Instant first = hours(1);
        console.clock.advance(Duration.between(console.clock.instant(), first));
        assertThat(apply("{\"cron\": \"0 * * * *\", \"name\": \"hourly\", \"payload\": {\"new\": true}}")
                        .nextAt())
                .isEqualTo(first.toString());
        assertThat(submitted()).singleElement().asString().contains("\"new\":true");
        assertThat(apply("{\"cron\": \"30 4 * * *\", \"zone\": \"Asia/Kolkata\", \"name\": \"hourly\"}")
                        .nextAt())
                .endsWith("T23:00:00Z");
        console.call("PUT", queue, console.first(), QueuesTest.queue()).as(ConsoleApi.QueueApplied.class);
        console.clock.advance(Duration.ofDays(1));
        assertThat(submitted()).isEmpty();
    }

    @Test
    void what_would_fail_at_its_time_fails_when_the_queue_is_applied() {
        for (String wrong : List.of(
                "{\"cron\": \"0 3 1 * 1\"}",
                "{\"cron\": \"0 0 30 2 *\"}",
                "{\"cron\": \"soon\"}",
                "{\"cron\": \"0 3 * * *\", \"zone\": \"Nowhere\"}",
                "{\"cron\": \"0 3 * * *\", \"missed\": \"all\"}",
                "{\"cron\": \"0 3 * * *\", \"sub_queue\": \"other\"}",
                "{\"cron\": \"0 3 * * *\", \"payload\": {\"n\": \"text\"}}")) {
            assertThat(console.call("PUT", queue, console.first(), definition(wrong))
                            .is(ProblemCode.INVALID_QUEUE)
                            .detail())
                    .contains("schedule");
        }
        String twice = "{\"cron\": \"0 3 * * *\", \"name\": \"a\"}, {\"cron\": \"0 4 * * *\", \"name\": \"A\"}";
        console.call("PUT", queue, console.first(), definition(twice)).is(ProblemCode.INVALID_QUEUE);
    }

    private ConsoleApi.Schedule apply(String schedule) {
        return console.call("PUT", queue, console.first(), definition(schedule))
                .as(ConsoleApi.QueueApplied.class)
                .queue()
                .schedules()
                .getFirst();
    }

    private static String definition(String schedules) {
        return "{\"priority\": 1, \"schedule\": [" + schedules + "], \"input\": [{\"name\": \"n\", \"type\": \"int\"}],"
                + " \"deployment\": {\"git_url\": \"https://git.example/code.git\","
                + " \"startup_cmd\": \"python main.py\"}}";
    }

    private String next() {
        return String.valueOf(console.call("GET", queue, console.first(), null)
                .as(ConsoleApi.Queue.class)
                .schedules()
                .getFirst()
                .nextAt());
    }

    /** What reached the keeper by this look at the clock; other looks are the ticker's, which sees the same time. */
    private List<String> submitted() {
        console.console.context().getBean(ScheduledTasks.class).submitDue();
        List<String> requests = console.keeper.requests.stream()
                .filter(request -> request.startsWith("POST /internal/v1/tasks ") && request.contains("schedule:q"))
                .distinct()
                .toList();
        console.keeper.requests.clear();
        return requests;
    }

    private Instant hours(int count) {
        return console.clock.instant().truncatedTo(ChronoUnit.HOURS).plus(count, ChronoUnit.HOURS);
    }

    private ScheduleTicker ticker() {
        return console.console.context().getBean(ScheduleTicker.class);
    }
}
