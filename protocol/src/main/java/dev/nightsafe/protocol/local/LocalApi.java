package dev.nightsafe.protocol.local;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.nightsafe.protocol.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keeper's Unix socket {@code local.sock}, for the user that runs the keeper and for root. A connection is one
 * question: a line of JSON ({@link Request}), answered by a line of JSON ({@link Answer}) and, after a {@link Value},
 * exactly {@code length} raw bytes; after an {@link Export} as many answers with a value, one after the other. Then the keeper
 * closes it.
 */
public final class LocalApi {
    /** Opens one secret as it is now; audited before it is answered. Needs workspace, vault and key. */
    public static final String GET = "get";

    /** Opens all of a vault as it is now; audited before it is answered. Needs workspace and vault. */
    public static final String EXPORT = "export";

    /** Which master keys there are. */
    public static final String KEYS_STATUS = "keys-status";

    /** Reads the key ring file again and wraps every opening key under its highest version. */
    public static final String KEYS_ROTATE = "keys-rotate";

    private LocalApi() {}

    /** @param workspace its name */
    public record Request(
            String op,
            @Nullable String workspace,
            @Nullable String vault,
            @Nullable String key) {}

    /** Exactly one part is there. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Answer(
            @Nullable Problem problem,
            @Nullable Value value,
            @Nullable KeysStatus keys,
            @Nullable Export export) {}

    /** @param values how many follow */
    public record Export(int values) {}

    /**
     * What follows the line.
     *
     * @param secret false for a plain entry
     * @param length how many bytes follow
     */
    public record Value(String vault, String key, long version, boolean secret, int length) {}

    /**
     * The master keys.
     *
     * @param reason why vaults are disabled, empty when they are enabled
     * @param source {@code file}, {@code environment} or {@code none}
     * @param currentVersion what new opening keys are wrapped under, 0 when vaults are disabled
     * @param rewrapped how many opening keys {@code keys-rotate} wrapped anew, else 0
     */
    public record KeysStatus(
            boolean vaultsEnabled,
            String reason,
            String source,
            int currentVersion,
            List<MasterVersion> versions,
            int rewrapped,
            String rootFingerprint) {}

    /**
     * One version of the master key. One that isn't loaded and wraps nothing may be destroyed.
     *
     * @param loaded whether the keeper has the key
     * @param openingKeys how many opening keys it wraps
     */
    public record MasterVersion(int version, boolean loaded, long openingKeys) {}
}
