package dev.nightsafe.console.platform;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/**
 * Logs go to standard error, one line each. Frameworks only speak up when something is wrong, and leave it to
 * {@code ConsoleMain} to say why a start failed.
 */
public final class Logging {
    private static final String CONFIGURATION = """
            handlers = java.util.logging.ConsoleHandler
            .level = INFO
            java.util.logging.ConsoleHandler.level = ALL
            java.util.logging.ConsoleHandler.formatter = java.util.logging.SimpleFormatter
            java.util.logging.SimpleFormatter.format = %1$tFT%1$tT.%1$tL%1$tz %4$s %3$s: %5$s%6$s%n
            org.apache.level = WARNING
            org.springframework.level = WARNING
            org.flywaydb.level = WARNING
            com.zaxxer.level = WARNING
            org.springframework.boot.SpringApplication.level = OFF
            org.springframework.boot.web.server.servlet.context.level = OFF
            org.springframework.boot.tomcat.servlet.DeferredServletContainerInitializers.level = OFF
            """;

    private Logging() {}

    public static void configure() {
        try {
            LogManager.getLogManager()
                    .readConfiguration(new ByteArrayInputStream(CONFIGURATION.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
