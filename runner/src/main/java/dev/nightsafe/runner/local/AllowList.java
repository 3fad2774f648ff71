package dev.nightsafe.runner.local;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the site's operator lets this runner do; the last word, after everything that the platform decided (I3).
 *
 * @param git repositories (or {@code dir:} folders), compared exactly, without patterns
 * @param queues names of queues, {@code *} for all
 * @param vaults names of platform vaults; null for all those of an allowed queue
 * @param local names of local secrets, closed unless named
 * @param disclosure how much of what programs say may leave at most
 */
public record AllowList(
        List<String> git,
        List<String> queues,
        @Nullable List<String> vaults,
        List<String> local,
        Disclosure disclosure) {

    /** Why the deployment of this queue isn't run here, with what to do; empty when it is. */
    public Optional<String> refusal(String queue, Deployment deployment) {
        if (!names(queues, queue)) {
            return Optional.of(
                    "this runner doesn't allow queue '" + queue + "'; add it to allow.queues in runner.yaml");
        }
        if (!git.contains(deployment.gitUrl())) {
            return Optional.of("this runner doesn't allow code from '" + withoutUser(deployment.gitUrl())
                    + "'; add it to allow.git in runner.yaml");
        }
        if (vaults == null) {
            return Optional.empty();
        }
        return deployment.allVaults().stream()
                .filter(vault -> !names(vaults, vault.name()))
                .findFirst()
                .map(vault -> "this runner doesn't allow vault '" + vault.name()
                        + "'; add it to allow.vaults in runner.yaml");
    }

    /** A URL as it may be shown: a password that someone wrote into it is left out. */
    public static String withoutUser(String url) {
        return url.replaceFirst("^([a-z+]+://[^/@:]*):[^/@]*@", "$1:********@");
    }

    private static boolean names(List<String> allowed, String name) {
        return allowed.contains("*") || allowed.contains(name);
    }
}
