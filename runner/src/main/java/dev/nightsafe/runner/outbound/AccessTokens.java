package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** This runner's access token: fetched when first needed, renewed when four fifths of its life are over. Thread-safe. */
final class AccessTokens {
    private final Assertions assertions;
    private final Function<String, KeeperApi.AccessToken> exchange;
    private @Nullable String token;
    private long renewAtNanos;

    AccessTokens(Assertions assertions, Function<String, KeeperApi.AccessToken> exchange) {
        this.assertions = assertions;
        this.exchange = exchange;
    }

    /** Throws {@link SignInRefused} when the keeper refuses this runner's key. */
    synchronized String current() {
        String known = token;
        if (known != null && System.nanoTime() - renewAtNanos < 0) {
            return known;
        }
        try {
            KeeperApi.AccessToken fetched = exchange.apply(assertions.next());
            renewAtNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(fetched.expiresInSecs()) / 5 * 4;
            token = fetched.accessToken();
            return fetched.accessToken();
        } catch (NightsafeException e) {
            if (e.code() == ProblemCode.UNAUTHENTICATED || e.code() == ProblemCode.FORBIDDEN) {
                throw new SignInRefused(e);
            }
            throw e;
        }
    }

    /** Forgets the token, so that the next call fetches another. */
    synchronized void renew() {
        token = null;
    }
}
