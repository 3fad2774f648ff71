package dev.nightsafe.database.keeper;

import dev.nightsafe.core.signing.Mac;

/** A row that gives somebody access, with the keeper's HMAC: who can only write the database can't make one. */
public interface AuthenticatedRow {
    /** What the MAC covers: all that decides. */
    byte[] authenticated();

    byte[] mac();

    /** True when a keeper wrote exactly this. */
    default boolean isAuthentic(Mac keeper) {
        try {
            return keeper.verifies(authenticated(), mac());
        } catch (NullPointerException | IllegalArgumentException e) {
            // A null, or a text that can't be authenticated, in a row that no keeper wrote (I7).
            return false;
        }
    }
}
