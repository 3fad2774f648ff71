package dev.nightsafe.keeper.keys;

import dev.nightsafe.core.keys.Canary;
import dev.nightsafe.core.keys.MasterKeys;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.database.keeper.Keys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the master keys come from: a ring file, or the variable {@code NIGHTSAFE_MASTER_KEY}.
 *
 * @param ringFile null for none
 * @param variable the variable's value, null for none; the environment holds it as text in any case
 */
public record MasterKeySource(
        @Nullable Path ringFile, @Nullable String variable) {
    /** The variable. */
    public static final String VARIABLE = "NIGHTSAFE_MASTER_KEY";

    /** What reading gave. */
    sealed interface Read {
        /** The ring; whether it is the right one hasn't been checked yet. */
        record Ring(MasterKeys keys) implements Read {}

        /** No ring, and why. */
        record None(String reason) implements Read {}
    }

    /** {@code file}, {@code environment} or {@code none}. */
    String kind() {
        return ringFile != null ? "file" : variable != null ? "environment" : "none";
    }

    /** Reads the ring. The variable is the version whose canary it opens; version 1 when there are no canaries yet. */
    Read read(List<Keys.Canary> canaries) {
        if (ringFile != null && variable != null) {
            return new Read.None("both 'master-keys' and " + VARIABLE + " are set; unset one");
        }
        try {
            if (ringFile != null) {
                return new Read.Ring(MasterKeys.fromRingFile(ringFile));
            }
            return variable == null
                    ? new Read.None("no master key; set 'master-keys' to a key ring file, or " + VARIABLE)
                    : new Read.Ring(fromVariable(variable, canaries));
        } catch (NightsafeException e) {
            return new Read.None(String.valueOf(e.getMessage()));
        }
    }

    private static MasterKeys fromVariable(String value, List<Keys.Canary> canaries) {
        MasterKeys first = parse(value, 1);
        for (Keys.Canary canary : canaries) {
            MasterKeys candidate = parse(value, canary.masterVersion());
            if (Canary.opens(candidate, canary.masterVersion(), canary.encrypted())) {
                first.close();
                return candidate;
            }
            candidate.close();
        }
        return first;
    }

    private static MasterKeys parse(String value, int version) {
        try (SecretBytes base64 = SecretBytes.takeFrom(value.strip().getBytes(StandardCharsets.UTF_8))) {
            return MasterKeys.fromBase64(base64, version, VARIABLE);
        }
    }

    @Override
    public String toString() {
        return "MasterKeySource[" + kind() + "]";
    }
}
