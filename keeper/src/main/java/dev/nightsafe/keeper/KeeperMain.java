package dev.nightsafe.keeper;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.process.ThisProcess;
import dev.nightsafe.keeper.keys.WrongMasterKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.logging.LogManager;

/** Starts the keeper; ends with 0 on SIGTERM, 2 when a setting or a key is wrong, 1 when something else is. */
public final class KeeperMain {
    private static final String LOGGING = """
            handlers=java.util.logging.ConsoleHandler
            .level=INFO
            com.zaxxer.hikari.level=WARNING
            org.flywaydb.level=WARNING
            io.helidon.level=WARNING
            io.helidon.webserver.LoomServer.level=OFF
            java.util.logging.SimpleFormatter.format=%1$tFT%1$tT.%1$tL%1$tz %4$s %3$s: %5$s%6$s%n
            """;

    private KeeperMain() {}

    public static void main(String[] args) throws InterruptedException {
        configureLogging();
        System.Logger log = System.getLogger(KeeperMain.class.getName());
        ThisProcess.shieldAndLock().forEach(what -> log.log(System.Logger.Level.INFO, what));
        try {
            if (args.length == 1 && args[0].equals("--train")) {
                Training.run();
                return;
            }
            run(args);
        } catch (IllegalArgumentException | WrongMasterKey | NightsafeException e) {
            System.err.println("nightsafe keeper: " + e.getMessage());
            System.exit(2);
        } catch (RuntimeException e) {
            System.err.println("nightsafe keeper can't start: " + rootMessage(e));
            System.exit(1);
        }
    }

    private static void run(String... args) throws InterruptedException {
        KeeperSettings settings = KeeperSettings.load(System.getenv(), args);
        Keeper keeper = Keeper.start(settings, InstantSource.system(), Duration.ofSeconds(1));
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            keeper.close();
            stopped.countDown();
        }));
        System.out.println(readyLine(settings, keeper));
        stopped.await();
    }

    private static String readyLine(KeeperSettings settings, Keeper keeper) {
        String scheme = settings.tlsCertificate() == null ? "http" : "https";
        String host = settings.listen().getAddress().getHostAddress();
        String reason = keeper.vaultsDisabled();
        return "nightsafe keeper ready on " + scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + keeper.port() + ", root " + keeper.rootFingerprint() + ", vaults "
                + (reason.isEmpty() ? "enabled" : "disabled (" + reason + ")");
    }

    private static String rootMessage(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static void configureLogging() {
        try {
            LogManager.getLogManager()
                    .readConfiguration(new ByteArrayInputStream(LOGGING.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
