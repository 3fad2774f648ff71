package dev.nightsafe.runner.workers;

/** A worker didn't start or has ended. The message is for the queue's state and for the task that it had. */
final class WorkerFailure extends Exception {
    WorkerFailure(String message) {
        super(message);
    }
}
