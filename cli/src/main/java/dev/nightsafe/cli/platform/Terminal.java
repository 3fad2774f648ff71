package dev.nightsafe.cli.platform;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command runs: its streams, always UTF-8 whatever the locale, its environment, and the person at the keyboard.
 *
 * @param out data: what a script reads
 * @param err everything else: progress, warnings, errors
 * @param style colours for both, or none
 */
public record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Keyboard keyboard,
        Style style) {

    /** This process's. */
    public static Terminal ofProcess() {
        Map<String, String> environment = System.getenv();
        Keyboard keyboard = Keyboard.ofProcess();
        Style style = isErrorElsewhere() ? Style.PLAIN : Style.of(environment, keyboard);
        return new Terminal(
                new FileInputStream(FileDescriptor.in),
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                environment,
                keyboard,
                style);
    }

    /** One line on standard error, at once. */
    public void say(String line) {
        err.println(line);
        err.flush();
    }

    /** A warning on standard error. */
    public void warn(String text) {
        say(style.warning("warning:") + " " + text);
    }

    /** True when standard error goes to a file or a pipe, as far as Linux tells. */
    private static boolean isErrorElsewhere() {
        try {
            return !Files.readSymbolicLink(Path.of("/proc/self/fd/2")).startsWith("/dev");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new java.io.BufferedOutputStream(new FileOutputStream(descriptor), 8192),
                false,
                StandardCharsets.UTF_8);
    }
}
