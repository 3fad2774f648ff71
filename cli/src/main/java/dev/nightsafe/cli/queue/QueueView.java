package dev.nightsafe.cli.queue;

import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Queues as people see them. */
final class QueueView {
    private QueueView() {}

    static void applied(Output output, ConsoleApi.QueueApplied applied) {
        String name = applied.queue().name();
        String what = applied.created() ? "created" : applied.changed() ? "changed" : "unchanged";
        output.done("queue " + name + " " + what);
        for (String vault : applied.released()) {
            output.done("vault " + vault + " is released to it as it stands now");
        }
        for (String vault : applied.notReleased()) {
            output.terminal()
                    .warn("vault " + Text.oneLine(vault) + " is not released to queue " + name
                            + " (" + Text.oneLine(code(applied.queue()))
                            + ")" + why(applied, vault)
                            + "; its tasks wait until someone with vault.release runs: nightsafe vault allow "
                            + Text.oneLine(vault) + " --queue " + name
                            + (applied.pinned().contains(vault) ? " --commit ID" : ""));
        }
    }

    static void list(Output output, List<ConsoleApi.Queue> queues) {
        Table table = new Table("NAME", "VAULTS", "RELEASED", "REPOSITORY", "REVISION", "UPDATED");
        queues.forEach(queue -> table.row(
                queue.name(),
                queue.vaults().isEmpty() ? "-" : String.join(", ", queue.vaults()),
                released(queue),
                deployment(queue).getOrDefault("git_url", "-"),
                queue.revision(),
                Text.time(queue.updatedAt())));
        output.table(table);
    }

    static void show(Output output, ConsoleApi.Queue queue) {
        output.field("Queue", queue.name());
        output.field("Vaults", queue.vaults().isEmpty() ? "none" : String.join(", ", queue.vaults()));
        output.field("Released", released(queue));
        output.field("Revision", queue.revision());
        output.field("Deployment", queue.deploymentDigest());
        output.field("Updated", Text.time(queue.updatedAt()));
        schedules(output, queue.schedules());
        output.heading("Definition");
        Dump yaml = new Dump(DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setIndicatorIndent(2)
                .setIndentWithIndicator(true)
                .setWidth(1000)
                .build());
        output.lines(yaml.dumpToString(Map.of(queue.name(), queue.definition())));
    }

    /** When it makes tasks by itself, if it does. */
    static void schedules(Output output, List<ConsoleApi.Schedule> schedules) {
        if (schedules.isEmpty()) {
            return;
        }
        Table table = new Table("SCHEDULE", "CRON", "ZONE", "NEXT");
        schedules.forEach(schedule -> table.row(
                schedule.name(),
                schedule.cron(),
                schedule.zone(),
                schedule.nextAt() == null ? "never" : Text.time(schedule.nextAt())));
        output.heading("Schedules (" + schedules.size() + ")");
        output.table(table);
    }

    static void activity(Output output, ConsoleApi.QueueActivity activity) {
        output.field("Queue", activity.queue());
        output.field(
                "Paused",
                activity.pausedAt() == null
                        ? "no"
                        : "since " + Text.time(activity.pausedAt()) + " by " + activity.pausedBy());
        Table tasks =
                new Table("SUB-QUEUE", "PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED", "OLDEST PENDING");
        activity.subQueues()
                .forEach(lane -> tasks.row(
                        lane.name(),
                        lane.pending(),
                        lane.running(),
                        lane.succeeded(),
                        lane.failed(),
                        lane.cancelled(),
                        lane.oldestPendingAt() == null ? "-" : Text.time(lane.oldestPendingAt())));
        output.heading("Tasks (" + activity.subQueues().size() + ")");
        output.table(tasks);
        Table runners = new Table("RUNNER", "SITE", "STATE", "DETAIL");
        activity.serving()
                .forEach(serving -> runners.row(
                        serving.runner(),
                        serving.site(),
                        serving.state() + (serving.restarting() ? ", restarting" : ""),
                        serving.detail() == null ? "-" : serving.detail()));
        output.heading("Served by (" + activity.serving().size() + ")");
        output.table(runners);
    }

    private static String why(ConsoleApi.QueueApplied applied, String vault) {
        return applied.pinned().contains(vault) ? ", because it was released at certain commits only" : "";
    }

    /** What runs there. */
    private static String code(ConsoleApi.Queue queue) {
        Deployment deployment = Deployment.fromMap(queue.deployment());
        return deployment.gitUrl() + ", branch " + deployment.branch()
                + (deployment.codePath().isEmpty() ? "" : ", code path " + deployment.codePath())
                + ", command: " + deployment.startupCmd();
    }

    private static String released(ConsoleApi.Queue queue) {
        return queue.notReleased().isEmpty() ? "yes" : "not " + String.join(", ", queue.notReleased());
    }

    private static Map<?, ?> deploymentMap(Object deployment) {
        return deployment instanceof Map<?, ?> map ? map : Map.of();
    }

    private static Map<String, Object> deployment(ConsoleApi.Queue queue) {
        Map<String, Object> text = new java.util.HashMap<>();
        deploymentMap(queue.definition().getOrDefault("deployment", Map.of()))
                .forEach((name, value) -> text.put(String.valueOf(name), String.valueOf(value)));
        return text;
    }
}
