package dev.nightsafe.cli.signin;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Session;
import dev.nightsafe.cli.platform.Terminal;
import org.jspecify.annotations.Nullable;

/** Decides which root to pin. What the console says about its keeper's root proves nothing by itself. */
final class RootPin {
    private final Terminal terminal;

    RootPin(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * @param given the fingerprint that the user has, or null
     * @param shown the one that the console shows, or null while it doesn't reach its keeper
     */
    String decide(@Nullable String given, @Nullable String shown) {
        if (given != null && (shown == null || given.equals(shown))) {
            return given;
        }
        if (given != null) {
            throw new CliException(
                    ExitCode.NOT_ALLOWED,
                    "the console shows the root " + shown + ", not " + given + "; not signed in",
                    "ask whoever runs the keeper; someone may stand in between");
        }
        if (shown == null) {
            throw new CliException(
                    ExitCode.UNAVAILABLE,
                    "the console doesn't reach its keeper, so it can't show the root to pin",
                    "try again later, or give the fingerprint with --root");
        }
        return confirmed(Session.fingerprint(shown));
    }

    private String confirmed(String shown) {
        if (!terminal.keyboard().isPresent()) {
            throw CliException.usage(
                    "which root? The console shows " + shown,
                    "compare it with what the keeper shows when it starts, then give it with --root");
        }
        terminal.say("The console shows this root: " + shown);
        terminal.say("Compare it with what the keeper shows when it starts (also in its root.fingerprint).");
        String answer = terminal.keyboard().readLine("Is it the same? [y/N] ");
        if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
            throw CliException.failed("not signed in", "get the right fingerprint and give it with --root");
        }
        return shown;
    }
}
