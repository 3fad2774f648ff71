package dev.nightsafe.database.engine;

import dev.nightsafe.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel saw of a {@link CommitLoop} with one caller: which acknowledgements were written before a sync. */
final class SyncTrace {
    /** Thread, then what it does, as {@code strace -f -y} writes it. */
    private static final Pattern LINE = Pattern.compile("(\\d+) +(.*)");

    private static final Pattern WAL_WRITE = Pattern.compile("p?write(64)?\\(\\d+<[^>]*-wal>.*");
    private static final Pattern WAL_SYNC = Pattern.compile("f(data)?sync\\(\\d+<[^>]*-wal>.*");
    private static final Pattern SYNC_RESUMED = Pattern.compile("<\\.\\.\\. f(data)?sync resumed>.*");
    private static final Pattern SAID = Pattern.compile("write\\(1<[^>]*>, \"(begin|ack) ([^\"\\\\]+)\\\\n\".*");

    private final List<String> acknowledged = new ArrayList<>();
    private final List<String> unsynced = new ArrayList<>();
    /** Threads in the middle of a sync of the log. */
    private final Set<String> syncing = new HashSet<>();

    private boolean synced;

    private SyncTrace() {}

    static SyncTrace of(Peer peer, String synchronous, int commits, Path output) throws Exception {
        List<String> strace = List.of(
                "strace",
                "-f",
                "-y",
                "--seccomp-bpf",
                "-e",
                "trace=fdatasync,fsync,write,pwrite64",
                "-o",
                output.toString());
        Process process = ChildJvm.of(
                        strace, CommitLoop.class, peer.address(), synchronous, "1", String.valueOf(commits))
                .start();
        try (var lines = process.inputReader()) {
            while (lines.readLine() != null) {}
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.waitFor();
        }
        return read(output);
    }

    private static SyncTrace read(Path output) throws IOException {
        SyncTrace trace = new SyncTrace();
        for (String line : Files.readAllLines(output)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                trace.accept(matcher.group(1), matcher.group(2));
            }
        }
        return trace;
    }

    private void accept(String thread, String call) {
        Matcher said = SAID.matcher(call);
        if (WAL_WRITE.matcher(call).matches()) {
            synced = false;
        } else if (WAL_SYNC.matcher(call).matches()) {
            synced = call.endsWith("= 0");
            if (call.endsWith("<unfinished ...>")) {
                syncing.add(thread);
            }
        } else if (SYNC_RESUMED.matcher(call).matches() && syncing.remove(thread)) {
            synced = call.endsWith("= 0");
        } else if (said.matches()) {
            said(said.group(1), said.group(2));
        }
    }

    private void said(String what, String id) {
        if (what.equals("begin")) {
            synced = false;
        } else {
            acknowledged.add(id);
            if (!synced) {
                unsynced.add(id);
            }
        }
    }

    List<String> acknowledged() {
        return acknowledged;
    }

    /** Acknowledged though nothing had been synced since its beginning, or more had been written since. */
    List<String> acknowledgedUnsynced() {
        return unsynced;
    }
}
