package dev.nightsafe.cli.audit;

import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Audit events as people see them. */
public final class AuditView {
    private AuditView() {}

    public static void list(Output output, List<ConsoleApi.AuditEvent> events) {
        Table table = new Table("AT", "CHAIN", "SEQ", "ACTOR", "ACTION", "OBJECT", "OUTCOME", "DETAILS");
        events.forEach(event -> table.row(
                Text.time(event.at()),
                event.chain(),
                event.seq(),
                event.actor(),
                event.action(),
                event.object(),
                event.outcome(),
                details(event.details())));
        output.table(table);
    }

    /** One event on one line. */
    static String line(ConsoleApi.AuditEvent event) {
        return Text.oneLine(String.join(
                        "  ",
                        Text.time(event.at()),
                        event.chain() + "#" + event.seq(),
                        event.actor(),
                        event.action(),
                        event.object(),
                        event.outcome(),
                        details(event.details())))
                .stripTrailing();
    }

    /** Who did what, without place in the chain. */
    public static String brief(ConsoleApi.AuditEvent event) {
        return Text.oneLine(String.join(
                        "  ",
                        Text.time(event.at()),
                        String.format("%-10s", event.chain()),
                        String.format("%-18s", event.action()),
                        event.outcome(),
                        details(event.details())))
                .stripTrailing();
    }

    private static String details(Map<String, String> details) {
        return new TreeMap<>(details)
                .entrySet().stream()
                        .map(detail -> detail.getKey() + "=" + detail.getValue())
                        .collect(Collectors.joining(" "));
    }
}
