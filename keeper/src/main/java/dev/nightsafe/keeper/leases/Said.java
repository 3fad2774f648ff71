package dev.nightsafe.keeper.leases;

import dev.nightsafe.core.audit.SeenHead;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.keeper.audit.AuditHeads;
import dev.nightsafe.keeper.enrolment.Isolation;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a runner says of itself when it polls.
 *
 * @param held its leases by their id
 * @param heads of audit chains that it keeps
 * @param auditProblem why a chain isn't the one that it saw; null for nothing
 */
record Said(
        String isolation,
        Map<String, KeeperApi.HeldLease> held,
        List<SeenHead> heads,
        @Nullable String auditProblem) {
    private static final int LONGEST_PROBLEM = 500;

    /** Throws {@link ProblemCode#BAD_REQUEST}. */
    static Said of(KeeperApi.ServingRequest request) {
        String problem = request.auditProblem();
        return new Said(
                Isolation.require(request.isolation()),
                HeldLeases.checked(request.held()),
                AuditHeads.kept(request.heads()),
                problem == null ? null : Encoded.text("auditProblem", problem, LONGEST_PROBLEM));
    }
}
