package dev.nightsafe.keeper.enrolment;

import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.keeper.platform.Answering;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runners' access tokens: opaque, in memory, for five minutes. A revoked runner loses its tokens here at once, and whoever is
 * told or given anything is looked up first, in whichever process it was revoked. Thread-safe.
 */
public final class AccessTokens implements Answering.RunnerGate {
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final long LIFETIME_SECS = 300;

    private final EnrolledRunners runners;
    private final Assertions assertions;
    private final InstantSource clock;
    /** By the token's hash. */
    private final Map<String, Issued> tokens = new ConcurrentHashMap<>();

    private record Issued(String runnerId, long expiresAt) {}

    public AccessTokens(EnrolledRunners runners, Assertions assertions, InstantSource clock) {
        this.runners = runners;
        this.assertions = assertions;
        this.clock = clock;
    }

    /** Issues a token for an assertion. Throws {@code UNAUTHENTICATED}. */
    public KeeperApi.AccessToken issue(KeeperApi.TokenRequest request) {
        if (!JWT_BEARER.equals(request.grantType())) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'grantType' must be " + JWT_BEARER);
        }
        Runners.Row runner = assertions.require(request.assertion());
        String token = OpaqueToken.generate(OpaqueToken.ACCESS);
        tokens.put(OpaqueToken.hash(token), new Issued(runner.id(), clock.millis() + LIFETIME_SECS * 1000));
        return new KeeperApi.AccessToken(token, LIFETIME_SECS);
    }

    @Override
    public Answering.Caller require(@Nullable String accessToken) {
        Issued issued = accessToken == null ? null : tokens.get(OpaqueToken.hash(accessToken));
        if (issued == null || issued.expiresAt() <= clock.millis()) {
            throw refused();
        }
        String runner = issued.runnerId();
        return new Answering.Caller(runner, () -> runners.find(runner).orElseThrow(AccessTokens::refused));
    }

    /** Ends a runner's tokens. */
    public void forget(String runnerId) {
        tokens.values().removeIf(issued -> issued.runnerId().equals(runnerId));
    }

    /** Forgets what has expired. */
    public void forgetExpired() {
        long now = clock.millis();
        tokens.values().removeIf(issued -> issued.expiresAt() <= now);
    }

    private static NightsafeException refused() {
        return new NightsafeException(
                ProblemCode.UNAUTHENTICATED,
                "the access token is missing, unknown or expired; get a new one at /v1/token");
    }
}
