package dev.nightsafe.database.engine;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.AuditVerifier;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A console's database with its committer, and the little that these tests write there: workspaces. */
final class OpenConsole implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    /** The same in every process of a test. */
    static final Ed25519.Signer KEY = new Ed25519.Signer(SecretBytes.takeFrom(new byte[32]));

    static final AuditChain CHAIN = new AuditChain("console", KEY);

    /** As in production, but a machine that is busy with other things makes nobody give up. */
    static final Tuning PATIENT = tuning(Duration.ofSeconds(5), Duration.ofMinutes(1), 4096);

    final Database database;
    final Committer committer;

    private OpenConsole(Database database, Committer committer) {
        this.database = database;
        this.committer = committer;
    }

    static Tuning tuning(Duration lockWait, Duration patience, int maxWaiting) {
        return new Tuning("FULL", lockWait, patience, maxWaiting, 256);
    }

    static OpenConsole of(Peer peer) {
        return of(peer, PATIENT);
    }

    static OpenConsole of(Peer peer, Tuning tuning) {
        return of(Databases.open(peer.parsed(), Schema.CONSOLE, tuning), CHAIN);
    }

    static OpenConsole of(Database database, @Nullable AuditChain chain) {
        try {
            InstantSource clock = InstantSource.fixed(NOW);
            return new OpenConsole(
                    database,
                    chain == null
                            ? Committers.startWithoutAudit(database, clock)
                            : Committers.start(database, chain, clock));
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    static void insert(Transaction transaction, String id) {
        transaction
                .handle()
                .createUpdate("INSERT INTO workspace (id, name, name_folded, created_at) VALUES (:id, :id, :id, :now)")
                .bind("id", id)
                .bind("now", transaction.now())
                .execute();
    }

    static AuditEvent created(String id) {
        return new AuditEvent(
                id, "token:t", "workspace.create", "workspace:" + id, "ok", new TreeMap<>(Map.of("n", id)));
    }

    /** Stores a workspace and its event. */
    void create(String id) {
        committer.commit(transaction -> {
            insert(transaction, id);
            transaction.audit(created(id));
            return null;
        });
    }

    List<String> workspaces() {
        return database.read(handle -> handle.createQuery("SELECT id FROM workspace ORDER BY id")
                .mapTo(String.class)
                .list());
    }

    AuditVerifier.Result verified() {
        return database.read(handle -> CHAIN.log().verify(handle, KEY.publicKey()));
    }

    /** How many commits had events: each signed its last. */
    int signatures() {
        return database.read(
                handle -> handle.createQuery("SELECT count(*) FROM audit_event WHERE signature IS NOT NULL")
                        .mapTo(Integer.class)
                        .one());
    }

    @Override
    public void close() {
        committer.close();
        database.close();
    }
}
