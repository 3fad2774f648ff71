package dev.nightsafe.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.e2e.faults.Event.Ending;
import dev.nightsafe.e2e.faults.Event.Outcome;
import dev.nightsafe.e2e.faults.Event.Stamp.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Histories made by hand, each with one thing that must not be, which the checker has to see. */
class CheckerTest {
    private static final long SECOND = 1_000_000_000L;

    /** Two tasks, one tried twice, a fault, a deposit before and one after. */
    private final List<Event> history = new ArrayList<>(List.of(
            deposit(1, 1, 1, Outcome.DONE),
            submit(2, "a", "id-a", Outcome.DONE),
            stamp(3, "a", "1/1", 1, Kind.BEGIN),
            stamp(4, "a", "1/1", 1, Kind.END),
            observed(5, "a", "succeeded", "1/1", 1),
            submit(6, "b-fresh", null, Outcome.UNKNOWN),
            new Event.Fault(7, "KILLED_WORKER", true),
            new Event.Fault(8, "KILLED_WORKER", false),
            submit(9, "b-fresh", "id-b", Outcome.DONE),
            stamp(10, "b-fresh", "2/1", 2, Kind.BEGIN),
            stamp(11, "b-fresh", "2/1", 2, Kind.ACT),
            stamp(12, "b-fresh", "3/1", 3, Kind.BEGIN),
            stamp(13, "b-fresh", "3/1", 3, Kind.END),
            observed(14, "b-fresh", "succeeded", "3/1", 1),
            deposit(15, 2, 2, Outcome.REFUSED),
            deposit(16, 3, 2, Outcome.DONE),
            observed(17, "a", "succeeded", "1/1", 1),
            new Event.Stored(18, "KEY", 2),
            new Event.Counted(19, 2),
            new Event.Verified(20, true, ""),
            new Event.Searched(21, List.of())));

    @Test
    void a_good_history_is_good() {
        assertThat(violations()).isEmpty();
    }

    @Test
    void a_line_of_the_history_is_read_as_it_was_written() {
        for (Event event : history) {
            byte[] line = History.line(event);
            assertThat(dev.nightsafe.protocol.json.Json.read(line, Event.class))
                    .as(new String(line, StandardCharsets.UTF_8))
                    .isEqualTo(event);
        }
    }

    @Test
    void a_task_that_was_accepted_and_does_not_end_is_seen() {
        remove(event -> event instanceof Event.Observed seen && seen.task().equals("a"));
        refused("task a was acknowledged as id-a and didn't end");
    }

    @Test
    void a_task_that_is_never_accepted_is_seen() {
        remove(event -> event instanceof Event.Submit submit && submit.outcome() == Outcome.DONE && submit.at() > 8);
        refused("task b-fresh was never accepted");
    }

    @Test
    void a_task_that_was_made_twice_is_seen() {
        history.add(submit(22, "a", "id-other", Outcome.DONE));
        refused("task a was accepted twice");
    }

    @Test
    void a_task_too_many_or_too_few_is_seen() {
        replace(new Event.Counted(19, 3));
        refused("2 tasks were submitted, 3 are there");
    }

    @Test
    void a_second_result_is_seen() {
        history.add(stamp(17, "a", "9/1", 9, Kind.BEGIN));
        history.add(stamp(17, "a", "9/1", 9, Kind.END));
        history.add(observed(18, "a", "succeeded", "9/1", 1));
        refused("task a has two ends");
    }

    @Test
    void a_task_that_ended_otherwise_than_it_was_asked_to_is_seen() {
        remove(event -> event instanceof Event.Observed seen && seen.task().equals("a"));
        history.add(observed(17, "a", "failed", null, 0));
        refused("task a should have succeeded");
    }

    @Test
    void a_cancellation_that_was_acknowledged_and_lost_is_seen() {
        history.add(new Event.Cancel(3, 4, "a", "running", Outcome.DONE));
        refused("task a was cancelled (then running) and is succeeded");
    }

    @Test
    void a_cancellation_that_came_too_late_is_none() {
        history.add(new Event.Cancel(17, 18, "a", "succeeded", Outcome.DONE));
        assertThat(violations()).isEmpty();
    }

    @Test
    void a_result_of_a_worker_that_never_came_to_its_end_is_seen() {
        remove(event -> event instanceof Event.Stamp stamp && stamp.at() == 13);
        refused("task b-fresh has a result of 3/1, which never came to its end");
    }

    @Test
    void a_worker_that_acts_after_another_began_is_seen() {
        history.add(stamp(13, "b-fresh", "2/1", 2, Kind.ACT));
        refused("execution 2/1 of task b-fresh acted");
    }

    @Test
    void a_worker_whose_machine_stood_still_may_be_late_but_not_for_long() {
        history.add(new Event.Paused(10, 13, List.of(2L)));
        history.add(stamp(13, "b-fresh", "2/1", 2, Kind.ACT));
        assertThat(violations()).isEmpty();
        history.add(stamp(13 + 6 * SECOND, "b-fresh", "2/1", 2, Kind.ACT));
        refused("execution 2/1 of task b-fresh acted");
    }

    @Test
    void a_worker_that_stood_still_excuses_no_other() {
        history.add(new Event.Paused(10, 13, List.of(7L)));
        history.add(stamp(13, "b-fresh", "2/1", 2, Kind.ACT));
        refused("execution 2/1 of task b-fresh acted");
    }

    @Test
    void a_deposit_that_is_lost_is_seen() {
        replace(new Event.Stored(18, "KEY", 1));
        refused("KEY is at version 1, 2 was acknowledged");
    }

    @Test
    void a_version_that_was_given_twice_is_seen() {
        history.add(deposit(18, 4, 2, Outcome.DONE));
        refused("became version 2 after 2 was acknowledged");
    }

    @Test
    void a_later_worker_with_an_older_value_is_seen() {
        history.add(submit(22, "c-fresh", "id-c", Outcome.DONE));
        history.add(stamp(23, "c-fresh", "4/1", 4, Kind.BEGIN));
        history.add(stamp(24, "c-fresh", "4/1", 4, Kind.END));
        history.add(observed(25, "c-fresh", "succeeded", "4/1", 1));
        replace(new Event.Counted(19, 3));
        refused("task c-fresh had 1 of KEY, 3 was acknowledged before it was submitted");
    }

    @Test
    void a_worker_with_a_value_that_was_refused_is_seen() {
        history.add(new Event.Started(18, 9, Map.of("KEY", 2L)));
        refused("a worker has deposit 2 of KEY, which was refused");
    }

    @Test
    void a_part_that_ends_by_itself_is_seen() {
        history.add(new Event.Ended(12, "keeper", 1));
        refused("the keeper ended by itself, with exit code 1");
    }

    @Test
    void an_answer_that_no_fault_excuses_is_seen() {
        history.add(new Event.Strange(12, "GET /tasks/1", "500 {}"));
        refused("GET /tasks/1 was answered 500");
    }

    @Test
    void a_chain_that_is_not_whole_is_seen() {
        replace(new Event.Verified(20, false, "keeper/1 is broken at 7"));
        refused("keeper/1 is broken at 7");
    }

    @Test
    void a_value_in_a_file_is_seen() {
        replace(new Event.Searched(21, List.of("/logs/keeper.log")));
        refused("a value is in [/logs/keeper.log]");
    }

    @Test
    void parts_that_take_too_long_to_find_each_other_are_seen() {
        history.add(submit(22, "late", "id-late", Outcome.DONE));
        history.add(stamp(23, "late", "5/1", 5, Kind.BEGIN));
        history.add(stamp(24, "late", "5/1", 5, Kind.END));
        history.add(observed(200 * SECOND, "late", "succeeded", "5/1", 3));
        replace(new Event.Counted(19, 3));
        refused("the last task ended 199 s after the last fault");
    }

    @Test
    void a_history_that_breaks_off_is_seen() {
        remove(event -> event instanceof Event.Searched || event instanceof Event.Counted);
        refused("the history has no Searched", "the history has no Counted");
    }

    @Test
    void the_same_seed_gives_the_same_faults_and_each_kind_comes() {
        for (EngineUnderTest engine : EngineUnderTest.values()) {
            List<Schedule.Step> steps = steps(17, engine);
            assertThat(steps).isEqualTo(steps(17, engine)).isNotEqualTo(steps(18, engine));
            assertThat(steps.stream().flatMap(step -> step.kinds().stream()).distinct())
                    .hasSize((int) java.util.Arrays.stream(FaultKind.values())
                            .filter(kind -> kind.isOn(engine))
                            .count());
        }
    }

    private static List<Schedule.Step> steps(long seed, EngineUnderTest engine) {
        Schedule schedule = new Schedule(seed, engine);
        return java.util.stream.Stream.generate(schedule::next).limit(20).toList();
    }

    private List<String> violations() {
        return Checker.violations(
                history.stream().sorted(Comparator.comparingLong(Event::at)).toList());
    }

    private void refused(String... why) {
        List<String> violations = violations();
        assertThat(violations).hasSize(why.length);
        for (String each : why) {
            assertThat(violations).anyMatch(violation -> violation.contains(each));
        }
    }

    private void remove(Predicate<Event> which) {
        history.removeIf(which);
    }

    private void replace(Event event) {
        history.replaceAll(other -> other.getClass().equals(event.getClass()) ? event : other);
    }

    private static Event.Deposit deposit(long at, long number, long version, Outcome outcome) {
        return new Event.Deposit(at, at, "KEY", number, version, outcome);
    }

    private static Event.Submit submit(long at, String task, @Nullable String id, Outcome outcome) {
        return new Event.Submit(at, at, task, Ending.SUCCEED, id, outcome);
    }

    private static Event.Stamp stamp(long at, String task, String execution, long pid, Kind kind) {
        return new Event.Stamp(at, task, execution, pid, kind);
    }

    private static Event.Observed observed(
            long at, String task, String state, @Nullable String execution, long number) {
        Map<String, Long> numbers = number == 0 ? Map.of() : Map.of("KEY", number);
        return new Event.Observed(at, task, state, execution, numbers, null);
    }
}
