package dev.nightsafe.keeper.tasks;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
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

    /** Of each part, as JSON or UTF-8. */
    private static final int MOST_BYTES = 2 << 20;

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

        /** Throws {@code BAD_REQUEST} for what is nested too deep, {@code BODY_TOO_LARGE}. */
        byte @Nullable [] json(String column, @Nullable JsonNode content) {
            if (content == null) {
                return null;
            }
            if (!Json.isWithin(content, Json.MAX_FOREIGN_DEPTH)) {
                throw new NightsafeException(
                        ProblemCode.BAD_REQUEST, "the " + part(column) + " is not within limits: " + Json.OVER_LIMIT);
            }
            return encrypt(column, Json.write(content));
        }

        /** Throws {@code BODY_TOO_LARGE}. */
        byte @Nullable [] text(String column, @Nullable String content) {
            return content == null ? null : encrypt(column, content.getBytes(StandardCharsets.UTF_8));
        }

        private byte[] encrypt(String column, byte[] content) {
            if (content.length > MOST_BYTES) {
                throw new NightsafeException(
                        ProblemCode.BODY_TOO_LARGE,
                        "a task's " + part(column) + " has at most 2 MiB; store it elsewhere and pass on where it is");
            }
            return keys.encrypt(workspaceId, column, taskId, content);
        }

        private static String part(String column) {
            return column.substring("task.".length());
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
