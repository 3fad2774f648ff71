package dev.nightsafe.runner.workers;

import dev.nightsafe.runner.outbound.Redactor;
import dev.nightsafe.runner.process.Lines;
import java.nio.charset.StandardCharsets;

/**
 * What a launcher says before it fails, the beginning of it. It runs as its worker's user, who may make it say a value: so it is
 * redacted before anything else is done with it, shortening included. For one thread.
 */
final class LastWords implements Lines.Taker {
    private static final int LONGEST = 200;

    private final Redactor redactor;
    private final StringBuilder said = new StringBuilder();

    LastWords(Redactor redactor) {
        this.redactor = redactor;
    }

    @Override
    public void take(byte[] buffer, int from, int to, Lines.Ending ending) {
        if (ending != Lines.Ending.TOO_LONG && said.length() < LONGEST) {
            byte[] redacted = redactor.redact(buffer, from, to);
            said.append(new String(
                    redacted, 0, Math.min(redacted.length, LONGEST - said.length()), StandardCharsets.UTF_8));
        }
    }

    @Override
    public String toString() {
        return said.toString();
    }
}
