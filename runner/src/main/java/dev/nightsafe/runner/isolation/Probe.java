package dev.nightsafe.runner.isolation;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Tries out whether this machine lets a command run. */
final class Probe {
    private static final long SECONDS = 10;

    private Probe() {}

    /** True when it ends with 0 in time. */
    static boolean succeeds(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            if (process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
