package dev.nightsafe.console.runners;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.http.ApiClient;
import dev.nightsafe.protocol.internal.InternalApi;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Runners live with the keeper; the console says for which workspace. Thread-safe. */
public final class Runners {
    private static final int DEFAULT_EXPIRY_SECS = 3600;
    private static final int MIN_EXPIRY_SECS = 60;
    private static final int MAX_EXPIRY_SECS = 7 * 24 * 3600;
    private static final int MAX_QUEUES = 1000;
    private static final String ALL = "*";
    private static final String PATH = "/internal/v1/runners";
    private static final TypeReference<ConsoleApi.Runner> RUNNER = new TypeReference<>() {};
    private static final TypeReference<ConsoleApi.Items<ConsoleApi.Runner>> RUNNERS = new TypeReference<>() {};

    private final Keeper keeper;

    public Runners(Keeper keeper) {
        this.keeper = keeper;
    }

    List<ConsoleApi.Runner> list(Scope scope) {
        return keeper.get(PATH + "?workspaceId=" + scope.workspaceId(), RUNNERS).items();
    }

    ConsoleApi.Runner show(Scope scope, String id) {
        return found(id, () -> keeper.get(path(id) + "?workspaceId=" + scope.workspaceId(), RUNNER));
    }

    ConsoleApi.Runner revoke(Scope scope, String id) {
        InternalApi.Asked revoke = new InternalApi.Asked(scope.workspaceId(), scope.actor());
        return found(id, () -> keeper.post(path(id) + "/revoke", revoke, RUNNER));
    }

    ConsoleApi.EnrolmentToken enrolmentToken(Scope scope, ConsoleApi.NewEnrolmentToken asked) {
        Names.requireName("site", asked.site());
        int expiry = Failures.requireWithin(
                "expiresInSecs", orDefault(asked.expiresInSecs()), MIN_EXPIRY_SECS, MAX_EXPIRY_SECS);
        return keeper.post(
                "/internal/v1/enrolment-tokens",
                new InternalApi.NewEnrolmentToken(
                        scope.workspaceId(), asked.site(), requireQueues(asked.queues()), expiry, scope.actor()),
                new TypeReference<>() {});
    }

    private static int orDefault(@Nullable Integer expiry) {
        return expiry == null ? DEFAULT_EXPIRY_SECS : expiry;
    }

    private static List<String> requireQueues(List<String> queues) {
        if (queues.isEmpty() || queues.size() > MAX_QUEUES) {
            throw Failures.badRequest("'queues' has 1 to " + MAX_QUEUES + " names, or '*' for all");
        }
        return queues.stream()
                .map(queue -> queue.equals(ALL) ? queue : Names.requireName("queue", queue))
                .distinct()
                .toList();
    }

    private static String path(String id) {
        return PATH + "/" + ApiClient.segment(Failures.requireId("runner", id));
    }

    /** One wording for what isn't there and what is another workspace's (I6), whatever the keeper's is. */
    private static ConsoleApi.Runner found(String id, Supplier<ConsoleApi.Runner> call) {
        try {
            return call.get();
        } catch (NightsafeException e) {
            throw e.code() == ProblemCode.NOT_FOUND ? Failures.notFound("runner", id) : e;
        }
    }
}
