package dev.nightsafe.keeper.enrolment;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import dev.nightsafe.core.signing.Ed25519;
import java.util.Set;

/** Verifies with one enrolled key and nothing else. (The library's own Ed25519 would bring Tink.) */
final class EnrolledKey implements JWSVerifier {
    private final Ed25519.PublicKey key;
    private final JCAContext context = new JCAContext();

    EnrolledKey(Ed25519.PublicKey key) {
        this.key = key;
    }

    @Override
    public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature) {
        return key.verifies(signingInput, signature.decode());
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
        return Set.of(JWSAlgorithm.EdDSA);
    }

    @Override
    public JCAContext getJCAContext() {
        return context;
    }
}
