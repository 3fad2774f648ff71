package dev.nightsafe.cli.machine;

import dev.nightsafe.cli.platform.Profile;
import dev.nightsafe.core.keys.KeyFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is kept of the parts that {@code up} started: {@code run/} and {@code logs/} of a data folder. */
final class RunFolder {
    private static final Pattern ADDRESS = Pattern.compile(" ready on (https?://[^\\s,]+)");
    private static final Pattern VAULTS_DISABLED = Pattern.compile(", vaults disabled \\((.*)\\)$");
    private static final long LOG_BYTES = 10 << 20;

    private final Path home;

    RunFolder(Path home) {
        this.home = home;
    }

    void create() {
        KeyFile.folder(home);
        KeyFile.folder(home.resolve("run"));
        KeyFile.folder(home.resolve("logs"));
    }

    Path pidFile(Part part) {
        return home.resolve("run/" + part.id() + ".pid");
    }

    /** Where a part's standard output goes: one line, when it is ready. */
    Path readyFile(Part part) {
        return home.resolve("run/" + part.id() + ".ready");
    }

    Path log(Part part) {
        return home.resolve("logs/" + part.id() + ".log");
    }

    /** The process of a part that runs; empty when it doesn't, also when its pid file is stale. */
    Optional<ProcessId> running(Part part) {
        return ProcessId.read(pidFile(part)).filter(ProcessId::isAlive);
    }

    void started(Part part, ProcessId process) {
        KeyFile.write(pidFile(part), process.line().getBytes(StandardCharsets.US_ASCII));
    }

    void stopped(Part part) {
        try {
            Files.deleteIfExists(pidFile(part));
            Files.deleteIfExists(readyFile(part));
        } catch (IOException e) {
            throw new UncheckedIOException("can't delete the files of the " + part.id() + " in " + home, e);
        }
    }

    /** The address in the line that the part printed when it was ready. */
    Optional<String> address(Part part) {
        return readyLine(part).map(ADDRESS::matcher).filter(Matcher::find).map(found -> found.group(1));
    }

    /** Why vaults are disabled, in the line that the keeper printed when it was ready. */
    Optional<String> vaultsDisabled() {
        return readyLine(Part.KEEPER)
                .map(VAULTS_DISABLED::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1));
    }

    /** The whole line; empty while there is none. */
    Optional<String> readyLine(Part part) {
        return Profile.readText(readyFile(part)).filter(text -> !text.isEmpty());
    }

    /** Puts a log that has grown large aside. */
    void turnLog(Part part) {
        Path log = log(part);
        try {
            if (Files.exists(log) && Files.size(log) > LOG_BYTES) {
                Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't rename " + log, e);
        }
    }

    long logLength(Part part) {
        try {
            return Files.exists(log(part)) ? Files.size(log(part)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** The last lines that a log got after {@code offset}. */
    List<String> lastLines(Part part, long offset, int count) {
        try {
            byte[] bytes = Files.readAllBytes(log(part));
            int from = (int) Math.min(Math.max(offset, bytes.length - 64 * 1024), bytes.length);
            List<String> lines = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }
}
