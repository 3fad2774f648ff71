package dev.nightsafe.console;

import dev.nightsafe.core.access.Route;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A well-formed path and body for each route, so that only what a test is about is wrong. */
final class Bodies {
    static final String MISSING_ID = new UUID(0, 0).toString();

    private Bodies() {}

    static String path(Route route, String workspace, String vault, String queue) {
        return fill(route, Map.of("workspace", workspace, "vault", vault, "queue", queue));
    }

    static String fill(Route route, Map<String, String> names) {
        String path = route.path();
        for (Map.Entry<String, String> name : names.entrySet()) {
            path = path.replace("{" + name.getKey() + "}", name.getValue());
        }
        return path.replace("{key}", "KEY").replace("{version}", "1").replaceAll("\\{[a-z]+}", MISSING_ID);
    }

    static @Nullable Object of(Route route) {
        if (route.method().equals("GET") || route.method().equals("DELETE")) {
            return null;
        }
        String path = route.path();
        String last = path.substring(path.lastIndexOf('/') + 1);
        return switch (last) {
            case "workspaces" -> new ConsoleApi.NewWorkspace("made");
            case "vaults" -> new ConsoleApi.NewVault("made", null, null, null, null);
            case "keeping" -> new ConsoleApi.Keeping(10, 0);
            case "floor" -> new ConsoleApi.NewFloor("env");
            case "{key}" -> deposit();
            case "release-rules" -> new ConsoleApi.NewReleaseRule("q", "0".repeat(64), null, null);
            case "{queue}" -> QueuesTest.queue();
            case "tasks" -> task();
            case "task-batches" -> new ConsoleApi.NewTasks(List.of(task()));
            case "enrolment-tokens" -> new ConsoleApi.NewEnrolmentToken("site", List.of("*"), null);
            case "tokens" -> new ConsoleApi.NewToken("made", null, List.of("token.manage"), null);
            case "cancel", "retry", "revoke", "pause", "resume", "restart", "restore", "rekey" -> null;
            default -> throw new IllegalStateException("no body for " + route);
        };
    }

    private static ConsoleApi.NewTask task() {
        return new ConsoleApi.NewTask(null, null, Json.MAPPER.createObjectNode(), null);
    }

    /** Well-formed, sealed to nobody. */
    static ConsoleApi.Deposit deposit() {
        String box = java.util.Base64.getEncoder().encodeToString(new byte[1120 + 64 + 16]);
        return new ConsoleApi.Deposit("hpke-xwing-sha256-aes256gcm", "0".repeat(64), 1, box, true, null, null, null);
    }
}
