package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.Progress;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.cli.platform.WaitOptions;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nightsafe vault rekey}. */
@Command(
        name = "rekey",
        header = "Give a vault a new lock, for an opening key that may have leaked.",
        description = """
            %nThe keeper makes a new lock and seals every value anew under it, older ones too, in the background; deposits and \
            grants go on. When nothing is under the old lock any more, its opening key is destroyed. Asked again while it is \
            under way, it tells how far it is.
            %nWhoever had the old key and the boxes has the values: replace those where they come from, too. Boxes and keys in \
            backups stay what they were.""",
        footer = "%nExamples:%n  nightsafe vault rekey api-keys%n  nightsafe vault rekey api-keys --wait")
final class VaultRekeyCommand extends CliCommand implements Runnable {
    private static final Duration AGAIN = Duration.ofMillis(300);

    @Parameters(paramLabel = "VAULT", description = "The vault's name.")
    private String vault = "";

    @Mixin
    private WaitOptions waiting = new WaitOptions();

    @Override
    public void run() {
        ConsoleApi.Rekey begun = session().console().post(ConsoleApi.Rekey.class, "vaults", vault, "rekey");
        ConsoleApi.Rekey now = waiting.isWanted() ? await(begun) : begun;
        output().show(now, shown -> output().done("vault " + vault + ": " + told(shown)));
    }

    private ConsoleApi.Rekey await(ConsoleApi.Rekey begun) {
        long end = System.nanoTime() + waiting.timeout().toNanos();
        ConsoleApi.Rekey now = begun;
        try (Progress progress = new Progress(terminal())) {
            while (!now.state().equals("done")) {
                progress.show(told(now));
                requireEnds(now);
                if (System.nanoTime() > end) {
                    throw CliException.failed(
                            "the rekey isn't done after " + waiting.timeout().toSeconds() + " s; " + told(now),
                            "it goes on: nightsafe vault show " + vault);
                }
                LockSupport.parkNanos(AGAIN.toNanos());
                now = session().console().get(ConsoleApi.Rekey.class, "vaults", vault, "rekey");
            }
        }
        return now;
    }

    private static void requireEnds(ConsoleApi.Rekey now) {
        if (now.state().equals("stuck")) {
            throw CliException.failed(
                    "the rekey doesn't end: " + now.problem(),
                    "it goes on by itself when what can't be opened was deposited again, forgotten (vault forget) or unset");
        }
        if (now.state().equals("altered")) {
            throw CliException.failed(
                    "the rekey doesn't end: " + now.problem(), "tell whoever runs the console; ask for it again");
        }
    }

    /** How far a rekey is, in one line. */
    static String told(ConsoleApi.Rekey rekey) {
        return switch (rekey.state()) {
            case "done" ->
                "a new lock since " + Text.time(rekey.startedAt()) + "; "
                        + Text.count(rekey.total(), "value", "values")
                        + " sealed anew, older opening keys destroyed";
            case "starting" -> "a new lock is being made" + why(rekey);
            case "altered" -> "none is under way: " + rekey.problem();
            default ->
                rekey.done() + " of " + Text.count(rekey.total(), "value", "values") + " sealed anew" + why(rekey);
        };
    }

    private static String why(ConsoleApi.Rekey rekey) {
        return rekey.problem() == null ? "" : "; it waits: " + rekey.problem();
    }
}
