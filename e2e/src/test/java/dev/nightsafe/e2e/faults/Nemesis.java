package dev.nightsafe.e2e.faults;

import dev.nightsafe.testkit.FaultyProxy;
import dev.nightsafe.testkit.FaultyProxy.Trouble;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Does what a schedule says to the installation, and puts it right again; it starts only what it ended. For one thread. */
final class Nemesis {
    static final List<String> RUNNERS = List.of("runner-1", "runner-2");

    private static final String CONSOLE = "console";
    private static final String KEEPER = "keeper";

    private final Parts parts;
    private final FaultyProxy runnersLink;
    private final FaultyProxy consolesLink;
    private final Database database;
    private final Path stamps;
    private final History history;
    private long pausedAt;
    private List<Long> paused = List.of();

    /** What can be taken away for a while. */
    interface Database {
        void stop();

        void startAgain();
    }

    Nemesis(
            Parts parts,
            FaultyProxy runnersLink,
            FaultyProxy consolesLink,
            Database database,
            Path stamps,
            History history) {
        this.parts = parts;
        this.runnersLink = runnersLink;
        this.consolesLink = consolesLink;
        this.database = database;
        this.stamps = stamps;
        this.history = history;
    }

    void apply(Schedule.Step step) {
        pause(step.pauseMillis());
        for (FaultKind kind : step.kinds()) {
            begin(kind, step.victim());
            history.add(new Event.Fault(History.now(), kind.name(), true));
        }
        pause(step.lengthMillis());
        for (FaultKind kind : step.kinds()) {
            end(kind, step.victim());
            history.add(new Event.Fault(History.now(), kind.name(), false));
        }
    }

    private void begin(FaultKind kind, int victim) {
        switch (kind) {
            case DATABASE_AWAY -> database.stop();
            case FULL_DISK_OF_CONSOLE -> parts.fullDisk(CONSOLE, true);
            case FULL_DISK_OF_KEEPER -> parts.fullDisk(KEEPER, true);
            case CUT_RUNNERS, SILENT_RUNNERS, SLOW_RUNNERS, DAMAGED_RUNNERS -> trouble(runnersLink, kind);
            case CUT_CONSOLE, SILENT_CONSOLE, SLOW_CONSOLE, DAMAGED_CONSOLE -> trouble(consolesLink, kind);
            case PAUSED_CONSOLE -> stand(List.of(parts.pid(CONSOLE)));
            case PAUSED_KEEPER -> stand(List.of(parts.pid(KEEPER)));
            case PAUSED_RUNNER -> stand(parts.family(runner(victim)));
            case KILLED_CONSOLE -> parts.kill(CONSOLE);
            case KILLED_KEEPER -> parts.kill(KEEPER);
            case KILLED_RUNNER -> parts.kill(runner(victim));
            case KILLED_WORKER -> killWorker(victim);
        }
    }

    private void end(FaultKind kind, int victim) {
        switch (kind) {
            case DATABASE_AWAY -> database.startAgain();
            case FULL_DISK_OF_CONSOLE -> parts.fullDisk(CONSOLE, false);
            case FULL_DISK_OF_KEEPER -> parts.fullDisk(KEEPER, false);
            case CUT_RUNNERS, SILENT_RUNNERS, SLOW_RUNNERS, DAMAGED_RUNNERS -> runnersLink.set(Trouble.NONE);
            case CUT_CONSOLE, SILENT_CONSOLE, SLOW_CONSOLE, DAMAGED_CONSOLE -> consolesLink.set(Trouble.NONE);
            case PAUSED_CONSOLE, PAUSED_KEEPER, PAUSED_RUNNER -> goOn();
            // One whose database goes away while it starts ends, by design; what is tried is what was up.
            case KILLED_CONSOLE -> parts.startUntilReady(CONSOLE);
            case KILLED_KEEPER -> parts.startUntilReady(KEEPER);
            case KILLED_RUNNER -> parts.start(runner(victim));
            case KILLED_WORKER -> {}
        }
    }

    private static void trouble(FaultyProxy link, FaultKind kind) {
        Trouble trouble = kind.trouble();
        if (trouble != null) {
            link.set(trouble);
        }
    }

    private static String runner(int victim) {
        return RUNNERS.get(victim % RUNNERS.size());
    }

    /** Time goes on and these don't: to their leases it is as if the clock jumped. */
    private void stand(List<Long> pids) {
        goOn(); // only one family at a time
        pausedAt = History.now();
        paused = new ArrayList<>(pids);
        Parts.signal("STOP", pids);
    }

    private void goOn() {
        if (!paused.isEmpty()) {
            Parts.signal("CONT", paused);
            history.add(new Event.Paused(pausedAt, History.now(), paused));
            paused = List.of();
        }
    }

    private void killWorker(int victim) {
        // Only a process of our runners': the number of one that has ended may be anybody's by now.
        List<Long> ours = RUNNERS.stream()
                .flatMap(runner -> parts.family(runner).stream())
                .toList();
        List<Long> workers = History.read(List.of(stamps), "\"Started\"").stream()
                .filter(event -> event instanceof Event.Started started && ours.contains(started.pid()))
                .map(event -> ((Event.Started) event).pid())
                .distinct()
                .toList();
        if (!workers.isEmpty()) {
            Parts.signal("KILL", List.of(workers.get(victim % workers.size())));
        }
    }

    private static void pause(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }
}
