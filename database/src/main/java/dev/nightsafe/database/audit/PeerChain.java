package dev.nightsafe.database.audit;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.audit.Witness;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.AuditChain;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What this process keeps of the other's audit chain, beside its own: the newest head goes into its own chain and into a
 * file, so that neither database alone can be set back or cut off unseen. The other's audit key is taken from its first
 * head, over the link between the two, whose certificates are pinned; afterwards another key is a contradiction.
 * Thread-safe.
 */
public final class PeerChain {
    private static final System.Logger LOG = System.getLogger(PeerChain.class.getName());

    private final String name;
    private final PeerFile file;
    private final AuditChain own;
    private final Database database;
    private final Committer committer;
    private PeerFile.Kept kept;

    /**
     * @param name of the other's chain
     * @param folder this process's own
     */
    public PeerChain(String name, Path folder, AuditChain own, Database database, Committer committer) {
        this.name = name;
        this.file = new PeerFile(folder.resolve("peer-audit"));
        this.own = own;
        this.database = database;
        this.committer = committer;
        this.kept = file.read();
    }

    /** The newest head of the other's chain that was seen. */
    public synchronized Optional<SignedHead> known() {
        return Optional.ofNullable(kept.head());
    }

    /** Why the other's chain isn't the one that was seen, as long as the file says so. */
    public synchronized Optional<String> contradiction() {
        return Optional.ofNullable(kept.contradiction());
    }

    /** This process's own head, for the other; events that only say what was seen of the other make no new one. */
    public Optional<SignedHead> own() {
        return database.read(
                handle -> own.log().headBesides(handle, own.signer().publicKey(), Witness.SEEN));
    }

    /** The hash in this process's own chain, {@link Witness#NO_EVENT} when it has no event of this number. */
    public String hashAt(long seq) {
        return database.read(handle -> own.log().hashAt(handle, seq)).orElse(Witness.NO_EVENT);
    }

    /**
     * Keeps and records a head of the other's chain, if it is another than the one that is known.
     *
     * @param standing what the other's chain has at the number of {@link #known}, as in {@link Witness#contradiction}
     * @throws NightsafeException {@code BAD_REQUEST} when it isn't a signed head of that chain; nothing is kept then
     */
    public synchronized void take(SignedHead head, @Nullable String standing) {
        if (!head.isSignedFor(name)) {
            throw new NightsafeException(
                    ProblemCode.BAD_REQUEST, "this is no head of the chain " + name + ", or its signature is wrong");
        }
        SignedHead before = kept.head();
        Optional<String> contradiction =
                before == null ? Optional.empty() : Witness.contradiction(before, head, standing);
        if (head.equals(before) && contradiction.isEmpty()) {
            return;
        }
        contradiction.ifPresent(what -> LOG.log(System.Logger.Level.ERROR, "AUDIT: {0}", what));
        committer.commit(transaction -> {
            transaction.audit(event(head, contradiction.orElse(null)));
            return transaction.now();
        });
        kept = new PeerFile.Kept(head, contradiction.orElse(kept.contradiction()));
        file.write(kept);
    }

    private AuditEvent event(SignedHead head, @Nullable String contradiction) {
        Map<String, String> details = new TreeMap<>();
        details.put("chain", head.chain());
        details.put("seq", Long.toString(head.seq()));
        details.put("hash", head.hash());
        details.put("signature", head.signature());
        details.put("key", head.key());
        if (contradiction != null) {
            details.put("problem", contradiction);
        }
        return new AuditEvent(
                null,
                own.part(),
                contradiction == null ? Witness.SEEN : Witness.CONTRADICTED,
                "chain:" + head.chain(),
                contradiction == null ? "ok" : ProblemCode.ROLLED_BACK.code(),
                new TreeMap<>(details));
    }
}
