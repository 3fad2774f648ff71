package dev.nightsafe.keeper.tasks;

import dev.nightsafe.keeper.keys.DataKeys;
import dev.nightsafe.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a task carries, as it rests: encrypted under its workspace's key, bound to its task and column. Thread-safe. */
final class TaskContent {
    static final String PAYLOAD = "task.payload";
    static final String PROGRESS = "task.progress";
    static final String RESULT = "task.result";
    static final String ERROR = "task.error";
    static final String REPORT = "task.report";

    private final DataKeys keys;

    TaskContent(DataKeys keys) {
        this.keys = keys;
    }

    /** The parts of one task. */
    Of of(String workspaceId, String taskId) {
        return new Of(workspaceId, taskId);
    }

    /** One task's content. Reading throws {@code SECRET_UNREADABLE} when its key was destroyed. */
    final class Of {
        private final String workspaceId;
        private final String taskId;

        private Of(String workspaceId, String taskId) {
            this.workspaceId = workspaceId;
            this.taskId = taskId;
        }

        byte @Nullable [] json(String column, @Nullable JsonNode content) {
            return content == null ? null : keys.encrypt(workspaceId, column, taskId, Json.write(content));
        }

        byte @Nullable [] text(String column, @Nullable String content) {
            return content == null
                    ? null
                    : keys.encrypt(workspaceId, column, taskId, content.getBytes(StandardCharsets.UTF_8));
        }

        @Nullable
        JsonNode json(String column, byte @Nullable [] encrypted) {
            return encrypted == null ? null : Json.readTree(keys.decrypt(workspaceId, column, taskId, encrypted));
        }

        @Nullable
        String text(String column, byte @Nullable [] encrypted) {
            return encrypted == null
                    ? null
                    : new String(keys.decrypt(workspaceId, column, taskId, encrypted), StandardCharsets.UTF_8);
        }
    }
}
