package dev.nightsafe.database.keeper;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** What programs printed while they had a task. Rows go with their task. */
public final class TaskLogRows {
    private TaskLogRows() {}

    /**
     * Some of what was printed under one lease.
     *
     * @param first number of its first part under this lease, from 0
     * @param parts how many there are
     * @param bytes how long the content is
     * @param cut whether what came before it was dropped
     * @param content encrypted
     */
    public record Row(
            String taskId,
            long fencing,
            long first,
            long parts,
            long attempt,
            long bytes,
            boolean cut,
            byte[] content) {
        public Place place() {
            return new Place(fencing, first);
        }
    }

    /** Where a row stands among those of its task. */
    public record Place(long fencing, long first) {
        /** Before all. */
        public static final Place START = new Place(0, -1);

        private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})\\.(-1|[0-9]{1,18})");

        /** Reads {@code <fencing>.<first>}. */
        public static Optional<Place> of(String text) {
            Matcher matcher = TEXT.matcher(text);
            return matcher.matches()
                    ? Optional.of(new Place(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                    : Optional.empty();
        }

        @Override
        public String toString() {
            return fencing + "." + first;
        }
    }

    /** Adds a row, unless what it begins with is there already; then the oldest go until {@code most} bytes are left. */
    public static void add(Handle handle, Row row, long most) {
        int added = handle.createUpdate("""
                        INSERT INTO task_log (task_id, fencing, first, parts, attempt, bytes, cut, content)
                        SELECT :taskId, :fencing, :first, :parts, :attempt, :bytes, :cut, :content
                        WHERE NOT EXISTS (SELECT 1 FROM task_log
                            WHERE task_id = :taskId AND fencing = :fencing AND first + parts > :first)""").bindMethods(row).execute();
        if (added > 0) {
            dropOldest(handle, row.taskId(), most);
        }
    }

    private static void dropOldest(Handle handle, String taskId, long most) {
        List<Place> places = handle.createQuery("""
                        SELECT fencing, first FROM (SELECT fencing, first,
                            SUM(bytes) OVER (ORDER BY fencing DESC, first DESC) AS newer FROM task_log WHERE task_id = :task) AS sums
                        WHERE newer > :most ORDER BY fencing DESC, first DESC LIMIT 1""")
                .bind("task", taskId)
                .bind("most", most)
                .mapTo(Place.class)
                .list();
        for (Place newestDropped : places) {
            handle.createUpdate("DELETE FROM task_log WHERE task_id = :task"
                            + " AND (fencing < :fencing OR (fencing = :fencing AND first <= :first))")
                    .bind("task", taskId)
                    .bindMethods(newestDropped)
                    .execute();
            handle.createUpdate("UPDATE task_log SET cut = TRUE WHERE task_id = :task AND (fencing, first) ="
                            + " (SELECT fencing, first FROM task_log WHERE task_id = :task"
                            + " ORDER BY fencing, first LIMIT 1)")
                    .bind("task", taskId)
                    .execute();
        }
    }

    /** In their order. */
    public static List<Row> after(Handle handle, String taskId, Place place) {
        return handle.createQuery("""
                        SELECT task_id, fencing, first, parts, attempt, bytes, cut, content FROM task_log
                        WHERE task_id = :task AND (fencing > :fencing OR (fencing = :fencing AND first > :first))
                        ORDER BY fencing, first""")
                .bind("task", taskId)
                .bindMethods(place)
                .mapTo(Row.class)
                .list();
    }
}
