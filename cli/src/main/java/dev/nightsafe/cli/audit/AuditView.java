package dev.nightsafe.cli.audit;

import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Audit events as people see them. */
public final class AuditView {
    private static final int LONG_DETAIL = 24;
    private static final Pattern HASH = Pattern.compile("\\b([0-9a-f]{8})[0-9a-f]{32,}\\b");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{4}([0-9a-f]{8})");

    private AuditView() {}

    public static void list(Output output, List<ConsoleApi.AuditEvent> events) {
        Table table = new Table("AT", "CHAIN", "SEQ", "ACTOR", "ACTION", "OBJECT", "OUTCOME", "DETAILS");
        events.forEach(event -> table.row(
                Text.time(event.at()),
                event.chain(),
                event.seq(),
                shortened(event.actor()),
                event.action(),
                shortened(event.object()),
                event.outcome(),
                shortened(details(event.details()))));
        output.table(table);
    }

    /** One event on one line. */
    static String line(ConsoleApi.AuditEvent event) {
        return Text.oneLine(String.join(
                        "  ",
                        Text.time(event.at()),
                        event.chain() + "#" + event.seq(),
                        shortened(event.actor()),
                        event.action(),
                        shortened(event.object()),
                        event.outcome(),
                        details(event.details())))
                .stripTrailing();
    }

    /** What was done, without place in the chain, long details cut. */
    public static String brief(ConsoleApi.AuditEvent event) {
        return Text.oneLine(String.join(
                        "  ",
                        Text.time(event.at()),
                        String.format("%-10s", event.chain()),
                        String.format("%-15s", event.action()),
                        event.outcome(),
                        shortened(event.object()),
                        details(shortened(event.details()))))
                .stripTrailing();
    }

    /** Ids as {@code ~} and their last eight digits, hashes as their first: enough for people to tell them apart. */
    private static String shortened(String text) {
        return HASH.matcher(ID.matcher(text).replaceAll("~$1")).replaceAll("$1...");
    }

    private static Map<String, String> shortened(Map<String, String> details) {
        Map<String, String> shortened = new TreeMap<>(details);
        shortened.replaceAll(
                (name, value) -> value.length() > LONG_DETAIL ? value.substring(0, LONG_DETAIL) + "..." : value);
        return shortened;
    }

    private static String details(Map<String, String> details) {
        return new TreeMap<>(details)
                .entrySet().stream()
                        .map(detail -> detail.getKey() + "=" + detail.getValue())
                        .collect(Collectors.joining(" "));
    }
}
