package dev.nightsafe.console.platform;

import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.database.console.ApiTokenRepository;
import dev.nightsafe.database.console.ApiTokenRow;
import dev.nightsafe.database.engine.Database;
import java.time.InstantSource;
import java.util.Optional;

/** Finds out whose a bearer token is. Thread-safe. */
final class ApiTokens {
    /** Either a caller or why not; never both. */
    sealed interface Result {}

    record Known(Caller caller) implements Result {}

    /** @param why for the caller, who has the token anyway */
    record Refused(String why) implements Result {}

    /** The row isn't what a console wrote: who can only write the database makes no tokens. */
    record Altered(String tokenId) implements Result {}

    private static final System.Logger LOG = System.getLogger(ApiTokens.class.getName());

    private final Database database;
    private final RowMac mac;
    private final LastUse lastUse;
    private final InstantSource clock;

    ApiTokens(Database database, RowMac mac, LastUse lastUse, InstantSource clock) {
        this.database = database;
        this.mac = mac;
        this.lastUse = lastUse;
        this.clock = clock;
    }

    Result find(String token) {
        if (!OpaqueToken.isWellFormed(OpaqueToken.API, token)) {
            return new Refused("this is not an API token, or it was copied incompletely");
        }
        Optional<ApiTokenRow> found =
                database.read(handle -> ApiTokenRepository.byHash(handle, OpaqueToken.hash(token)));
        return found.map(this::judge).orElseGet(() -> new Refused("this API token is unknown"));
    }

    private Result judge(ApiTokenRow row) {
        long now = clock.millis();
        if (!mac.isAuthentic(row)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "API token {0} is refused: its row is not what a console wrote",
                    row.id());
            return new Altered(row.id());
        }
        if (row.revokedAt() != null) {
            return new Refused("this API token was revoked");
        }
        if (!row.isValid(now)) {
            return new Refused("this API token has expired");
        }
        lastUse.mark(row, now);
        return new Known(Caller.of(row));
    }
}
