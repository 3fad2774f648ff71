package dev.nightsafe.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
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

/**
 * A PostgreSQL server that one test stops, or sets up in a way of its own; others share {@link EmbeddedPostgresServer}. It
 * asks everyone for a password but its administrator, {@code postgres}. For one thread.
 */
public final class PostgresProcess implements AutoCloseable {
    private static final String WHO_MAY_CONNECT = """
            host all postgres 127.0.0.1/32 trust
            host all postgres ::1/128      trust
            host all all      127.0.0.1/32 scram-sha-256
            """;

    private final Path data;
    private final boolean syncs;
    private EmbeddedPostgres server;

    private PostgresProcess(Path data, boolean syncs) throws IOException {
        this.data = data;
        this.syncs = syncs;
        this.server = start(0);
    }

    /** @param syncs whether it syncs what it acknowledges, as one in production must */
    public static PostgresProcess start(boolean syncs) {
        try {
            return new PostgresProcess(Files.createTempDirectory(programs(), "data"), syncs);
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded PostgreSQL doesn't start", e);
        }
    }

    /** @param port 0 for any free one */
    private EmbeddedPostgres start(int port) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(programs().toFile())
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setDataDirectoryCustomizer(PostgresProcess::letIn)
                .setRegisterShutdownHook(false)
                .setServerConfig("fsync", syncs ? "on" : "off")
                // The library turns it off, for speed.
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("shared_buffers", "16MB")
                .setServerConfig("max_connections", "100");
        return (port == 0 ? builder : builder.setPort(port)).start();
    }

    private static void letIn(File data) {
        try {
            Files.writeString(data.toPath().resolve("pg_hba.conf"), WHO_MAY_CONNECT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Where it keeps everything. */
    public Path data() {
        return data;
    }

    /** {@code postgresql://user:password@127.0.0.1:port/database}. */
    public String address(String database) {
        return "postgresql://postgres:postgres@127.0.0.1:" + server.getPort() + "/" + database;
    }

    /** A connection as the server's administrator; the caller closes it. */
    public Connection connect(String database) throws SQLException {
        return server.getDatabase("postgres", database).getConnection();
    }

    /** Ends it in the middle of what it does. What it acknowledged is there when it has started again. */
    public void stop() {
        try {
            quit();
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded PostgreSQL doesn't stop", e);
        }
    }

    /** After {@link #stop}: with the same data on the same port. */
    public void startAgain() {
        try {
            server = start(server.getPort());
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded PostgreSQL doesn't start again", e);
        }
    }

    /** An immediate shutdown: an orderly one writes out first what nobody will read. Closing twice is fine. */
    @Override
    public void close() {
        try {
            quit();
            if (Files.exists(data)) {
                delete(data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded PostgreSQL's files in " + data + " stay", e);
        }
    }

    private void quit() throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        try {
            String pid = Files.readAllLines(pidFile).getFirst();
            new ProcessBuilder("kill", "-QUIT", pid).start().waitFor();
            ProcessHandle.of(Long.parseLong(pid))
                    .ifPresent(process -> process.onExit().join());
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
