package dev.nightsafe.keeper.enrolment;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a runner says that it keeps its workers apart. */
public final class Isolation {
    private static final Set<String> KINDS = Set.of("none", "user", "namespace", "pod");

    private Isolation() {}

    /** Throws {@link ProblemCode#BAD_REQUEST} for an unknown kind. */
    public static String require(@Nullable String isolation) {
        if (isolation == null || !KINDS.contains(isolation)) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'isolation' must be none, user, namespace or pod");
        }
        return isolation;
    }
}
