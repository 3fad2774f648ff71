package dev.nightsafe.console.queues;

import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the runners that are enrolled for a queue said of it. */
final class RunnerChecks {
    private final List<InternalApi.RunnerOfQueue> runners;
    private final boolean withoutSecrets;

    RunnerChecks(List<InternalApi.RunnerOfQueue> runners, boolean withoutSecrets) {
        this.runners = runners;
        this.withoutSecrets = withoutSecrets;
    }

    /** Whether any of them is there. */
    ConsoleApi.CheckItem connected() {
        if (runners.isEmpty()) {
            return item(
                    "runner-connected",
                    null,
                    "no",
                    "no runner is enrolled for it; nightsafe runner token makes what one enrols with");
        }
        boolean any = runners.stream().anyMatch(runner -> !isOffline(runner));
        String offline = runners.stream().map(InternalApi.RunnerOfQueue::runner).collect(Collectors.joining(", "));
        return item("runner-connected", null, any ? "yes" : "no", any ? null : "start one of: " + offline);
    }

    /** What one of them says; nothing while it is offline. */
    List<ConsoleApi.CheckItem> of(InternalApi.RunnerOfQueue runner) {
        if (isOffline(runner)) {
            return List.of(item("runner-connected", runner, "no", "it is offline"));
        }
        if (runner.state().equals("refused")) {
            return List.of(item("runner-allows", runner, "no", runner.detail()));
        }
        boolean isolated = !runner.isolation().equals("none");
        return List.of(
                item("runner-allows", runner, "yes", null),
                item(
                        "workers-isolated",
                        runner,
                        isolated ? "yes" : "no",
                        isolated ? runner.isolation() : "its runner.yaml says 'isolation: none'"),
                started(runner));
    }

    /**
     * Ready means that each worker opened what it was granted. Only what it was granted then: a deposit since has to wait
     * for the next start.
     */
    private ConsoleApi.CheckItem started(InternalApi.RunnerOfQueue runner) {
        return switch (runner.state()) {
            case "ready" ->
                runner.granted() || withoutSecrets
                        ? item("workers-started", runner, "yes", null)
                        : item(
                                "workers-started",
                                runner,
                                "not-tried",
                                "something was deposited since its workers started; they get it at their next start");
            case "starting" -> item("workers-started", runner, "not-tried", runner.detail());
            default -> item("workers-started", runner, "no", runner.detail());
        };
    }

    private static boolean isOffline(InternalApi.RunnerOfQueue runner) {
        return runner.state().equals("offline");
    }

    /** @param runner null for what is true of all together */
    private ConsoleApi.CheckItem item(
            String check, InternalApi.@Nullable RunnerOfQueue runner, String answer, @Nullable String detail) {
        return new ConsoleApi.CheckItem(
                check,
                null,
                null,
                runner == null ? null : runner.runner(),
                runner == null ? null : runner.site(),
                answer,
                detail);
    }
}
