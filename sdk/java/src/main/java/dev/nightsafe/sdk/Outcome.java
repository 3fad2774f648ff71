package dev.nightsafe.sdk;

/** How a step went. */
public enum Outcome {
    PASSED,
    FAILED,
    SKIPPED
}
