package dev.nightsafe.keeper.grants;

import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.budget.Shares;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.keeper.keys.Root;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.keeper.platform.Refusals;
import dev.nightsafe.keeper.platform.Seen;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.SignedMessages;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;

/**
 * Releases values: to a runner with a current lease, on a request that its key signed, for a deployment that every vault
 * is released to (I3), sealed to its one-time key, and only after the audit event is durable (I2). Thread-safe.
 */
public final class Granting {
    private static final System.Logger LOG = System.getLogger(Granting.class.getName());
    private static final Set<ProblemCode> AUDITED = EnumSet.of(
            ProblemCode.NOT_RELEASED,
            ProblemCode.BELOW_FLOOR,
            ProblemCode.RULES_ALTERED,
            ProblemCode.VAULT_NOT_FOUND,
            ProblemCode.SECRET_UNREADABLE,
            ProblemCode.SECRET_EXPIRED,
            ProblemCode.VERSIONS_GONE,
            ProblemCode.ROLLED_BACK);

    private final RequestChecks requests;
    private final ReleaseChecks releases;
    private final OpenedBundles opened;
    private final Ledger ledger;
    private final Root root;
    private final Shares grants;

    /**
     * @param mac under the key that only console and keeper have
     * @param origins says which deposits boxes come from
     * @param grants how many at once
     */
    public Granting(
            Database database,
            Database console,
            Committer committer,
            OpenedBundles opened,
            Mac mac,
            Origins origins,
            Root root,
            Refusals refusals,
            Seen seen,
            Shares grants,
            InstantSource clock) {
        this.requests = new RequestChecks(database, console, refusals, root.fingerprint(), seen, clock);
        this.releases = new ReleaseChecks(console, mac, clock);
        this.opened = opened;
        this.ledger = new Ledger(committer, origins);
        this.root = root;
        this.grants = grants;
    }

    /** Answers a request. Every refusal is a problem; then nothing was released. */
    public KeeperApi.Grant grant(Runners.Row runner, String leaseId, KeeperApi.GrantRequest request) {
        try (Shares.Share share = grants.take(runner.id(), 1)) {
            return granted(runner, leaseId, request);
        }
    }

    private KeeperApi.Grant granted(Runners.Row runner, String leaseId, KeeperApi.GrantRequest request) {
        CheckedRequest checked = requests.check(runner, leaseId, request);
        try {
            Found found = releases.find(checked);
            try {
                return granted(checked, found);
            } catch (NightsafeException e) {
                return granted(checked, foundAgain(checked, found, e));
            }
        } catch (NightsafeException e) {
            if (AUDITED.contains(e.code())) {
                recordRefusal(checked, e);
            }
            throw e;
        }
    }

    /** What there is now, when a vault's lock was replaced since: its old boxes open no more. Else throws the failure. */
    private Found foundAgain(CheckedRequest checked, Found before, NightsafeException failure) {
        if (failure.code() != ProblemCode.SECRET_UNREADABLE) {
            throw failure;
        }
        Found now = releases.find(checked);
        if (now.isUnder(before)) {
            throw failure;
        }
        return now;
    }

    private KeeperApi.Grant granted(CheckedRequest checked, Found found) {
        try (SecretBytes bundle = opened.open(found.released())) {
            String grantId = Ids.next();
            ledger.record(grantId, checked, found);
            return seal(grantId, checked, bundle);
        }
    }

    private KeeperApi.Grant seal(String grantId, CheckedRequest checked, SecretBytes bundle) {
        byte[] info = SignedMessages.grantInfo(grantId, checked.message());
        byte[] box = Sealing.seal(checked.oneTimeLock(), info, bundle);
        return new KeeperApi.Grant(grantId, Encoded.base64(box), root.sign(SignedMessages.grant(info, box)));
    }

    /** The refusal stands whether or not it can be written down. */
    private void recordRefusal(CheckedRequest checked, NightsafeException refusal) {
        try {
            ledger.recordRefusal(checked, refusal);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a refused grant was not audited: {0}", e.toString());
        }
    }
}
