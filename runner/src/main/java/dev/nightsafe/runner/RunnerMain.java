package dev.nightsafe.runner;

import dev.nightsafe.core.config.Settings;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.process.ThisProcess;
import dev.nightsafe.runner.agent.Start;
import dev.nightsafe.runner.agent.Training;
import dev.nightsafe.runner.local.RunnerConfig;
import dev.nightsafe.runner.workers.Timings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Starts the runner: {@code start [--token nse_… | --token-file FILE] [--config runner.yaml]}. Writes one line to standard output when the
 * keeper has answered, logs to standard error. SIGTERM drains and stops it. Exit status 2 for wrong arguments, 1 for
 * what stops it.
 */
public final class RunnerMain {
    private static final String USAGE = "usage: start [--token nse_… | --token-file FILE] [--config runner.yaml]";

    private RunnerMain() {}

    public static void main(String[] args) {
        if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT %4$s %5$s%6$s%n");
        }
        System.Logger log = System.getLogger("nightsafe.runner");
        ThisProcess.shieldAndLock().forEach(what -> log.log(System.Logger.Level.INFO, what));
        if (args.length == 1 && args[0].equals("--train")) {
            Training.run();
            return;
        }
        Arguments arguments = Arguments.parse(args);
        if (arguments == null) {
            System.err.println(USAGE);
            System.exit(2);
            return;
        }
        System.exit(start(arguments, System.getenv()));
    }

    private static int start(Arguments arguments, Map<String, String> environment) {
        try {
            Path file = arguments.config() == null
                    ? Settings.home(environment).resolve("runner.yaml")
                    : Path.of(arguments.config());
            Start start = new Start(RunnerConfig.read(file, environment), environment, Timings.DEFAULT);
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(start::stop));
            start.run(arguments.enrolmentToken(), what -> {
                System.out.println("nightsafe runner ready: " + what);
                System.out.flush();
            });
            return 0;
        } catch (IOException e) {
            System.err.println("nightsafe runner: can't read the enrolment token's file: " + e.getMessage());
            return 1;
        } catch (NightsafeException | IllegalArgumentException e) {
            System.err.println("nightsafe runner: " + e.getMessage());
            return 1;
        }
    }

    private record Arguments(
            @Nullable String token,
            @Nullable String tokenFile,
            @Nullable String config) {
        /** A file keeps the token out of the process list. */
        Optional<String> enrolmentToken() throws IOException {
            return tokenFile == null
                    ? Optional.ofNullable(token)
                    : Optional.of(Files.readString(Path.of(tokenFile)).strip());
        }

        static @Nullable Arguments parse(String[] args) {
            if (args.length == 0 || !args[0].equals("start")) {
                return null;
            }
            String token = null;
            String tokenFile = null;
            String config = null;
            for (int i = 1; i < args.length; i += 2) {
                if (i + 1 == args.length) {
                    return null;
                }
                switch (args[i]) {
                    case "--token" -> token = args[i + 1];
                    case "--token-file" -> tokenFile = args[i + 1];
                    case "--config" -> config = args[i + 1];
                    default -> {
                        return null;
                    }
                }
            }
            return new Arguments(token, tokenFile, config);
        }
    }
}
