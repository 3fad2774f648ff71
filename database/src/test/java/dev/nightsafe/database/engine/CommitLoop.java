package dev.nightsafe.database.engine;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.testkit.ChildJvm;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A process that commits in a loop, and says on stdout {@code begin <id>} before and {@code ack <id>} after each commit,
 * or {@code refused <code>} and ends. Arguments: address, SQLite's {@code synchronous}, callers, commits of each.
 */
final class CommitLoop {
    private CommitLoop() {}

    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        Tuning tuning = new Tuning(args[1], Duration.ofSeconds(5), Duration.ofMinutes(1), 4096, 256);
        Database database = Databases.open(DatabaseAddress.parse(args[0]), Schema.CONSOLE, tuning);
        OpenConsole console = OpenConsole.of(database, OpenConsole.CHAIN);
        List<Thread> callers = IntStream.range(0, Integer.parseInt(args[2]))
                .mapToObj(caller -> Thread.ofPlatform()
                        .start(() -> commitFor(console, "c" + caller, Integer.parseInt(args[3]), out)))
                .toList();
        for (Thread caller : callers) {
            caller.join();
        }
    }

    private static void commitFor(OpenConsole console, String caller, int commits, PrintStream out) {
        try {
            for (int i = 0; i < commits; i++) {
                String id = caller + "-" + i;
                say(out, "begin " + id);
                console.create(id);
                say(out, "ack " + id);
            }
        } catch (NightsafeException e) {
            say(out, "refused " + e.code());
        }
    }

    /** One write, whole or not at all. */
    private static void say(PrintStream out, String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (out) {
            out.write(bytes, 0, bytes.length);
            out.flush();
        }
    }

    /** Starts one that goes on until it is killed, or refused. */
    static Running start(Peer peer, int callers, String... launcher) throws IOException {
        return new Running(ChildJvm.of(
                        List.of(launcher),
                        CommitLoop.class,
                        peer.address(),
                        "FULL",
                        String.valueOf(callers),
                        String.valueOf(Integer.MAX_VALUE))
                .start());
    }

    /** A loop in another process, killed when closed. */
    static final class Running implements AutoCloseable {
        private static final String ACK = "ack ";
        private static final String REFUSED = "refused ";

        private final Process process;
        private final BufferedReader lines;
        private final Set<String> acknowledged = new LinkedHashSet<>();
        private final List<String> refusals = new ArrayList<>();

        private Running(Process process) {
            this.process = process;
            this.lines = process.inputReader(StandardCharsets.UTF_8);
        }

        void awaitAcknowledged(int count) throws IOException {
            while (acknowledged.size() < count && read()) {}
        }

        /** Ends it with SIGKILL in the middle of what it does; all that it said until then. */
        Set<String> killed() throws IOException {
            // Not through Process, which would close the pipe with what is still in it.
            process.toHandle().destroyForcibly();
            return ended();
        }

        /** All that it said until it ended. */
        Set<String> ended() throws IOException {
            while (read()) {}
            return acknowledged;
        }

        List<String> refusals() {
            return refusals;
        }

        private boolean read() throws IOException {
            String line = lines.readLine();
            if (line == null) {
                return false;
            }
            if (line.startsWith(ACK)) {
                acknowledged.add(line.substring(ACK.length()));
            } else if (line.startsWith(REFUSED)) {
                refusals.add(line.substring(REFUSED.length()));
            }
            return true;
        }

        @Override
        public void close() throws InterruptedException {
            process.destroyForcibly();
            process.waitFor();
        }
    }
}
