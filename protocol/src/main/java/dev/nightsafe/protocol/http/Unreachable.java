package dev.nightsafe.protocol.http;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** Why a server can't be reached, and what to look at. */
final class Unreachable {
    static final int PROXY_WANTS_CREDENTIALS = 407;

    private Unreachable() {}

    static NightsafeException problem(URI base, IOException e) {
        CertificateException certificate = find(CertificateException.class, e);
        if (certificate == null) {
            String message = "can't reach " + base + " (" + e.getClass().getSimpleName() + "); is it running?";
            return new NightsafeException(ProblemCode.UNREACHABLE, message, e);
        }
        String why = find(CertPathBuilderException.class, certificate) == null
                ? String.valueOf(certificate.getMessage())
                : "no authority that is trusted here signed it";
        return new NightsafeException(
                ProblemCode.UNREACHABLE,
                "can't trust the certificate of " + base + ": " + why
                        + "; check the address, the certificate, and which authorities are trusted (a runner's own are"
                        + " in 'ca')",
                e);
    }

    /** The proxy answered in the server's place. */
    static NightsafeException byProxy(URI base) {
        return new NightsafeException(
                ProblemCode.UNREACHABLE,
                "can't reach " + base + ": the proxy wants a user and a password, or refuses those that it got; they"
                        + " stand in its address, http://user:password@host:port");
    }

    private static <T extends Throwable> @Nullable T find(Class<T> type, Throwable from) {
        for (Throwable cause = from; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
