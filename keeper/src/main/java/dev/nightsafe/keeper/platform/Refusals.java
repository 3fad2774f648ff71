package dev.nightsafe.keeper.platform;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.Budget;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Committer;
import java.time.InstantSource;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Audits and logs refusals that somebody should look at. What is audited is bounded, apart for callers who showed nothing
 * yet, so that nobody fills the disk or hides in the noise; what was left out is counted. A refusal stands whether or not
 * it can be written down. Not to be called inside a commit. Thread-safe.
 */
public final class Refusals {
    private static final System.Logger LOG = System.getLogger(Refusals.class.getName());
    private static final int BURST = 20;

    private final Committer committer;
    private final Budget strangers;
    private final Budget known;

    public Refusals(Committer committer, InstantSource clock) {
        this.committer = committer;
        this.strangers = new Budget(BURST, clock);
        this.known = new Budget(BURST, clock);
    }

    /** @param problem why, for whoever reads the audit; the caller isn't told */
    public record Refusal(
            @Nullable String workspaceId,
            String actor,
            String action,
            String object,
            ProblemCode code,
            String problem) {}

    /** Records what anybody who reaches the listener can cause. */
    public void ofStranger(Refusal refusal) {
        record(refusal, strangers);
    }

    /** Records what only a runner that signed in, or somebody in the database, can cause. */
    public void ofKnown(Refusal refusal) {
        record(refusal, known);
    }

    private void record(Refusal refusal, Budget budget) {
        long skipped = budget.take();
        if (skipped < 0) {
            return;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "refused {0} of {1}: {2}",
                refusal.action(),
                refusal.object(),
                refusal.problem());
        TreeMap<String, String> details = new TreeMap<>();
        details.put("problem", refusal.problem());
        if (skipped > 0) {
            details.put("not-recorded-before", Long.toString(skipped));
        }
        AuditEvent event = new AuditEvent(
                refusal.workspaceId(),
                refusal.actor(),
                refusal.action(),
                refusal.object(),
                refusal.code().code(),
                details);
        try {
            committer.commit(transaction -> {
                transaction.audit(event);
                return true;
            });
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a refusal was not audited: {0}", e.toString());
        }
    }
}
