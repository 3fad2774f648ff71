package dev.nightsafe.console;

import dev.nightsafe.console.platform.ConsoleSettings;
import dev.nightsafe.console.platform.Logging;
import dev.nightsafe.core.config.Settings;
import dev.nightsafe.core.problem.NightsafeException;
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
        try {
            if (Arrays.asList(args).contains(TRAIN)) {
                Training.run();
                System.exit(0);
            }
            Settings settings = Settings.load("console", ConsoleSettings.DEFAULTS, System.getenv(), args);
            Console console = Console.start(ConsoleSettings.of(settings));
            System.out.println("nightsafe console ready on " + console.address());
        } catch (RuntimeException e) {
            complain(e);
            System.exit(1);
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
            if (cause instanceof NightsafeException
                    || cause instanceof UncheckedIOException
                    || (cause instanceof IllegalArgumentException && cause == failure)) {
                System.err.println("nightsafe console: " + cause.getMessage());
                return;
            }
        }
        failure.printStackTrace();
    }
}
