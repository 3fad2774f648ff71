package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.Terminal;
import dev.nightsafe.core.secret.Masking;
import dev.nightsafe.core.secret.SecretBytes;

/** Tells the depositor, who alone can do something about it, of a secret that runners can't mask well. */
final class MaskingAdvice {
    private MaskingAdvice() {}

    /** Warns, where that is so; the value itself is never shown. */
    static void warn(Terminal terminal, String key, SecretBytes value) {
        switch (Masking.of(value)) {
            case FULLY -> {}
            case COMMON ->
                terminal.warn(
                        key + " looks like a word or a number: runners mask it in results and logs, in ordinary text"
                                + " too, and that shows what it is; a random value is better");
            case PLAIN ->
                terminal.warn(
                        key + " has fewer than " + Masking.SHORTEST_FULLY + " bytes that count: runners mask it in"
                                + " results and logs only as it is, not encoded; a longer value is better");
            case NEVER ->
                terminal.warn(key + " is too short, or a word that tasks and runners exchange: runners can't mask it in"
                        + " results and logs; use a longer value, or --no-secret if it is none");
        }
    }
}
