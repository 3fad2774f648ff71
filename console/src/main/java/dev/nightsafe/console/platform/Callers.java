package dev.nightsafe.console.platform;

/** For answers that take long: whether who asked may still have the rest. Thread-safe. */
public interface Callers {
    /** True while the caller's token is what it was when the request came, and good. */
    boolean isStill(Caller caller);
}
