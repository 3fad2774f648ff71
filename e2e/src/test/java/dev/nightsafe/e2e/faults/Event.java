package dev.nightsafe.e2e.faults;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A line of the history. Times are nanoseconds of the machine's monotone clock, the same in all its processes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Event.Deposit.class, name = "Deposit"),
    @JsonSubTypes.Type(value = Event.Submit.class, name = "Submit"),
    @JsonSubTypes.Type(value = Event.Cancel.class, name = "Cancel"),
    @JsonSubTypes.Type(value = Event.Switch.class, name = "Switch"),
    @JsonSubTypes.Type(value = Event.Observed.class, name = "Observed"),
    @JsonSubTypes.Type(value = Event.Started.class, name = "Started"),
    @JsonSubTypes.Type(value = Event.Stamp.class, name = "Stamp"),
    @JsonSubTypes.Type(value = Event.Fault.class, name = "Fault"),
    @JsonSubTypes.Type(value = Event.Paused.class, name = "Paused"),
    @JsonSubTypes.Type(value = Event.Ended.class, name = "Ended"),
    @JsonSubTypes.Type(value = Event.Strange.class, name = "Strange"),
    @JsonSubTypes.Type(value = Event.Stored.class, name = "Stored"),
    @JsonSubTypes.Type(value = Event.Counted.class, name = "Counted"),
    @JsonSubTypes.Type(value = Event.Verified.class, name = "Verified"),
    @JsonSubTypes.Type(value = Event.Searched.class, name = "Searched")
})
sealed interface Event {
    /** When it was over. */
    long at();

    /** What the client knows of an operation. */
    enum Outcome {
        /** It was acknowledged. */
        DONE,
        /** It was not done, and never will be. */
        REFUSED,
        /** It may have been done, or be done yet. */
        UNKNOWN
    }

    /** What a task was asked to come to. */
    enum Ending {
        SUCCEED,
        FAIL,
        /** Fails now and then, and asks for another attempt. */
        UNSTEADY
    }

    /** A writer deposited its next number under a key; each key has one writer, which does one thing at a time. */
    record Deposit(long begun, long at, String key, long number, long version, Outcome outcome) implements Event {}

    /** @param task the submitter's own name for it, its idempotency key */
    record Submit(
            long begun,
            long at,
            String task,
            Ending ending,
            @Nullable String id,
            Outcome outcome) implements Event {}

    /** @param state that was answered */
    record Cancel(
            long begun, long at, String task, @Nullable String state, Outcome outcome) implements Event {}

    /** A queue was paused or resumed. */
    record Switch(long begun, long at, String queue, boolean paused, Outcome outcome) implements Event {}

    /**
     * What a task's record said.
     *
     * @param execution that gave the result, null for none
     * @param numbers the deposits that it had, by key
     */
    record Observed(
            long at,
            String task,
            String state,
            @Nullable String execution,
            Map<String, Long> numbers,
            @Nullable String error)
            implements Event {
        boolean isEnd() {
            return state.equals("succeeded") || state.equals("failed") || state.equals("cancelled");
        }
    }

    /** A worker process began, with these deposits. */
    record Started(long at, long pid, Map<String, Long> numbers) implements Event {}

    /** A worker did something for a task. */
    record Stamp(long at, String task, String execution, long pid, Kind kind) implements Event {
        enum Kind {
            BEGIN,
            ACT,
            END
        }
    }

    /** A fault's beginning, or its end. */
    record Fault(long at, String name, boolean begins) implements Event {}

    /** These processes didn't run from {@code begun} to {@code at}: a runner and its workers. */
    record Paused(long begun, long at, List<Long> pids) implements Event {}

    /** A part ended although nobody ended it. */
    record Ended(long at, String part, long exitCode) implements Event {}

    /** An answer that no fault excuses. */
    record Strange(long at, String request, String answer) implements Event {}

    /** At the end: the version that the console has. */
    record Stored(long at, String key, long version) implements Event {}

    /** At the end: how many tasks the keeper has. */
    record Counted(long at, long tasks) implements Event {}

    /** At the end: what {@code audit verify} said. */
    record Verified(long at, boolean whole, String said) implements Event {}

    /** At the end: files that hold a value. */
    record Searched(long at, List<String> found) implements Event {}
}
