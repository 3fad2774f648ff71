package dev.nightsafe.keeper.enrolment;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.keeper.platform.Refusals;
import java.util.Optional;

/**
 * The runners that this keeper enrolled, for whoever says that they are one. A row that somebody else wrote or altered is
 * no runner, and that is audited. Thread-safe.
 */
public final class EnrolledRunners {
    static final String ALTERED = "its row was altered in the database, or added by somebody else than the keeper";

    private final Database database;
    private final Mac rows;
    private final Refusals refusals;

    /** @param rows under the key that only keepers have */
    public EnrolledRunners(Database database, Mac rows, Refusals refusals) {
        this.database = database;
        this.rows = rows;
        this.refusals = refusals;
    }

    /** Empty, too, when it was revoked. */
    Optional<Runners.Row> find(String id) {
        return database.read(handle -> Runners.find(handle, id))
                .filter(this::isGenuine)
                .filter(runner -> runner.revokedAt() == null);
    }

    private boolean isGenuine(Runners.Row runner) {
        if (runner.isAuthentic(rows)) {
            return true;
        }
        refusals.ofKnown(new Refusals.Refusal(
                runner.workspaceId(),
                "keeper",
                "runner.sign-in",
                "runner:" + runner.id(),
                ProblemCode.UNAUTHENTICATED,
                ALTERED));
        return false;
    }
}
