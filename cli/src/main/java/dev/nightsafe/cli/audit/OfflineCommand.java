package dev.nightsafe.cli.audit;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Session;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.protocol.console.ConsoleApi.ChainVerification;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code nightsafe audit verify --file}. */
final class OfflineCommand {
    private final Session session;
    private final Path file;
    private final List<Path> heads;
    private final Map<String, Set<String>> keys;

    /**
     * @param heads runners' files
     * @param keys fingerprints that the caller vouches for, each as {@code console=} or {@code keeper=} and the fingerprint
     */
    OfflineCommand(Session session, Path file, List<Path> heads, List<String> keys) {
        this.session = session;
        this.file = file;
        this.heads = heads;
        this.keys = byPart(keys);
    }

    /** A key vouches for one part's chains: whoever has the console's must not be able to write the keeper's anew. */
    private static Map<String, Set<String>> byPart(List<String> keys) {
        Map<String, Set<String>> byPart = new HashMap<>();
        for (String key : keys) {
            int at = key.indexOf('=');
            String part = key.substring(0, Math.max(0, at));
            if (!AuditRange.PARTS.contains(part) || at == key.length() - 1) {
                throw CliException.usage(
                        "--key says whose it is: console=FINGERPRINT or keeper=FINGERPRINT",
                        "nightsafe help audit verify");
            }
            byPart.computeIfAbsent(part, _ -> new HashSet<>()).add(key.substring(at + 1));
        }
        return byPart;
    }

    /** The command's exit code. */
    int run(AuditRange range) {
        WitnessedHeads witnessed = new WitnessedHeads(keys);
        KnownHeads.of(session).forEach(witnessed::add);
        heads.forEach(witnessed::addRunners);
        List<OfflineVerification.Found> found = new OfflineVerification(new ExportFile(file), witnessed, range).run();
        List<ChainVerification> chains =
                found.stream().map(OfflineVerification.Found::chain).toList();
        session.output().show(chains, _ -> show(session.output(), found));
        return AuditCommand.exitCode(session.terminal(), chains);
    }

    private static void show(Output output, List<OfflineVerification.Found> found) {
        Table table = new Table("CHAIN", "EVENTS", "STATE", "HEADS COMPARED", "HEAD");
        found.forEach(each -> table.row(
                each.chain().chain(),
                each.chain().events(),
                each.chain().brokenAt() == null
                        ? "whole"
                        : "broken at " + each.chain().brokenAt(),
                each.heads(),
                each.chain().head()));
        output.table(table);
    }
}
