package dev.nightsafe.runner.workers;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One task between runner and worker.
 *
 * @param taskId as the worker's lines have it once they are redacted
 * @param reply completed with the task's end, and never otherwise
 * @param progress told of each progress
 * @param log gets what the worker prints meanwhile
 */
record Conversation(
        String taskId, CompletableFuture<WorkerMessage.Reply> reply, Consumer<String> progress, TaskLog log) {

    void hear(WorkerMessage message) {
        switch (message) {
            case WorkerMessage.Progress(String id, String text) when id.equals(taskId) -> progress.accept(text);
            case WorkerMessage.Broken(String why) -> fail(why);
            default -> {
                // Progress of another task, or nothing of a task's.
            }
        }
    }

    void fail(String why) {
        reply.complete(
                new WorkerMessage.Reply(taskId, dev.nightsafe.protocol.json.Json.MAPPER.nullNode(), why, false, null));
    }
}
