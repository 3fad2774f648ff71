package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.RowMac;
import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.Boxes;
import dev.nightsafe.database.console.RekeyRepository;
import dev.nightsafe.database.console.RekeyRow;
import dev.nightsafe.database.console.VaultRepository;
import dev.nightsafe.database.console.VaultRow;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * One vault's rekey, from where it is to its end: gets the new lock, has everything sealed anew in batches, at last has the
 * older opening keys destroyed. Each step can be done again. For one thread.
 */
final class Rekey {
    private static final System.Logger LOG = System.getLogger(Rekey.class.getName());
    private static final int BATCH = 400;
    private static final long BATCH_BYTES = 2 << 20;
    /** So that the keeper has one to work on while another is stored. */
    private static final int AT_ONCE = 2;

    private final Database database;
    private final Committer committer;
    private final Keeper keeper;
    private final Mac accepted;
    private final RowMac rows;
    private final RekeyRepository.OfVault of;
    private final Duration slice;
    private @Nullable Pass pass;
    private boolean gaveWay;
    private int refused;
    private int moved;

    /** @param slice after which it gives way to other vaults' */
    Rekey(
            Database database,
            Committer committer,
            Keeper keeper,
            Mac accepted,
            RowMac rows,
            RekeyRepository.OfVault of,
            Duration slice) {
        this.database = database;
        this.committer = committer;
        this.keeper = keeper;
        this.accepted = accepted;
        this.rows = rows;
        this.of = of;
        this.slice = slice;
    }

    /** Where a vault's rekey is. */
    private record At(VaultRow vault, RekeyRow rekey) {
        Resealer.Target target() {
            return new Resealer.Target(vault.workspaceId(), vault.id(), rekey.id(), vault.lockId(), rekey.startedBy());
        }

        AuditEvent event(String action, Map<String, String> more) {
            TreeMap<String, String> details = new TreeMap<>(more);
            details.put("name", vault.name());
            details.put("rekey", rekey.id());
            return new AuditEvent(vault.workspaceId(), rekey.startedBy(), action, "vault:" + vault.id(), "ok", details);
        }
    }

    /** Once through all boxes; what didn't open is left behind, whatever there comes in between. */
    private static final class Pass {
        private final Resealer resealer;
        private Boxes.Place place = Boxes.Place.START;
        private int moved;

        Pass(Resealer resealer) {
            this.resealer = resealer;
        }
    }

    /**
     * Goes on as far as it can in its slice of time, and says in the database what keeps it from going further. False when it
     * came only upon boxes that don't open.
     */
    boolean run() throws InterruptedException {
        refused = 0;
        moved = 0;
        gaveWay = false;
        try {
            goOn();
        } catch (NightsafeException e) {
            hindered(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the rekey of vault " + of.vaultId() + " fails", e);
            hindered("it fails; the console's log says more");
        }
        return refused == 0 || moved > 0;
    }

    /** True, once, when it was its time that was over last, not its work, and more than boxes that don't open are left. */
    boolean gaveWay() {
        boolean wasOver = gaveWay && (refused == 0 || moved > 0);
        gaveWay = false;
        return wasOver;
    }

    /** The rekeys of other vaults go on. */
    private void hindered(String problem) throws InterruptedException {
        pass = null; // it may be ahead of what failed
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException();
        }
        find().ifPresent(at -> tell(at.rekey(), problem));
    }

    private void tell(RekeyRow rekey, String problem) {
        if (!problem.equals(rekey.problem()) || refused != rekey.refused()) {
            LOG.log(System.Logger.Level.WARNING, "the rekey of vault {0} waits: {1}", rekey.vaultId(), problem);
            committer.commit(transaction -> {
                RekeyRepository.hindered(transaction.handle(), rekey.id(), problem, refused);
                return true;
            });
        }
    }

    private void goOn() throws InterruptedException {
        Optional<At> found = find();
        if (found.isPresent() && found.get().rekey().lockId() == null) {
            relock(found.get());
            found = find();
        }
        if (found.isPresent()) {
            At at = found.get();
            if (!at.vault().lockId().equals(at.rekey().lockId())) {
                throw new NightsafeException(
                        ProblemCode.LOCK_CHANGED,
                        "the vault's lock isn't the one that was made for this rekey: somebody changed the console's tables");
            }
            gaveWay = !resealAll(at);
            if (!gaveWay) {
                retire(at);
            }
        }
    }

    /** Empty when it was finished or altered, or its vault deleted, meanwhile. */
    private Optional<At> find() {
        return database.read(handle -> VaultRepository.byId(handle, of.workspaceId(), of.vaultId())
                .flatMap(vault -> RekeyRepository.find(handle, vault.id())
                        .filter(rekey -> !rekey.isFinished() && rows.isAuthentic(rekey))
                        .map(rekey -> new At(vault, rekey))));
    }

    /** Where the row is an older one that was put back, the vault has the lock that the keeper made for it. */
    private void relock(At at) {
        VaultRow before = at.vault();
        InternalApi.Lock made = keeper.post(
                "/internal/v1/locks",
                new InternalApi.NewLock(
                        before.workspaceId(),
                        before.id(),
                        at.rekey().startedBy(),
                        at.rekey().id()),
                new TypeReference<>() {});
        long total = database.read(handle -> Boxes.countOthers(handle, before.id(), made.lock()));
        committer.commit(transaction -> {
            boolean there = before.lockId().equals(made.lock());
            if (there || renewed(transaction, at, made)) {
                RekeyRepository.relocked(
                        transaction.handle(), rows.authenticate(at.rekey().relocked(made.lock(), total)));
            }
            return there;
        });
    }

    /** False when the vault hasn't the lock any more that it had. */
    private static boolean renewed(Transaction transaction, At at, InternalApi.Lock made) {
        VaultRow renewed = VaultLocks.renewed(at.vault(), made, transaction.now());
        boolean done =
                VaultRepository.relock(transaction.handle(), renewed, at.vault().lockId());
        if (done) {
            transaction.audit(at.event(
                    "vault.lock", Map.of("lock", renewed.lockId(), "serial", Long.toString(renewed.lockSerial()))));
        }
        return done;
    }

    /**
     * Goes through everything until there is nothing left: deposits put boxes from one table into the other meanwhile. False when
     * its time is over before.
     */
    private boolean resealAll(At at) throws InterruptedException {
        long end = System.nanoTime() + slice.toNanos();
        while (true) {
            Pass now = pass;
            if (now == null || !now.resealer.isFor(at.target())) {
                now = new Pass(new Resealer(committer, keeper, accepted, at.target()));
                pass = now;
            }
            boolean through;
            try {
                through = goOn(at, now, end);
            } finally {
                refused = now.resealer.refused();
            }
            if (!through) {
                return false;
            }
            pass = null;
            if (now.moved == 0) {
                now.resealer.requireNoneRefused();
                return true;
            }
        }
    }

    /** False when the time is over first. */
    private boolean goOn(At at, Pass now, long end) throws InterruptedException {
        Deque<Future<Integer>> underWay = new ArrayDeque<>();
        boolean through = false;
        try (ExecutorService pool =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            do {
                Boxes.Place after = now.place;
                Boxes.Batch batch = database.read(handle -> Boxes.after(
                        handle, at.vault().id(), Boxes.Under.ANOTHER, at.vault().lockId(), after, BATCH, BATCH_BYTES));
                through = batch.boxes().isEmpty();
                if (!through) {
                    now.place = batch.last();
                    underWay.add(pool.submit(() -> now.resealer.reseal(batch.boxes())));
                }
                if (underWay.size() > AT_ONCE) {
                    moved(now, result(underWay.remove()));
                }
            } while (!through && System.nanoTime() - end < 0);
            while (!underWay.isEmpty()) {
                moved(now, result(underWay.remove()));
            }
        }
        return through;
    }

    private void moved(Pass now, int more) {
        now.moved += more;
        moved += more;
    }

    private static int result(Future<Integer> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    private void retire(At at) {
        try {
            InternalApi.Count destroyed = keeper.post(
                    "/internal/v1/vaults/" + at.vault().id() + "/retire",
                    new InternalApi.Retire(
                            at.vault().workspaceId(),
                            at.rekey().startedBy(),
                            at.vault().lockId()),
                    new TypeReference<>() {});
            finish(at, destroyed.count());
        } catch (NightsafeException e) {
            if (e.code() == ProblemCode.SECRET_UNREADABLE) {
                refused++; // one that only says that it is under the new lock
            }
            throw e;
        }
    }

    private void finish(At at, int destroyed) {
        committer.commit(transaction -> {
            if (RekeyRepository.finish(
                    transaction.handle(), rows.authenticate(at.rekey().finished(transaction.now())))) {
                transaction.audit(at.event(
                        "vault.rekeyed",
                        Map.of(
                                "lock", at.vault().lockId(),
                                "keysDestroyed", Integer.toString(destroyed))));
            }
            return true;
        });
    }
}
