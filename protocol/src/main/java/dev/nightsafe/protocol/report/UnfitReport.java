package dev.nightsafe.protocol.report;

/** A report that isn't what {@code spec/task-protocol.md} says. Its message names the place, never what stands there. */
public final class UnfitReport extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnfitReport(String message) {
        super(message);
    }
}
