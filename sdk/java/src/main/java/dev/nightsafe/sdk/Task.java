package dev.nightsafe.sdk;

/**
 * The task in hand: what it is, and what it tells people besides its result. Long texts are cut; what is too much for a
 * report ({@code spec/task-protocol.md} has the limits) is dropped and counted. The report goes out with the result or the
 * error; what is said after the task's end goes nowhere. Thread-safe.
 */
public final class Task {
    private final String id;
    private final String type;
    private final String queue;
    private final int retryCount;
    private final int maxRetry;
    private final Throttle progress;
    private final Report report = new Report();

    Task(String id, String type, String queue, int retryCount, int maxRetry, Throttle progress) {
        this.id = id;
        this.type = type;
        this.queue = queue;
        this.retryCount = retryCount;
        this.maxRetry = maxRetry;
        this.progress = progress;
    }

    public String id() {
        return id;
    }

    /** {@code ""} for a task without a type. */
    public String type() {
        return type;
    }

    /** With its sub-queue: {@code mail.default}. */
    public String queue() {
        return queue;
    }

    /** How many attempts there were before this one. */
    public int retryCount() {
        return retryCount;
    }

    /** How many there may be after the first. */
    public int maxRetry() {
        return maxRetry;
    }

    /** Says how far the task is; shown at once. Call it as often as you like: at most ten a second go out, the newest. */
    public void progress(String text) {
        progress.offer(Texts.cut(text, Texts.PROGRESS));
    }

    /** Says what came out, in a sentence or a paragraph; the last one counts. */
    public void summary(String text) {
        report.summary(text);
    }

    /** Adds something that is wrong. */
    public void issue(Issue issue) {
        report.issue(issue);
    }

    /** Adds something that was done, or wasn't. */
    public void step(String name, Outcome outcome) {
        report.step(name, outcome, null);
    }

    /** Adds something that was done, or wasn't, and why. */
    public void step(String name, Outcome outcome, String note) {
        report.step(name, outcome, note);
    }

    /** Adds a fact for the record; numbers and the like are written out. */
    public void entry(String name, Object value) {
        report.entry(name, String.valueOf(value));
    }

    /** Adds a text for the record, which may have several lines. */
    public void entry(String lines) {
        report.entry(lines);
    }

    /** Adds what a person should do next. */
    public void nextStep(String text) {
        report.nextStep(text);
    }

    /** Says how the command or procedure that the task ran ended; the last one counts. */
    public void exitCode(int code) {
        report.exitCode(code);
    }

    Throttle progress() {
        return progress;
    }

    Report report() {
        return report;
    }
}
