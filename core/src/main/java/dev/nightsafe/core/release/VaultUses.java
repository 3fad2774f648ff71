package dev.nightsafe.core.release;

import dev.nightsafe.core.queue.Deployment;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * How a deployment hands out the values of one vault: {@code *} for each key in a variable of its own name, {@code KEY env
 * NAME}, {@code KEY file NAME} (the variable has the file's path), {@code KEY fd NAME} (a descriptor's number), {@code KEY
 * git_token}. Each use stands there once, in
 * the order of its characters, so that the same uses are always the same text.
 */
public final class VaultUses {
    /** Each key, in a variable of its own name. */
    public static final String WHOLE = "*";

    private static final String SEPARATOR = ", "; // neither keys nor variables have a comma or a space

    private VaultUses() {}

    /** Empty when the deployment doesn't name the vault. */
    public static List<String> of(Deployment deployment, String vaultId) {
        TreeSet<String> uses = new TreeSet<>();
        if (deployment.vaults().stream().anyMatch(vault -> vault.id().equals(vaultId))) {
            uses.add(WHOLE);
        }
        for (Deployment.SecretRef secret : deployment.secrets()) {
            if (secret.from().vault().id().equals(vaultId)) {
                uses.add(secret.from().key() + " " + secret.as().name().toLowerCase(Locale.ROOT) + " " + secret.env());
            }
        }
        Deployment.KeyRef token = deployment.gitToken();
        if (token != null && token.vault().id().equals(vaultId)) {
            uses.add(token.key() + " git_token");
        }
        return List.copyOf(uses);
    }

    /** The uses as one text, as a rule holds them. */
    public static String text(List<String> uses) {
        return String.join(SEPARATOR, uses);
    }

    /** What {@link #text} made of. */
    public static List<String> list(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(SEPARATOR, -1));
    }
}
