import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.sqlite.SQLiteConfig;

/**
 * What SQLite gives for grouped durable commits without anything of ours around it: callers that insert a small row each
 * and wait until it is on disk, one thread that commits whatever waits in one transaction; write-ahead log, FULL, as the
 * keeper has it.
 *
 * <p>{@code java GroupedCommits.java FILE CALLERS ROWS WARM}. Prints what {@code Load} prints; a journey is an insert.
 */
final class GroupedCommits {
    private static final int MOST_AT_ONCE = 256;
    private static final byte[] CONTENT = new byte[200];

    private record Insert(int id, CompletableFuture<Void> durable) {}

    private final BlockingQueue<Insert> waiting = new ArrayBlockingQueue<>(4096);
    private final AtomicInteger next = new AtomicInteger();
    private final long[] begun;
    private final long[] ended;

    private GroupedCommits(int rows) {
        begun = new long[rows];
        ended = new long[rows];
    }

    public static void main(String[] args) throws Exception {
        GroupedCommits commits = new GroupedCommits(Integer.parseInt(args[2]));
        try (Connection connection = open(Path.of(args[0]))) {
            Thread committer = Thread.ofPlatform().daemon().start(() -> commits.commit(connection));
            commits.play(Integer.parseInt(args[1]));
            committer.interrupt();
            committer.join();
        }
        commits.report(Integer.parseInt(args[3]));
    }

    private static Connection open(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA secure_delete=ON");
            statement.execute("CREATE TABLE small (id TEXT PRIMARY KEY, at BIGINT NOT NULL, content BLOB NOT NULL)");
        }
        return connection;
    }

    private void play(int callers) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            threads.add(Thread.ofVirtual().start(this::insertAll));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void insertAll() {
        for (int i = next.getAndIncrement(); i < begun.length; i = next.getAndIncrement()) {
            begun[i] = System.nanoTime();
            Insert insert = new Insert(i, new CompletableFuture<>());
            waiting.add(insert);
            insert.durable.join();
            ended[i] = System.nanoTime();
        }
    }

    private void commit(Connection connection) {
        try (Statement statement = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO small VALUES (?, ?, ?)")) {
            List<Insert> group = new ArrayList<>();
            while (true) {
                group.add(waiting.take());
                waiting.drainTo(group, MOST_AT_ONCE - 1);
                statement.execute("BEGIN IMMEDIATE");
                for (Insert each : group) {
                    insert.setString(1, "a row among others with the number " + each.id);
                    insert.setLong(2, each.id);
                    insert.setBytes(3, CONTENT);
                    insert.executeUpdate();
                }
                statement.execute("COMMIT");
                group.forEach(each -> each.durable.complete(null));
                group.clear();
            }
        } catch (InterruptedException e) {
            // All is done.
        } catch (SQLException e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private void report(int warm) {
        long first = Arrays.stream(begun).skip(warm).min().orElseThrow();
        long last = Arrays.stream(ended).max().orElseThrow();
        double[] times = new double[begun.length - warm];
        Arrays.setAll(times, i -> (ended[warm + i] - begun[warm + i]) / 1e6);
        Arrays.sort(times);
        System.out.printf(
                Locale.ROOT,
                "%d %.6f %.3f %.3f %.3f %.3f 0%n",
                times.length,
                (last - first) / 1e9,
                times[times.length / 2],
                times[times.length * 9 / 10],
                times[times.length * 99 / 100],
                times[times.length - 1]);
    }
}
