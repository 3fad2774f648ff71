package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Session;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.release.VaultUses;
import dev.nightsafe.protocol.console.ConsoleApi;
import org.jspecify.annotations.Nullable;

/**
 * Asks somebody for consent to a queue's deployment. The digest that is sent is made here, from what was shown, so that
 * the console can't release anything else.
 */
final class ReleaseConsent {
    private final Session session;
    private final String vault;
    private final String queue;

    ReleaseConsent(Session session, String vault, String queue) {
        this.session = session;
        this.vault = vault;
        this.queue = queue;
    }

    /**
     * The digest of the deployment that is consented to.
     *
     * @param yes consents to whatever the queue is now
     */
    String give(@Nullable String site, @Nullable String commit, boolean yes) {
        if (!yes && !session.terminal().keyboard().isPresent()) {
            throw CliException.usage(
                    "releasing a vault needs --deployment DIGEST where nobody can be asked, or --yes for whatever the"
                            + " queue is then",
                    "nightsafe queue show " + queue + " shows the deployment with its digest");
        }
        ConsoleApi.Queue asked = session.console().get(ConsoleApi.Queue.class, "queues", queue);
        Deployment deployment = deployment(asked);
        if (!yes) {
            ask(deployment, site, commit);
        }
        return deployment.digest();
    }

    private Deployment deployment(ConsoleApi.Queue asked) {
        try {
            Deployment deployment = Deployment.fromMap(asked.deployment());
            if (deployment.digest().equals(asked.deploymentDigest())) {
                return deployment;
            }
        } catch (IllegalArgumentException e) {
            throw unknown(e);
        }
        throw unknown(null);
    }

    private CliException unknown(@Nullable Throwable cause) {
        return new CliException(
                ExitCode.FAILED,
                "the deployment of queue " + queue + " isn't the one that its digest names; nothing was released",
                "compare versions (nightsafe --version, nightsafe status); if they are the same, somebody changed the"
                        + " console's database: apply the queue again",
                cause == null ? new IllegalArgumentException("another digest") : cause);
    }

    private void ask(Deployment deployment, @Nullable String site, @Nullable String commit) {
        new ReleaseView(session.output().forPeople(session.terminal().err(), ""))
                .show(vault, queue, deployment, site, commit, VaultUses.of(deployment, id(deployment)));
        String answer = session.terminal().keyboard().readLine("Release vault " + vault + " to this? [y/N] ");
        if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
            throw CliException.failed("nothing was released", null);
        }
    }

    private String id(Deployment deployment) {
        return deployment.allVaults().stream()
                .filter(named -> named.name().equals(vault))
                .map(Deployment.VaultRef::id)
                .findFirst()
                .orElseThrow(() -> CliException.failed(
                        "queue " + queue + " doesn't name vault " + vault + "; nothing was released",
                        "add it under the queue's deployment and apply it first"));
    }
}
