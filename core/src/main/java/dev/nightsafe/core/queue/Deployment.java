package dev.nightsafe.core.queue;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What runs a queue's tasks, with its vaults resolved to ids.
 *
 * @param gitUrl repository, or {@code dir:/absolute/path} for a folder on the runner's machine
 * @param branch branch, {@code main} when the queue says none
 * @param codePath folder inside the repository, {@code ""} for its root
 * @param startupCmd the command, split without a shell
 * @param mode how a worker takes tasks
 * @param startupTimeoutSecs seconds until a worker must be ready
 * @param redisStorage kept for Runqy's files; has no effect
 * @param vaults whole vaults, merged in this order, later over earlier
 * @param secrets single secrets
 * @param gitToken what the runner clones with, never injected
 * @param disclosure how much of what its program says it asks to leave the site
 * @param renewal how its workers come to values that are deposited while they run
 */
public record Deployment(
        String gitUrl,
        String branch,
        String codePath,
        String startupCmd,
        Mode mode,
        int startupTimeoutSecs,
        boolean redisStorage,
        List<VaultRef> vaults,
        List<SecretRef> secrets,
        @Nullable KeyRef gitToken,
        Disclosure disclosure,
        Renewal renewal) {

    /** How a worker takes tasks. */
    public enum Mode {
        /** Stays up and takes one task after another. */
        LONG_RUNNING,
        /** A new process for each task. */
        ONE_SHOT
    }

    /** A vault, by the name in the queue's file and the id it resolved to ({@code ""} before the queue is applied). */
    public record VaultRef(String name, String id) {}

    /** One key of one vault. */
    public record KeyRef(VaultRef vault, String key) {}

    /**
     * A single secret and how the worker gets it.
     *
     * @param env the variable: with the value, for {@link As#FILE} with the file's path, for {@link As#FD} with the
     *     descriptor's number
     */
    public record SecretRef(KeyRef from, As as, String env) {}

    /** How a worker gets a secret; the way that shows it to most comes first. */
    public enum As {
        /** Whoever sees a process's environment sees it: its children, what reports crashes. */
        ENV,
        /** In memory, for the worker's own user, as long as the worker runs. */
        FILE,
        /** A sealed file in memory that has no name, for the process and the children that it leaves it to. */
        FD
    }

    public Deployment {
        vaults = List.copyOf(vaults);
        secrets = List.copyOf(secrets);
    }

    /** The same with these vaults in place of its own, for example once their ids are known. */
    public Deployment with(List<VaultRef> vaults, List<SecretRef> secrets, @Nullable KeyRef gitToken) {
        return new Deployment(
                gitUrl,
                branch,
                codePath,
                startupCmd,
                mode,
                startupTimeoutSecs,
                redisStorage,
                vaults,
                secrets,
                gitToken,
                disclosure,
                renewal);
    }

    /** The same, saying this of what leaves. */
    public Deployment with(Disclosure disclosure) {
        return new Deployment(
                gitUrl,
                branch,
                codePath,
                startupCmd,
                mode,
                startupTimeoutSecs,
                redisStorage,
                vaults,
                secrets,
                gitToken,
                disclosure,
                renewal);
    }

    /** The same, saying this of new values. */
    public Deployment with(Renewal renewal) {
        return new Deployment(
                gitUrl,
                branch,
                codePath,
                startupCmd,
                mode,
                startupTimeoutSecs,
                redisStorage,
                vaults,
                secrets,
                gitToken,
                disclosure,
                renewal);
    }

    /** Every vault that this deployment names, once each, {@code git_token}'s included. */
    public List<VaultRef> allVaults() {
        java.util.LinkedHashMap<String, VaultRef> byName = new java.util.LinkedHashMap<>();
        vaults.forEach(vault -> byName.putIfAbsent(vault.name(), vault));
        secrets.forEach(secret ->
                byName.putIfAbsent(secret.from().vault().name(), secret.from().vault()));
        if (gitToken != null) {
            byName.putIfAbsent(gitToken.vault().name(), gitToken.vault());
        }
        return List.copyOf(byName.values());
    }

    /** SHA-256 of the canonical JSON of this deployment (RFC 8785), in hex. Without the commit. */
    public String digest() {
        return dev.nightsafe.core.signing.Digests.sha256Hex(CanonicalJson.write(toMap()));
    }

    /** As plain maps and lists, for JSON; {@link #fromMap} reads it back. */
    public Map<String, Object> toMap() {
        return DeploymentMap.toMap(this);
    }

    /** Reads what {@link #toMap} wrote. Throws {@link IllegalArgumentException} for anything else. */
    public static Deployment fromMap(Map<String, Object> map) {
        return DeploymentMap.fromMap(map);
    }
}
