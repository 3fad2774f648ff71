package dev.nightsafe.keeper.enrolment;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.keeper.platform.Refusals;
import dev.nightsafe.keeper.platform.Seen;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the assertions by which runners sign in (RFC 7523, RFC 7519). The key is the enrolled one of the issuer that the
 * assertion names, never one that the assertion brings. Every refusal is the same answer. Thread-safe.
 */
public final class Assertions {
    private static final int MAX_LENGTH = 4096;
    private static final long LONGEST_MILLIS = 300_000;
    /** How far a runner's clock may be ahead. */
    private static final long AHEAD_MILLIS = 30_000;
    /** Nothing else: no key, no key's address, no certificate, no critical extension. */
    private static final Set<String> HEADER = Set.of("alg", "typ", "kid");

    private static final Set<String> CLAIMS = Set.of("iss", "sub", "aud", "exp", "iat", "jti");

    private final EnrolledRunners runners;
    private final Refusals refusals;
    private final String audience;
    private final Seen seen;
    private final InstantSource clock;
    private final long startedAt;

    /** @param rootFingerprint of this keeper: an assertion for another one is refused */
    public Assertions(
            EnrolledRunners runners, Refusals refusals, String rootFingerprint, Seen seen, InstantSource clock) {
        this.runners = runners;
        this.refusals = refusals;
        this.audience = "nightsafe-keeper:" + rootFingerprint;
        this.seen = seen;
        this.clock = clock;
        this.startedAt = clock.millis() / 1000 * 1000;
    }

    /** The runner that signed it, now and for the first time. Throws {@code UNAUTHENTICATED}. */
    public Runners.Row require(@Nullable String assertion) {
        if (assertion == null || assertion.length() > MAX_LENGTH) {
            throw refused();
        }
        try {
            SignedJWT jwt = SignedJWT.parse(assertion);
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            requireHeader(jwt.getHeader(), claims.getIssuer());
            Runners.Row runner = issuer(claims);
            if (!jwt.verify(new EnrolledKey(Ed25519.PublicKey.of(runner.publicKey())))) {
                throw refused(runner, "the assertion is not signed by the enrolled key");
            }
            requireClaims(runner, claims);
            return runner;
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            throw refused();
        }
    }

    private static void requireHeader(JWSHeader header, @Nullable String issuer) {
        boolean typed = header.getType() == null || JOSEObjectType.JWT.equals(header.getType());
        boolean keyed = header.getKeyID() == null || header.getKeyID().equals(issuer);
        if (!JWSAlgorithm.EdDSA.equals(header.getAlgorithm())
                || !typed
                || !keyed
                || !HEADER.containsAll(header.getIncludedParams())) {
            throw refused();
        }
    }

    private Runners.Row issuer(JWTClaimsSet claims) {
        String id = claims.getIssuer();
        if (id == null || !id.equals(claims.getSubject())) {
            throw refused();
        }
        return runners.find(id).orElseThrow(Assertions::refused);
    }

    /** Only after the signature: nobody else can use up a runner's {@code jti}. */
    private void requireClaims(Runners.Row runner, JWTClaimsSet claims) {
        String id = claims.getJWTID();
        if (id == null
                || id.length() < 16
                || id.length() > 128
                || !CLAIMS.equals(claims.getClaims().keySet())
                || !List.of(audience).equals(claims.getAudience())) {
            throw refused(runner, "the assertion is for another keeper, or has other claims than it should");
        }
        long issued = millis(claims.getIssueTime());
        long expires = millis(claims.getExpirationTime());
        long now = clock.millis();
        boolean inTime =
                issued <= now + AHEAD_MILLIS && expires > now && expires > issued && expires - issued <= LONGEST_MILLIS;
        if (!inTime) {
            throw refused(runner, "the assertion is not of this time; see the runner's clock");
        }
        if (issued < startedAt) {
            // Whether it was used before this process started isn't known.
            throw new NightsafeException(
                    ProblemCode.KEEPER_UNAVAILABLE,
                    "the keeper has just started and takes only assertions made after that; try again");
        }
        if (!seen.first(runner.id(), "assertion " + id, expires)) {
            throw refused(runner, "the assertion was used before");
        }
    }

    private static long millis(@Nullable Date claim) {
        if (claim == null) {
            throw refused();
        }
        return claim.toInstant().toEpochMilli();
    }

    /** One that names a runner which is enrolled: somebody may be trying to be it. */
    private NightsafeException refused(Runners.Row runner, String problem) {
        refusals.ofStranger(new Refusals.Refusal(
                runner.workspaceId(),
                "anonymous",
                "runner.sign-in",
                "runner:" + runner.id(),
                ProblemCode.UNAUTHENTICATED,
                problem));
        return refused();
    }

    private static NightsafeException refused() {
        return new NightsafeException(
                ProblemCode.UNAUTHENTICATED,
                "the assertion was refused; check that the runner is enrolled here and not revoked, and its clock");
    }
}
