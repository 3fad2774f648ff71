package dev.nightsafe.runner.outbound;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.nightsafe.core.signing.Ed25519;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.UUID;

/**
 * Signed assertions (RFC 7523) by which a runner gets its access tokens: issuer and subject are the runner, the audience
 * is one keeper's root, so that an assertion for one keeper is worth nothing at another.
 */
final class Assertions {
    private static final Duration LIFETIME = Duration.ofMinutes(2);

    private final String runnerId;
    private final String audience;
    private final Ed25519.Signer key;

    Assertions(String runnerId, String rootFingerprint, Ed25519.Signer key) {
        this.runnerId = runnerId;
        this.audience = "nightsafe-keeper:" + rootFingerprint;
        this.key = key;
    }

    /** A new assertion, good for one use within two minutes. */
    String next() {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(runnerId)
                .subject(runnerId)
                .audience(audience)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .jwtID(UUID.randomUUID().toString())
                .build();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.EdDSA)
                .type(JOSEObjectType.JWT)
                .keyID(runnerId)
                .build();
        SignedJWT jwt = new SignedJWT(header, claims);
        try {
            jwt.sign(new KeySigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("an assertion can't be signed", e);
        }
        return jwt.serialize();
    }

    /** The library's own Ed25519 signer needs another library; ours is at hand. */
    private record KeySigner(Ed25519.Signer key) implements JWSSigner {
        @Override
        public Base64URL sign(JWSHeader header, byte[] signingInput) {
            return Base64URL.encode(key.sign(signingInput));
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(JWSAlgorithm.EdDSA);
        }

        @Override
        public JCAContext getJCAContext() {
            return new JCAContext();
        }
    }
}
