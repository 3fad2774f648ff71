package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.problem.NightsafeException;

/** The keeper doesn't know this runner's key (any more): it was revoked, or the keeper is another one. */
public final class SignInRefused extends NightsafeException {
    SignInRefused(NightsafeException cause) {
        super(cause.code(), String.valueOf(cause.getMessage()), cause);
    }
}
