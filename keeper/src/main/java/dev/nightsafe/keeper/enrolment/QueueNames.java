package dev.nightsafe.keeper.enrolment;

import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The queues that a runner is enrolled for, as they are stored: a JSON array of names, or of {@code *} for all. */
public final class QueueNames {
    private static final String ALL = "*";
    private static final int MOST = 1000;

    private QueueNames() {}

    /** Throws {@link ProblemCode#BAD_REQUEST} or {@link ProblemCode#INVALID_NAME}. */
    static String store(@Nullable List<String> queues) {
        if (queues == null || queues.isEmpty() || queues.size() > MOST) {
            throw new NightsafeException(
                    ProblemCode.BAD_REQUEST, "name 1 to " + MOST + " queues, or * for all of the workspace");
        }
        for (String queue : queues) {
            if (!ALL.equals(queue)) {
                Names.requireName("queue", queue);
            }
        }
        return new String(Json.write(queues), StandardCharsets.UTF_8);
    }

    public static List<String> read(String stored) {
        return List.of(Json.read(stored.getBytes(StandardCharsets.UTF_8), String[].class));
    }

    /** True when a runner that is enrolled for these may serve a queue of this name. */
    public static boolean include(List<String> queues, String name) {
        return queues.contains(ALL) || queues.contains(name);
    }
}
