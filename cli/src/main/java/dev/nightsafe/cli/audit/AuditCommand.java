package dev.nightsafe.cli.audit;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.CommandGroup;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Query;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.cli.platform.Terminal;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.core.audit.SeenHead;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nightsafe audit}. */
@Command(
        name = "audit",
        addMethodSubcommands = false,
        header = "What was done, by whom, and whether the record is whole.",
        description = """
            %nConsole and keeper each keep a chain of events, signed and hashed one onto the other. A value is released \
            only after the event that says so is on disk.""",
        footer = """
            %nExamples:
              nightsafe audit tail
              nightsafe audit tail -f
              nightsafe audit verify
              nightsafe audit export --file audit.jsonl""")
public final class AuditCommand extends CommandGroup {

    @Command(
            name = "tail",
            header = "Show the newest events of the workspace, the newest last.",
            description = "%nIds and hashes are cut to eight digits; -o json has them whole.",
            footer = "%nExample:%n  nightsafe audit tail -n 20 --chain keeper")
    void tail(
            @Option(
                            names = {"-n", "--lines"},
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "How many, up to 1000 (${DEFAULT-VALUE}).")
                    int lines,
            @Option(
                            names = {"-f", "--follow"},
                            description = "Go on showing what is added.")
                    boolean follow,
            @Option(names = "--chain", paramLabel = "PART", description = "Only console's or keeper's.") @Nullable
                    String chain) {
        String query = new Query().add("chain", chain).add("limit", lines).toString();
        List<ConsoleApi.AuditEvent> events = session().console().list(ConsoleApi.AuditEvent.class, query, "audit");
        if (follow) {
            new AuditFollow(session(), chain).run(events);
        } else {
            output().list(events, "no events yet", all -> AuditView.list(output(), all));
        }
    }

    @Command(
            name = "export",
            header = "Write the events of both chains whole, as JSON lines.",
            description = """
                %nEach line is an event with its hash and, where it has one, its signature; the last line of a chain \
                names its end. With --from, each chain begins with the last event before, and with --to it ends with the first \
                that was signed then or later, if there is one yet: that shows that nothing is missing between. 'audit verify --file' checks it anywhere, without a server. A chain holds every workspace's events, so \
                this takes a token for every workspace.""",
            footer = """
                %nExamples:
                  nightsafe audit export --file audit-2026-11-22.jsonl
                  nightsafe audit export --chain keeper --from 2026-11-01 --to 2026-12-01 > november.jsonl""")
    void export(
            @Mixin AuditRange range,
            @Option(names = "--file", paramLabel = "FILE", description = "A new file instead of standard output.")
                    @Nullable
                    Path file) {
        long events = new AuditExport(session(), range).run(file);
        terminal().say(Text.count(events, "event", "events") + " written" + (file == null ? "" : " to " + file));
    }

    @Command(
            name = "verify",
            header = "Check each chain from its first event to its head.",
            description = """
                %nFinds events that were altered, removed, added or moved. Exit code 1 when one was.

                Remembers the heads of what is whole in $NIGHTSAFE_HOME/cli/audit-heads.json; from then on it also finds a \
                chain whose end was cut off or whose history was written anew. So verify now and then, from a machine \
                whose files those of console and keeper can't change, and keep that file.

                With --file an export is verified, and nothing is asked of anybody: links, hashes, signatures, what the \
                two chains say of each other, and the heads that runners kept (--heads, 'runner heads' prints them). Whose \
                signatures they must be is known from those files, from earlier verifications of this installation, or given \
                with --key. Give --chain, --from and --to as they were given to 'audit export': without them both chains must \
                be there from their first event on.""",
            footer = """
                %nExamples:
                  nightsafe audit verify
                  nightsafe audit verify --file audit.jsonl --heads frankfurt-heads.jsonl
                  nightsafe audit verify --file november.jsonl --from 2026-11-01 --to 2026-12-01""")
    int verify(
            @Option(names = "--file", paramLabel = "EXPORT", description = "What 'audit export' wrote.") @Nullable
                    Path file,
            @Option(
                            names = "--heads",
                            paramLabel = "FILE",
                            arity = "1",
                            description = "Heads that a runner kept; may be repeated.")
                    @Nullable
                    List<Path> heads,
            @Option(
                            names = "--key",
                            paramLabel = "PART=FINGERPRINT",
                            description = "An audit key that you vouch for, console's or keeper's; may be repeated.")
                    @Nullable
                    List<String> keys,
            @Mixin AuditRange range) {
        if (file != null) {
            return new OfflineCommand(
                            session(), file, heads == null ? List.of() : heads, keys == null ? List.of() : keys)
                    .run(range);
        }
        if (heads != null || keys != null || !range.isEverything()) {
            throw CliException.usage(
                    "--heads, --key, --chain, --from and --to go with --file", "nightsafe help audit verify");
        }
        return verifyOnline();
    }

    private int verifyOnline() {
        KnownHeads known = KnownHeads.of(session());
        String seen = known.seen().isEmpty() ? null : SeenHead.text(known.seen());
        String query = new Query().add("seen", seen).toString();
        List<ConsoleApi.ChainVerification> chains = known.held(
                session().console().list(ConsoleApi.ChainVerification.class, query, "audit", "verification"));
        output().show(chains, all -> show(output(), all, known));
        known.remember(chains);
        return exitCode(terminal(), chains);
    }

    /** Says what is broken. */
    static int exitCode(Terminal terminal, List<ConsoleApi.ChainVerification> chains) {
        List<ConsoleApi.ChainVerification> broken =
                chains.stream().filter(chain -> chain.brokenAt() != null).toList();
        broken.forEach(chain -> terminal.say(terminal.style().bad("error:") + " "
                + Text.oneLine("chain " + chain.chain() + " is broken at event " + chain.brokenAt() + ": "
                        + chain.problem())));
        return broken.isEmpty() ? ExitCode.OK.code() : ExitCode.FAILED.code();
    }

    private static void show(Output output, List<ConsoleApi.ChainVerification> chains, KnownHeads known) {
        Table table = new Table("CHAIN", "EVENTS", "STATE", "SEEN BEFORE", "HEAD");
        chains.forEach(chain -> table.row(
                chain.chain(),
                chain.events(),
                chain.brokenAt() == null ? "whole" : "broken at " + chain.brokenAt(),
                known.headOf(chain.chain()) == null ? "-" : "event " + known.headOf(chain.chain()),
                chain.head()));
        output.table(table);
    }
}
