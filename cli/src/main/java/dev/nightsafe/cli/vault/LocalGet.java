package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.keys.LocalKeeper;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.Session;
import dev.nightsafe.core.secret.SecretBytes;

/** Reads a value through the keeper's local socket and writes its bytes as they are. */
final class LocalGet {
    private final Session session;

    LocalGet(Session session) {
        this.session = session;
    }

    void run(String vault, String key, boolean yes) {
        if (!yes) {
            confirm(vault + "/" + key);
        }
        try (SecretBytes value = new LocalKeeper(session.home()).get(session.workspace(), vault, key)) {
            value.exposing(bytes -> {
                session.terminal().out().write(bytes, 0, bytes.length);
                session.terminal().out().flush();
                return bytes.length;
            });
        }
    }

    private void confirm(String what) {
        if (!session.terminal().keyboard().isPresent()) {
            throw CliException.usage("reading a value back needs --yes where nobody can be asked", "it is recorded");
        }
        String answer =
                session.terminal().keyboard().readLine("Write the value of " + what + " to standard output? [y/N] ");
        if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
            throw CliException.failed("nothing was read", null);
        }
    }
}
