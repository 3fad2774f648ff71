package dev.nightsafe.core.release;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Consent that one vault's values go to one deployment. Everything is compared exactly; there is no pattern.
 *
 * @param site the site's name, or {@link #ANY_SITE}
 * @param uses how the vault's values are handed out, as {@link VaultUses#text} writes it
 * @param disclosure how much of what the deployment's program says may leave its site, as {@link Disclosure#text} writes it;
 *     a deployment that asks for less has consent, too
 * @param commit a full commit id, or null for any commit of the branch
 */
public record ReleaseRule(
        String id,
        String vaultId,
        String queueId,
        String site,
        String gitUrl,
        String branch,
        String codePath,
        String startupCmd,
        String uses,
        String disclosure,
        @Nullable String commit) {

    /** Matches each site. */
    public static final String ANY_SITE = "*";

    /** The rule that consents to {@code deployment} as it stands. */
    public static ReleaseRule forDeployment(
            String id, String vaultId, String queueId, String site, Deployment deployment, @Nullable String commit) {
        return new ReleaseRule(
                id,
                vaultId,
                queueId,
                site,
                deployment.gitUrl(),
                deployment.branch(),
                deployment.codePath(),
                deployment.startupCmd(),
                VaultUses.text(VaultUses.of(deployment, vaultId)),
                deployment.disclosure().text(),
                commit);
    }

    /** True when there is a site and a commit at which this rule and one for these would both permit something. */
    public boolean overlaps(String otherSite, @Nullable String otherCommit) {
        boolean sameSite = site.equals(ANY_SITE) || otherSite.equals(ANY_SITE) || site.equals(otherSite);
        return sameSite && (commit == null || otherCommit == null || commit.equals(otherCommit));
    }

    /**
     * The first thing in which a deployment differs from this rule, for an error ({@code "branch"}), or empty when the
     * rule permits it. A rule that names a commit permits nothing while the commit isn't known.
     *
     * @param atCommit the commit that the runner found, or null before it cloned
     */
    public Optional<String> difference(String queueId, String site, Deployment deployment, @Nullable String atCommit) {
        if (!this.queueId.equals(queueId)) {
            return Optional.of("queue");
        }
        if (!this.site.equals(ANY_SITE) && !this.site.equals(site)) {
            return Optional.of("site");
        }
        if (!gitUrl.equals(deployment.gitUrl())) {
            return Optional.of("git_url");
        }
        if (!branch.equals(deployment.branch())) {
            return Optional.of("branch");
        }
        if (!codePath.equals(deployment.codePath())) {
            return Optional.of("code_path");
        }
        if (!startupCmd.equals(deployment.startupCmd())) {
            return Optional.of("startup_cmd");
        }
        if (!uses.equals(VaultUses.text(VaultUses.of(deployment, vaultId)))) {
            return Optional.of("use of the vault");
        }
        if (commit != null && !commit.equals(atCommit)) {
            return Optional.of("commit");
        }
        return disclosesMore(deployment.disclosure());
    }

    /** A text that nobody can have consented to permits nothing (I7). */
    private Optional<String> disclosesMore(Disclosure asked) {
        boolean within = Disclosure.read(disclosure).filter(asked::isWithin).isPresent();
        return within
                ? Optional.empty()
                : Optional.of("disclosure (" + asked.text() + ", where consent is to " + disclosure + ")");
    }
}
