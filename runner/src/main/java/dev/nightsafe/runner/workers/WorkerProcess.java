package dev.nightsafe.runner.workers;

import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.runner.isolation.Cell;
import dev.nightsafe.runner.local.WorkerLog;
import dev.nightsafe.runner.outbound.ErrorText;
import dev.nightsafe.runner.outbound.KnownValues;
import dev.nightsafe.runner.outbound.RedactedLines;
import dev.nightsafe.runner.outbound.Redactor;
import dev.nightsafe.runner.process.Command;
import dev.nightsafe.runner.process.Lines;
import dev.nightsafe.runner.process.ProcessGroup;
import dev.nightsafe.runner.process.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A worker that runs. Each line that it prints is redacted as bytes before anything else happens to it. Takes one task at
 * a time; for use by one thread, besides its own that read.
 */
final class WorkerProcess implements AutoCloseable {
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Process process;
    private final ProcessGroup group;
    private final Cell cell;
    private final Redactor redactor;
    private final KnownValues known;
    private final WorkerLog log;
    private final RedactedLines printed;
    private final RedactedLines complaints;
    private final int number;
    private final Duration grace;
    private final WorkerValues values;
    private final Disclosure permitted;
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final KnownTasks given = new KnownTasks();
    private volatile @Nullable Conversation conversation;
    private volatile @Nullable String misconduct;
    private volatile boolean watches;

    /**
     * @param redactor knows this worker's values; learnt by {@code known}, and forgotten when this is closed
     * @param number how the log names it
     * @param values what it was started with
     * @param permitted how much of what the program says may leave
     */
    WorkerProcess(
            Process process,
            Cell cell,
            Redactor redactor,
            KnownValues known,
            WorkerLog log,
            int number,
            Duration grace,
            WorkerValues values,
            Disclosure permitted) {
        this.process = process;
        this.group = ProcessGroup.of(process);
        this.cell = cell;
        this.redactor = redactor;
        this.known = known;
        this.log = log;
        this.number = number;
        this.grace = grace;
        this.values = values;
        this.permitted = permitted;
        this.printed = new RedactedLines(redactor, line -> print("out", line));
        this.complaints = new RedactedLines(redactor, line -> print("err", line));
        Thread out = Command.pump(process.getInputStream(), this::hear);
        Thread err = Command.pump(process.getErrorStream(), this::record);
        Thread.ofVirtual().name("end of worker " + number).start(() -> awaitEnd(out, err));
    }

    /** Which values it has. */
    WorkerValues values() {
        return values;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Completed with the exit status when the process has ended and all that it printed is read. */
    CompletableFuture<Integer> ended() {
        return ended;
    }

    /** How it ended, when {@link #ended} is completed: the program's words are in none of it. */
    String end() {
        String ownDoing = misconduct;
        return ownDoing == null ? "worker exited with " + ended.join() : ownDoing;
    }

    /** Waits for the ready line. */
    void awaitReady(Duration time) throws WorkerFailure, InterruptedException {
        try {
            CompletableFuture.anyOf(ready, ended).get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new WorkerFailure("not ready within " + time.toSeconds()
                    + " s; does it call run(), and is startup_timeout_secs long enough?");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        if (!ready.isDone()) {
            throw new WorkerFailure(end() + " before it was ready; `nightsafe runner logs` shows why");
        }
        if (!ready.join().isEmpty()) {
            throw new WorkerFailure("worker didn't start: " + permitted(ready.join()));
        }
    }

    /** Completed when it is ready, or with why it can't be. */
    CompletableFuture<String> ready() {
        return ready;
    }

    /** Tells it which of its files have new values, if it wants to hear it. */
    void tell(Collection<String> variables) {
        if (watches) {
            write(WorkerMessage.newValues(variables));
        }
    }

    /** Gives it a task. */
    Conversation give(KeeperApi.TaskLease lease, Consumer<String> progress, TaskLog taskLog) {
        Conversation begun =
                new Conversation(redactor.redact(lease.taskId()), new CompletableFuture<>(), progress, taskLog);
        given.add(begun.taskId());
        conversation = begun;
        byte[] line = WorkerMessage.task(lease);
        Thread.ofVirtual().name("task to worker " + number).start(() -> write(line));
        return begun;
    }

    private void write(byte[] line) {
        try {
            process.getOutputStream().write(line);
            process.getOutputStream().flush();
        } catch (IOException e) {
            log.add(number + ".run", "the worker doesn't read its tasks");
        }
    }

    /** Puts into the logs what is held back since a value may go on with it. */
    void flushPrinted() {
        printed.flush();
        complaints.flush();
    }

    private void print(String source, byte[] line) {
        log.add(number + "." + source, line);
        Conversation current = conversation;
        if (current != null) {
            current.log().add(source, line);
        }
    }

    private void hear(byte[] buffer, int from, int to, Lines.Ending ending) {
        if (ending == Lines.Ending.TOO_LONG) {
            hearTooLong(Arrays.copyOfRange(buffer, from, Math.min(to, from + 256)));
            return;
        }
        WorkerMessage heard = read(buffer, from, to);
        if (!(heard instanceof WorkerMessage.Other)) {
            flushPrinted(); // so that whoever sees a result finds in the log what was printed before
        }
        switch (heard) {
            case WorkerMessage.Ready(boolean wants) -> {
                watches = wants;
                ready.complete("");
            }
            case WorkerMessage.NotStarted(String error) -> {
                log.add(number + ".run", "the program can't start: " + error);
                ready.complete(error.isEmpty() ? "it gave no reason" : cut(error));
            }
            case WorkerMessage.Other() -> printed.add(buffer, from, to);
            case WorkerMessage.Reply reply -> hear(reply);
            case WorkerMessage.Broken _
            when ending == Lines.Ending.CUT_OFF ->
                log.add(number + ".run", "it ended in the middle of a message, which was dropped");
            case WorkerMessage message -> {
                Conversation current = conversation;
                if (current != null) {
                    current.hear(message);
                }
            }
        }
    }

    private void hear(WorkerMessage.Reply reply) {
        Conversation current = conversation;
        boolean expected = current != null && current.taskId().equals(reply.taskId());
        if (misconduct != null || (!expected && !given.has(reply.taskId()))) {
            breakOff();
        } else if (current == null || !expected || !current.reply().complete(reply)) {
            log.add(number + ".run", "another answer to task " + reply.taskId() + " was ignored");
        }
    }

    /** Whose answer it is can't be known any more, so nothing that this process says counts. */
    private void breakOff() {
        if (misconduct == null) {
            misconduct = "worker answered a task that it didn't have (wrong task_id)";
            log.add(number + ".run", misconduct + "; it is ended");
            Thread.ofVirtual().name("end of worker " + number).start(() -> kill(grace));
        }
    }

    private WorkerMessage read(byte[] buffer, int from, int to) {
        byte[] line = redactor.redactJson(buffer, from, to);
        if (line != null) {
            return WorkerMessage.read(line);
        }
        return WorkerMessage.speaksOfTask(redactor.redact(buffer, from, to))
                ? new WorkerMessage.Broken("the result holds a secret in a form that can't be redacted; not sent")
                : new WorkerMessage.Other();
    }

    private void hearTooLong(byte[] start) {
        log.add(number + ".run", "a line of more than " + Lines.LONGEST + " bytes was dropped");
        Conversation current = conversation;
        if (current != null && WorkerMessage.speaksOfTask(start)) {
            current.fail("the result has more than 2 MiB; store it elsewhere and return where it is");
        }
        Arrays.fill(start, (byte) 0);
    }

    private void record(byte[] buffer, int from, int to, Lines.Ending ending) {
        if (ending == Lines.Ending.TOO_LONG) {
            log.add(number + ".run", "a line of more than " + Lines.LONGEST + " bytes was dropped");
        } else {
            complaints.add(buffer, from, to);
        }
    }

    private void awaitEnd(Thread out, Thread err) {
        try {
            int exit = process.waitFor();
            out.join(LAST_WORDS);
            err.join(LAST_WORDS);
            printed.close();
            complaints.close();
            ended.complete(exit);
        } catch (InterruptedException e) {
            ended.complete(-1);
        }
    }

    /** Ends it at once: SIGTERM, and SIGKILL when it is still there after {@code patience}. */
    void kill(Duration patience) {
        if (cell.isParent()) {
            Signals.sendInside(process, Signals.TERM);
        } else {
            group.send(Signals.TERM);
        }
        await(patience);
        group.send(Signals.KILL);
        await(grace);
    }

    /** Ends it in order: its input is closed, then SIGTERM, then SIGKILL. Nothing of it is left afterwards. */
    @Override
    public void close() {
        Thread.ofVirtual().start(this::closeInput);
        await(grace);
        if (process.isAlive()) {
            kill(grace);
        }
        group.send(Signals.KILL);
        await(LAST_WORDS.multipliedBy(3));
        try {
            cell.close();
        } finally {
            group.close();
            printed.close();
            complaints.close();
            known.forget(redactor);
        }
    }

    private void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It ended already.
        }
    }

    private void await(Duration time) {
        try {
            ended.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // The caller goes on to the next means.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A failure's words leave as the reason why nothing runs; the log has all of them. */
    private String permitted(String said) {
        if (permitted.results() == Disclosure.Results.STATUS) {
            return "`nightsafe runner logs` shows why";
        }
        return ErrorText.of(said, permitted.errors());
    }

    private static String cut(String text) {
        return text.length() <= 500 ? text : text.substring(0, 500) + "…";
    }
}
