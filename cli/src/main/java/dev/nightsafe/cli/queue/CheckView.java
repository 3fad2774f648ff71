package dev.nightsafe.cli.queue;

import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;

/** What a queue's tasks need, as people read it. */
final class CheckView {
    private CheckView() {}

    static void show(Output output, ConsoleApi.QueueCheck check) {
        Table table = new Table("CHECK", "ANSWER", "DETAIL");
        check.items().forEach(item -> table.row(what(item), answer(item), item.detail() == null ? "-" : item.detail()));
        output.table(table);
        output.line("queue " + check.queue() + (check.ready() ? " is ready" : " is not ready"));
    }

    /** What isn't there, but for releases, which {@link QueueView#applied} has told of. */
    static void lacking(Output output, ConsoleApi.QueueCheck check) {
        List<ConsoleApi.CheckItem> lacking = check.items().stream()
                .filter(item -> !item.answer().equals("yes") && !item.check().equals("vault-released"))
                .toList();
        if (check.ready()) {
            output.line("queue " + check.queue() + " is ready");
        } else if (!lacking.isEmpty()) {
            output.line("queue " + check.queue() + " is not ready; nightsafe queue check " + check.queue()
                    + " looks again");
        }
        lacking.forEach(item -> output.line("  " + what(item) + ": " + answer(item)
                + (item.detail() == null ? "" : "; " + Text.oneLine(item.detail()))));
    }

    private static String answer(ConsoleApi.CheckItem item) {
        return item.answer().equals("not-tried") ? "not tried yet" : item.answer();
    }

    private static String what(ConsoleApi.CheckItem item) {
        String runner = item.runner() == null ? "" : "runner " + item.runner() + " (" + item.site() + ")";
        return switch (item.check()) {
            case "vaults-enabled" -> "vaults are enabled";
            case "vault-exists" -> "vault " + item.vault() + " exists";
            case "vault-released" -> "vault " + item.vault() + " is released to this deployment";
            case "vault-floor" -> "vault " + item.vault() + " gives its values in this way";
            case "secret-deposited" -> "secret " + item.vault() + "/" + item.key() + " is deposited";
            case "secret-unexpired" -> "secret " + item.vault() + "/" + item.key() + " is still good";
            case "runner-connected" -> runner.isEmpty() ? "a runner is connected" : runner + " is connected";
            case "runner-allows" -> runner + " allows it";
            case "workers-isolated" -> runner + " keeps workers apart";
            case "workers-started" -> runner + " started workers with the secrets as they are now";
            default -> item.check() + (runner.isEmpty() ? "" : " at " + runner);
        };
    }
}
