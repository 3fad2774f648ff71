package dev.nightsafe.database.console;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** The boxes of a vault by their lock: current versions first, then older ones. */
public final class Boxes {
    private static final String CURRENT = "secret";
    private static final String OLDER = "secret_version";
    /** A deposit's own columns, in both tables. */
    public static final String COLUMNS =
            "key, version, suite, lock_id, box, box_hash, accepted_mac, origin, is_secret, expires_at";

    /** The first condition is for the index, which has no version in one of the tables. */
    private static final String AFTER = " WHERE vault_id = :vault AND key >= :key AND (key, version) > (:key, :version)"
            + " AND box IS NOT NULL AND lock_id ";

    private static final String IN_ORDER = " ORDER BY key, version LIMIT :most";

    private Boxes() {}

    /** Which of them somebody looks for. */
    public enum Under {
        THIS("= :lock"),
        ANOTHER("<> :lock");

        private final String condition;

        Under(String condition) {
            this.condition = condition;
        }
    }

    /** Where somebody is who goes through them. */
    public record Place(boolean older, String key, long version) {
        public static final Place START = new Place(false, "", 0);
    }

    /** As in {@link SecretRow} and {@link SecretVersionRow}. */
    public record Box(
            String key,
            long version,
            String suite,
            String lockId,
            byte[] box,
            byte[] boxHash,
            byte[] acceptedMac,
            byte[] origin,
            boolean isSecret,
            long expiresAt) {}

    /** Some boxes, and where to go on; at the end there are none. */
    public record Batch(List<Box> boxes, Place last) {}

    /** A value that was sealed anew. */
    public record Renewed(
            Box before, String suite, String lockId, byte[] box, byte[] boxHash, byte[] acceptedMac, byte[] origin) {}

    private record Size(String key, long version, long bytes) {}

    /** How many are under another lock than this. */
    public static long countOthers(Handle handle, String vaultId, String lockId) {
        long all = 0;
        for (String table : List.of(CURRENT, OLDER)) {
            all += handle.createQuery("SELECT COUNT(*) FROM " + table
                            + " WHERE vault_id = :vault AND box IS NOT NULL AND lock_id <> :lock")
                    .bind("vault", vaultId)
                    .bind("lock", lockId)
                    .mapTo(Long.class)
                    .one();
        }
        return all;
    }

    /**
     * The next ones after a place: at least one where there is one, else not more than these.
     *
     * @param under this lock, or another than this
     */
    public static Batch after(
            Handle handle, String vaultId, Under under, String lockId, Place place, int most, long mostBytes) {
        String from = " FROM " + (place.older() ? OLDER : CURRENT) + AFTER + under.condition;
        List<Box> boxes = read(handle, from, vaultId, lockId, place, most, mostBytes);
        if (boxes.isEmpty()) {
            return place.older()
                    ? new Batch(boxes, place)
                    : after(handle, vaultId, under, lockId, new Place(true, "", 0), most, mostBytes);
        }
        Box last = boxes.getLast();
        return new Batch(boxes, new Place(place.older(), last.key(), last.version()));
    }

    /** Looks at sizes first: boxes have up to a megabyte each. */
    private static List<Box> read(
            Handle handle, String from, String vaultId, String lockId, Place after, int most, long mostBytes) {
        List<Size> sizes = bound(
                        handle.createQuery("SELECT key, version, LENGTH(box) AS bytes" + from + IN_ORDER),
                        vaultId,
                        lockId,
                        after,
                        most)
                .mapTo(Size.class)
                .list();
        List<Size> fitting = new ArrayList<>();
        long bytes = 0;
        for (Size size : sizes) {
            bytes += size.bytes();
            if (!fitting.isEmpty() && bytes > mostBytes) {
                break;
            }
            fitting.add(size);
        }
        return fitting.isEmpty()
                ? List.of()
                : bound(
                                handle.createQuery("SELECT " + COLUMNS + from + IN_ORDER),
                                vaultId,
                                lockId,
                                after,
                                fitting.size())
                        .mapTo(Box.class)
                        .list();
    }

    private static Query bound(Query query, String vaultId, String lockId, Place after, int most) {
        return query.bind("vault", vaultId)
                .bind("lock", lockId)
                .bind("key", after.key())
                .bind("version", after.version())
                .bind("most", most);
    }

    /** Puts boxes in the place of those that they were made from; how many are there still, wherever they are now. */
    public static int replace(Handle handle, String vaultId, List<Renewed> renewed) {
        List<Renewed> elsewhere = replace(handle, CURRENT, vaultId, renewed);
        List<Renewed> gone = replace(handle, OLDER, vaultId, elsewhere);
        return renewed.size() - gone.size();
    }

    private static List<Renewed> replace(Handle handle, String table, String vaultId, List<Renewed> renewed) {
        if (renewed.isEmpty()) {
            return renewed;
        }
        PreparedBatch batch =
                handle.prepareBatch("UPDATE " + table + " SET suite = :suite, lock_id = :lock, box = :box,"
                        + " box_hash = :hash, accepted_mac = :mac, origin = :origin"
                        + " WHERE vault_id = :vault AND key = :key AND version = :version AND box_hash = :before");
        for (Renewed one : renewed) {
            batch.bind("suite", one.suite())
                    .bind("lock", one.lockId())
                    .bind("box", one.box())
                    .bind("hash", one.boxHash())
                    .bind("mac", one.acceptedMac())
                    .bind("origin", one.origin())
                    .bind("vault", vaultId)
                    .bind("key", one.before().key())
                    .bind("version", one.before().version())
                    .bind("before", one.before().boxHash())
                    .add();
        }
        int[] counts = batch.execute();
        List<Renewed> left = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 0) {
                left.add(renewed.get(i));
            }
        }
        return left;
    }
}
