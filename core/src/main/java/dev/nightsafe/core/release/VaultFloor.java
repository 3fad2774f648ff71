package dev.nightsafe.core.release;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Deployment.As;
import dev.nightsafe.core.queue.Disclosure;
import java.util.Optional;

/** The weakest way in which workers may get a vault's values, whatever a queue asks for and a rule consents to. */
public final class VaultFloor {
    /** Of a vault for which nobody said another. */
    public static final As LOWEST = As.ENV;

    /** Where it can't be told what was said (I7). */
    public static final As HIGHEST = As.FD;

    private VaultFloor() {}

    /** The floor of this word; the highest for a word that is none. */
    public static As of(String word) {
        return Disclosure.choice(As.class, word).orElse(HIGHEST);
    }

    /**
     * Why a deployment may not have a vault's values, empty when it takes them in no weaker way than {@code floor}. A
     * {@code git_token} is given to no worker, so it may always be had.
     *
     * @param queue the queue's name, for the reason
     */
    public static Optional<String> broken(Deployment deployment, Deployment.VaultRef vault, String queue, As floor) {
        return weaker(deployment, vault.id(), floor)
                .map(use -> "vault '" + vault.name() + "' gives its values as " + atLeast(floor) + ", and queue '"
                        + queue
                        + "' takes " + use + "; name what it needs under its secrets with 'as: "
                        + Disclosure.word(floor)
                        + "', or someone with vault.release lowers the floor: nightsafe vault floor " + vault.name()
                        + " env");
    }

    /** {@code file or fd}. */
    public static String atLeast(As floor) {
        return switch (floor) {
            case ENV -> "env, file or fd";
            case FILE -> "file or fd";
            case FD -> "fd";
        };
    }

    private static Optional<String> weaker(Deployment deployment, String vaultId, As floor) {
        boolean whole =
                deployment.vaults().stream().anyMatch(vault -> vault.id().equals(vaultId));
        if (whole && floor != LOWEST) {
            return Optional.of("all of them as env");
        }
        return deployment.secrets().stream()
                .filter(secret -> secret.from().vault().id().equals(vaultId))
                .filter(secret -> secret.as().compareTo(floor) < 0)
                .map(secret -> secret.from().key() + " as " + Disclosure.word(secret.as()))
                .findFirst();
    }
}
