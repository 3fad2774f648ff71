package dev.nightsafe.core.yaml;

/** A document that can't be read any further: over a budget, or no YAML. */
final class StopReading extends RuntimeException {
    private final transient Position at;

    StopReading(Position at, String what) {
        super(what);
        this.at = at;
    }

    Position at() {
        return at;
    }

    String what() {
        return String.valueOf(getMessage());
    }
}
