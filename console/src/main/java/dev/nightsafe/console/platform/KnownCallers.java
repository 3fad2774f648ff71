package dev.nightsafe.console.platform;

import dev.nightsafe.database.console.ApiTokenRepository;
import dev.nightsafe.database.engine.Database;
import java.time.InstantSource;

/** By the rows of API tokens. Thread-safe. */
public final class KnownCallers implements Callers {
    private final Database database;
    private final RowMac mac;
    private final InstantSource clock;

    public KnownCallers(Database database, RowMac mac, InstantSource clock) {
        this.database = database;
        this.mac = mac;
        this.clock = clock;
    }

    @Override
    public boolean isStill(Caller caller) {
        return database.read(handle -> ApiTokenRepository.byId(handle, caller.tokenId()))
                .filter(row -> mac.isAuthentic(row)
                        && row.isValid(clock.millis())
                        && Caller.of(row).equals(caller))
                .isPresent();
    }
}
