package dev.nightsafe.cli.machine;

import java.util.Locale;
import java.util.Set;

/** A process of this machine. */
enum Part {
    /** Hands out; the only one that gets the master key. */
    KEEPER,
    /** Takes in. */
    CONSOLE,
    /** Works. */
    RUNNER;

    private static final Set<String> FOR_COMMANDS =
            Set.of("NIGHTSAFE_TOKEN", "NIGHTSAFE_ROOT", "NIGHTSAFE_SERVER", "NIGHTSAFE_WORKSPACE");

    /** As in commands and file names. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this part's environment may have a variable: not the master key, nor what is another part's. */
    boolean mayHave(String variable) {
        if (variable.equals("NIGHTSAFE_MASTER_KEY")) {
            return this == KEEPER;
        }
        for (Part part : values()) {
            if (part != this && variable.startsWith(part.prefix())) {
                return false;
            }
        }
        return !FOR_COMMANDS.contains(variable);
    }

    /** How the variables with this part's settings start. */
    String prefix() {
        return "NIGHTSAFE_" + name() + "_";
    }
}
