package dev.nightsafe.keeper.enrolment;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.keeper.EnrolmentTokens;
import dev.nightsafe.keeper.platform.Refusals;
import org.jspecify.annotations.Nullable;

/** An enrolment that is refused: the runner always gets the same answer, the audit gets the reason. */
final class RefusedEnrolment extends NightsafeException {
    private final @Nullable String workspaceId;
    private final String token;
    private final String why;

    /** @param token null when it isn't known */
    RefusedEnrolment(EnrolmentTokens.@Nullable Row token, String why) {
        super(
                ProblemCode.UNAUTHENTICATED,
                "this enrolment token is not good: unknown, used, expired, or of another keeper; make a new one");
        this.workspaceId = token == null ? null : token.workspaceId();
        this.token = token == null ? "?" : token.id();
        this.why = why;
    }

    /** @param name that the runner gave itself */
    Refusals.Refusal refusal(String name) {
        return new Refusals.Refusal(
                workspaceId,
                "anonymous",
                "runner.enrol",
                "enrolment-token:" + token,
                code(),
                why + "; the runner called itself '" + name + "'");
    }
}
