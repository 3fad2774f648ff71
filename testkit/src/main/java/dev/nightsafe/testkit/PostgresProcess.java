package dev.nightsafe.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL server that one test stops, or sets up in a way of its own; others share {@link EmbeddedPostgresServer}. */
public final class PostgresProcess implements AutoCloseable {
    private final EmbeddedPostgres server;
    private final Path data;

    private PostgresProcess(EmbeddedPostgres server, Path data) {
        this.server = server;
        this.data = data;
    }

    /** @param syncs whether it syncs what it acknowledges, as one in production must */
    public static PostgresProcess start(boolean syncs) {
        try {
            Path programs = programs();
            Path data = Files.createTempDirectory(programs, "data");
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(programs.toFile())
                    .setDataDirectory(data)
                    .setRegisterShutdownHook(false)
                    .setServerConfig("fsync", syncs ? "on" : "off")
                    // The library turns it off, for speed.
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("shared_buffers", "16MB")
                    .setServerConfig("max_connections", "100")
                    .start();
            return new PostgresProcess(server, data);
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded PostgreSQL doesn't start", e);
        }
    }

    /** {@code postgresql://user:password@127.0.0.1:port/database}. */
    public String address(String database) {
        return "postgresql://postgres:postgres@127.0.0.1:" + server.getPort() + "/" + database;
    }

    /** A connection as the server's administrator; the caller closes it. */
    public Connection connect(String database) throws SQLException {
        return server.getDatabase("postgres", database).getConnection();
    }

    /** An immediate shutdown: an orderly one writes out first what nobody will read. Closing twice is fine. */
    @Override
    public void close() {
        try {
            Path pidFile = data.resolve("postmaster.pid");
            if (Files.exists(pidFile)) {
                String pid = Files.readAllLines(pidFile).getFirst();
                new ProcessBuilder("kill", "-QUIT", pid).start().waitFor();
                ProcessHandle.of(Long.parseLong(pid))
                        .ifPresent(process -> process.onExit().join());
            }
            if (Files.exists(data)) {
                delete(data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded PostgreSQL's files in " + data + " stay", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Unpacked once for each user, where nobody else can put a program. */
    private static Path programs() throws IOException {
        String user = System.getProperty("user.name");
        Path folder = Path.of(System.getProperty("java.io.tmpdir"), "nightsafe-postgresql-" + user);
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName().equals(user)) {
                throw e;
            }
        }
        return folder;
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(folder)) {
            files = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
