package dev.nightsafe.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a script of this repository as an operator does. */
public final class Psql {
    private Psql() {}

    /**
     * Runs it on a server of this machine, and throws with all that {@code psql} said unless it ended well.
     *
     * @param environment what the script reads
     * @param arguments for example {@code -v name=value}
     */
    public static void run(int port, String user, Path script, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of("psql", "-X", "-w", "-d", "postgres", "-f", script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder psql = new ProcessBuilder(command).redirectErrorStream(true);
        psql.environment().putAll(Map.of("PGHOST", "127.0.0.1", "PGPORT", Integer.toString(port), "PGUSER", user));
        psql.environment().putAll(environment);
        try {
            Process process = psql.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError("psql ended with " + process.exitValue() + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("psql doesn't run: install postgresql-client, 14 or newer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
