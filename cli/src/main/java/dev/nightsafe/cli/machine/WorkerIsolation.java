package dev.nightsafe.cli.machine;

import dev.nightsafe.cli.platform.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Whether a runner started here could isolate its workers. The runner decides; this says it before. */
public final class WorkerIsolation {
    private static final int PATIENCE_SECS = 10;

    private WorkerIsolation() {}

    /** Why it couldn't, empty when it could or when that can't be told from here. */
    public static Optional<String> problem(Map<String, String> environment) {
        Optional<Boolean> root = isRoot();
        if (root.isEmpty()) {
            return Optional.empty();
        }
        return root.get() ? problemForRoot(environment) : problemForOthers(environment);
    }

    /** What to do about it, to follow on a problem. */
    public static String advice(Path runnerYaml) {
        return "install what is missing, or add the line 'isolation: none' to " + runnerYaml
                + ", knowing that a worker can then reach what its runner can";
    }

    private static Optional<String> problemForRoot(Map<String, String> environment) {
        return Programs.find("setpriv", environment).isPresent()
                ? Optional.empty()
                : Optional.of("setpriv (package util-linux) isn't installed");
    }

    private static Optional<String> problemForOthers(Map<String, String> environment) {
        Optional<Path> bwrap = Programs.find("bwrap", environment);
        if (bwrap.isEmpty()) {
            return Optional.of("bubblewrap (package bubblewrap) isn't installed");
        }
        return succeeds(List.of(bwrap.get().toString(), "--unshare-user", "--ro-bind", "/", "/", "true"))
                ? Optional.empty()
                : Optional.of("the kernel, or a container around this, doesn't let bubblewrap make user namespaces");
    }

    private static boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (process.waitFor(PATIENCE_SECS, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
        } catch (IOException e) {
            // As a failure.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private static Optional<Boolean> isRoot() {
        try {
            return Optional.of(Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
