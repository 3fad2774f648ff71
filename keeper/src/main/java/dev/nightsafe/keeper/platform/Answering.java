package dev.nightsafe.keeper.platform;

import dev.nightsafe.database.keeper.Runners;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What answers a route: an object that becomes the JSON body, or null for no content. */
public sealed interface Answering {
    /** For a caller that the listener or the body identifies. */
    @FunctionalInterface
    non-sealed interface Anyone extends Answering {
        @Nullable
        Object answer(Call call);
    }

    /** For a runner with a valid access token. */
    @FunctionalInterface
    non-sealed interface ForRunner extends Answering {
        @Nullable
        Object answer(Call call, Runners.Row runner);
    }

    /** For a caller that may be told at once that there is nothing; who tells more, or does something, looks it up first. */
    @FunctionalInterface
    non-sealed interface ForCaller extends Answering {
        @Nullable
        Object answer(Call call, Caller caller);
    }

    /**
     * Who shows a token that this keeper issued, didn't take back, and that hasn't expired. Another keeper may have revoked
     * the runner meanwhile.
     *
     * @param runner looks it up; throws {@code UNAUTHENTICATED} unless it may call now
     */
    record Caller(String runnerId, Supplier<Runners.Row> runner) {}

    /** Finds out which runner calls. */
    @FunctionalInterface
    interface RunnerGate {
        /** Throws {@code UNAUTHENTICATED} unless this is a token that is good. */
        Caller require(@Nullable String accessToken);
    }
}
