package dev.nightsafe.keeper.platform;

import dev.nightsafe.database.keeper.Runners;
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

    /** Finds out which runner calls. */
    @FunctionalInterface
    interface RunnerGate {
        /** Throws {@code UNAUTHENTICATED} unless this is the token of a runner that may call now. */
        Runners.Row require(@Nullable String accessToken);
    }
}
