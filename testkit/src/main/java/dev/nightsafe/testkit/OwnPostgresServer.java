package dev.nightsafe.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A PostgreSQL server that one test has for itself: it can be stopped and started again with its data. Unlike
 * {@link EmbeddedPostgresServer} it asks for passwords, of everyone but its administrator {@code postgres}. For one thread.
 */
public final class OwnPostgresServer implements AutoCloseable {
    private static final String WHO_MAY_CONNECT = """
            host all postgres 127.0.0.1/32 trust
            host all postgres ::1/128      trust
            host all all      127.0.0.1/32 scram-sha-256
            """;

    private final Path data;
    private EmbeddedPostgres running;

    private OwnPostgresServer(Path data) throws IOException {
        this.data = data;
        this.running = start(data, 0);
    }

    /** Starts one on a free port, empty. */
    public static OwnPostgresServer start() {
        try {
            return new OwnPostgresServer(Files.createTempDirectory("nightsafe-postgresql-"));
        } catch (IOException e) {
            throw new UncheckedIOException("the PostgreSQL server doesn't start", e);
        }
    }

    private static EmbeddedPostgres start(Path data, int port) throws IOException {
        EmbeddedPostgres.Builder server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setDataDirectoryCustomizer(folder -> allow(folder.toPath()))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("shared_buffers", "16MB");
        return (port == 0 ? server : server.setPort(port)).start();
    }

    private static void allow(Path data) {
        try {
            Files.writeString(data.resolve("pg_hba.conf"), WHO_MAY_CONNECT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends every connection, as an operator's restart does; what was committed stays. */
    public void stop() {
        try {
            running.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the PostgreSQL server doesn't stop", e);
        }
    }

    /** After {@link #stop}: with the same data on the same port. */
    public void startAgain() {
        try {
            running = start(data, running.getPort());
        } catch (IOException e) {
            throw new UncheckedIOException("the PostgreSQL server doesn't start again", e);
        }
    }

    public int port() {
        return running.getPort();
    }

    /** A connection as the administrator; the caller closes it. */
    public Connection administer(String database) {
        try {
            return running.getDatabase("postgres", database).getConnection();
        } catch (SQLException e) {
            throw new IllegalStateException("the PostgreSQL server doesn't answer", e);
        }
    }

    /**
     * Runs a script as an operator does, by {@code psql}, and throws with all that it said unless it ends well.
     *
     * @param environment what the script reads, on top of where the server is
     * @return all that it said
     */
    public String psql(String user, Path script, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of("psql", "-X", "-w", "-U", user, "-d", "postgres"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-f", script.toString()));
        ProcessBuilder psql = new ProcessBuilder(command).redirectErrorStream(true);
        psql.environment().putAll(Map.of("PGHOST", "127.0.0.1", "PGPORT", Integer.toString(port())));
        psql.environment().putAll(environment);
        try {
            Process process = psql.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError("psql ended with " + process.exitValue() + ":\n" + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException("psql doesn't run: install postgresql-client, 14 or newer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops it and removes its data. */
    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
