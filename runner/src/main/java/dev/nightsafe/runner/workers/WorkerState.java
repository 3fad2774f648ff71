package dev.nightsafe.runner.workers;

/** How a worker is, from best to worst. */
public enum WorkerState {
    READY("ready"),
    STARTING("starting"),
    DEGRADED("degraded");

    private final String id;

    WorkerState(String id) {
        this.id = id;
    }

    /** As in the keeper's API. */
    public String id() {
        return id;
    }
}
