package dev.nightsafe.cli.machine;

import dev.nightsafe.cli.platform.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process for good: its number and when it started, because numbers are given again.
 *
 * @param start clock ticks after boot on Linux, else milliseconds since 1970
 */
record ProcessId(long pid, long start) {

    /** A process that runs now; empty when there is none of this number. */
    static Optional<ProcessId> running(long pid) {
        return start(pid).map(start -> new ProcessId(pid, start));
    }

    /** What a pid file says; empty for none or one that makes no sense. */
    static Optional<ProcessId> read(Path file) {
        String[] numbers = Profile.readText(file).orElse("").split(" ", -1);
        if (numbers.length != 2 || !numbers[0].matches("[0-9]{1,18}") || !numbers[1].matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(new ProcessId(Long.parseLong(numbers[0]), Long.parseLong(numbers[1])));
    }

    /** As a pid file's line. */
    String line() {
        return pid + " " + start + "\n";
    }

    /** True while this very process runs; one that ended and wasn't waited for doesn't. */
    boolean isAlive() {
        return start(pid).filter(now -> now == start).isPresent();
    }

    private static Optional<Long> start(long pid) {
        Path stat = Path.of("/proc/" + pid + "/stat");
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .map(handle -> handle.info()
                            .startInstant()
                            .map(java.time.Instant::toEpochMilli)
                            .orElse(0L));
        }
        try {
            String text = Files.readString(stat, java.nio.charset.StandardCharsets.ISO_8859_1);
            String[] afterName = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
            boolean ended = afterName[0].equals("Z") || afterName[0].equals("X");
            return ended ? Optional.empty() : Optional.of(Long.parseLong(afterName[19]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
