package dev.nightsafe.runner.workers;

import dev.nightsafe.core.queue.CommandLine;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.runner.code.Code;
import dev.nightsafe.runner.code.Sdks;
import dev.nightsafe.runner.code.VirtualEnvironment;
import dev.nightsafe.runner.inject.Injection;
import dev.nightsafe.runner.isolation.Cell;
import dev.nightsafe.runner.isolation.Isolation;
import dev.nightsafe.runner.local.WorkerLog;
import dev.nightsafe.runner.outbound.KnownValues;
import dev.nightsafe.runner.outbound.Redactor;
import dev.nightsafe.runner.process.BaseEnvironment;
import dev.nightsafe.runner.process.LaunchFrame;
import dev.nightsafe.runner.process.Programs;
import dev.nightsafe.runner.process.Spawner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Starts workers of one bootstrap: each with values freshly granted, an environment built from nothing and a cell of its
 * own. Thread-safe.
 *
 * @param grant asks the keeper for the deployment's values: the newest, or those of an earlier grant
 * @param area the queue's folder
 * @param permitted how much of what the program says may leave
 * @param news of values that workers would be granted
 */
record WorkerStarter(
        Deployment deployment,
        Disclosure permitted,
        Code code,
        VirtualEnvironment.Installed installed,
        Path area,
        Function<@Nullable String, Grants.Granted> grant,
        Isolation isolation,
        Spawner spawner,
        BaseEnvironment environment,
        KnownValues known,
        WorkerLog log,
        Timings timings,
        NewValues news) {

    /**
     * Starts worker {@code number}; it isn't ready yet.
     *
     * @param valuesOf id of a grant whose versions it is to have, and keeps; null for the newest
     * @throws dev.nightsafe.core.problem.NightsafeException when the grant is refused or a value doesn't fit
     */
    WorkerProcess start(int number, @Nullable String valuesOf) {
        CompletableFuture<Void> next = valuesOf == null ? news.next() : new CompletableFuture<>();
        Grants.Granted granted = grant.apply(valuesOf);
        try (Injection injection = Injection.of(deployment, granted.bundle())) {
            injection
                    .notRedacted()
                    .forEach(name -> log.add(
                            number + ".run", name + " is too short or too common a word to be redacted from results"));
            Redactor redactor = known.learn(Redactor.of(injection.secrets()));
            try {
                SortedSet<String> versions = injection.versions();
                WorkerValues values =
                        new WorkerValues(versions.isEmpty() ? null : granted.id(), versions, redactor::keepNewest);
                return start(number, injection, redactor, values, next);
            } catch (RuntimeException e) {
                known.forget(redactor);
                throw e;
            }
        }
    }

    private WorkerProcess start(
            int number, Injection injection, Redactor redactor, WorkerValues values, CompletableFuture<Void> next) {
        Cell cell = isolation.cell(area, Isolation.Tenant.WORKER, readable(), List.of());
        try (LaunchFrame frame = new LaunchFrame()) {
            cell.open(frame);
            variables(cell).forEach(frame::variable);
            injection.addTo(frame, cell.secrets());
            command().forEach(frame::argument);
            frame.workingFolder(code.folder().toString());
            Process process = spawner.start(cell.wrapper(), frame);
            WorkerProcess worker =
                    new WorkerProcess(process, cell, redactor, known, log, number, timings.grace(), values, permitted);
            if (deployment.renewal().isInPlace()) {
                new LiveValues(this, worker, new LiveValues.Place(process, cell, redactor), number).follow(next);
            }
            return worker;
        } catch (RuntimeException e) {
            cell.close();
            throw e;
        }
    }

    private List<Path> readable() {
        List<Path> readable = new ArrayList<>(List.of(code.folder(), installed.folder()));
        Path java = java();
        if (java != null) {
            readable.addAll(Programs.jdkFolders(java));
        }
        return readable;
    }

    private Map<String, String> variables(Cell cell) {
        Map<String, String> variables = new LinkedHashMap<>(environment.forWorker());
        variables.put("PATH", installed.environment().resolve("bin") + ":/usr/local/bin:/usr/bin:/bin");
        variables.put("VIRTUAL_ENV", installed.environment().toString());
        variables.put("HOME", cell.home());
        variables.put("TMPDIR", cell.temporary());
        String sdk = Sdks.javaClassPath(installed.environment());
        variables.put("NIGHTSAFE_JAVA_SDK", sdk);
        Path java = java();
        if (java != null) {
            variables.put("JAVA_HOME", java.toString());
            variables.put("CLASSPATH", sdk);
        }
        return variables;
    }

    private List<String> command() {
        List<String> words = new ArrayList<>(CommandLine.split(deployment.startupCmd()));
        if (words.getFirst().equals("python") || words.getFirst().equals("python3")) {
            words.set(0, installed.environment().resolve("bin/python").toString());
        }
        Path java = java();
        if (java != null) {
            words.set(0, java.resolve("bin/java").toString());
        }
        return words;
    }

    /** The JDK of a command that begins with {@code java}: the one that this runner runs on. */
    private @Nullable Path java() {
        boolean wanted = CommandLine.split(deployment.startupCmd()).getFirst().equals("java");
        return wanted ? Path.of(System.getProperty("java.home")) : null;
    }
}
