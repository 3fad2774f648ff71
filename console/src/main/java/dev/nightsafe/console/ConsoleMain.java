package dev.nightsafe.console;

import dev.nightsafe.console.platform.ConsoleSettings;
import dev.nightsafe.console.platform.Logging;
import dev.nightsafe.core.config.Settings;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.process.ThisProcess;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.springframework.boot.web.server.PortInUseException;

/**
 * Starts the console. Writes one line to standard output, when it listens; logs go to standard error. {@code --train}
 * starts it on a folder of its own, uses it once and ends: what an AOT cache is made from.
 */
public final class ConsoleMain {
    private static final String TRAIN = "--train";

    private ConsoleMain() {}

    public static void main(String[] args) {
        Logging.configure();
        System.Logger log = System.getLogger(ConsoleMain.class.getName());
        ThisProcess.shield().forEach(what -> log.log(System.Logger.Level.INFO, what));
        try {
            if (Arrays.asList(args).contains(TRAIN)) {
                Training.run();
                System.exit(0);
            }
            Console console = Console.start(settings(args));
            System.out.println("nightsafe console ready on " + console.address());
        } catch (RuntimeException e) {
            complain(e);
            System.exit(1);
        }
    }

    private static ConsoleSettings settings(String... args) {
        try {
            return ConsoleSettings.of(Settings.load("console", ConsoleSettings.DEFAULTS, System.getenv(), args));
        } catch (IllegalArgumentException e) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    /** What an operator can do something about is one line; anything else is a stack trace. */
    @SuppressWarnings("CatchAndPrintStackTrace") // there is nobody else to tell
    private static void complain(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PortInUseException port) {
                System.err.println("nightsafe console: port " + port.getPort()
                        + " is in use; stop what uses it, or set 'listen' to another");
                return;
            }
            if (cause instanceof NightsafeException || cause instanceof UncheckedIOException) {
                System.err.println("nightsafe console: " + cause.getMessage());
                return;
            }
        }
        failure.printStackTrace();
    }
}
