package dev.nightsafe.core.queue;

import dev.nightsafe.core.yaml.Spelling;
import java.util.List;

/** Every field of a queue file; the first of a part stands as its example. */
final class QueueFields {
    static final List<String> FILE = List.of("queues");
    static final List<String> QUEUE = List.of("deployment", "priority", "sub_queues", "input", "output", "schedule");
    static final List<String> SUB_QUEUE = List.of("name", "priority");
    static final List<String> DEPLOYMENT = List.of(
            "git_url",
            "branch",
            "code_path",
            "startup_cmd",
            "mode",
            "startup_timeout_secs",
            "redis_storage",
            "vaults",
            "secrets",
            "git_token",
            "results",
            "errors",
            "logs",
            "on_change",
            "signal",
            "versions",
            "limits");
    static final List<String> SECRET = List.of("from", "as", "env");
    static final List<String> LIMITS =
            List.of("max_retry", "ttl_completed", "ttl_archived", "pending_timeout", "active_timeout");
    static final List<String> SCHEDULE = List.of("cron", "zone", "payload", "missed", "name", "type", "sub_queue");
    static final List<String> FIELD = List.of("name", "type", "required", "default", "description");

    private QueueFields() {}

    /** What to write instead of a field that isn't known here: where it belongs, or what was probably meant. */
    static String hint(String path, String name, List<String> known) {
        if (!path.equals("deployment.") && DEPLOYMENT.contains(name)) {
            return "it belongs under 'deployment'";
        }
        if (!path.isEmpty() && QUEUE.contains(name)) {
            return "it belongs under the queue's name";
        }
        return Spelling.hint(name, known);
    }
}
