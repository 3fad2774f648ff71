package dev.nightsafe.cli.demo;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.core.config.Settings;
import dev.nightsafe.core.keys.KeyFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The demo's own data folder, with settings that keep it apart from everything else on the machine. */
final class DemoHome {
    private static final int FIRST_PORT = 7610;
    private static final int LAST_PORT = 7990;
    private static final String MARK = "demo.txt";
    private static final Pattern LISTEN = Pattern.compile("(?m)^listen: 127\\.0\\.0\\.1:([0-9]{1,5})$");

    private final Path home;

    private DemoHome(Path home) {
        this.home = home;
    }

    /** {@code $NIGHTSAFE_HOME/demo}, or {@code $NIGHTSAFE_HOME} itself when that is a demo's already. */
    static DemoHome of(Map<String, String> environment) {
        Path home = Settings.home(environment);
        return new DemoHome(Files.exists(home.resolve(MARK)) ? home : home.resolve("demo"));
    }

    Path path() {
        return home;
    }

    void create() {
        KeyFile.folder(home);
        write(
                MARK,
                "Made by nightsafe demo. To be rid of it: NIGHTSAFE_HOME=" + home
                        + " nightsafe down, then delete this folder.\n");
    }

    /** Writes the servers' settings, with ports that are free now; those of the last time if they still are. */
    void choosePorts() {
        OptionalInt before = firstPort();
        if (before.isPresent() && areFree(before.getAsInt())) {
            return;
        }
        int port = FIRST_PORT;
        while (!areFree(port)) {
            port += 3;
            if (port > LAST_PORT) {
                throw CliException.failed("no three free ports from " + FIRST_PORT + " up", "stop what holds them");
            }
        }
        write(
                "console.yaml",
                "listen: 127.0.0.1:" + port + "\nkeeper-internal: https://127.0.0.1:" + (port + 2) + "\n");
        write("keeper.yaml", "listen: 127.0.0.1:" + (port + 1) + "\ninternal-listen: 127.0.0.1:" + (port + 2) + "\n");
    }

    /** Writes what the runner may run: this repository, for this queue. */
    void writeRunnerSettings(String gitUrl, String queue) {
        int keeper = firstPort().orElseThrow() + 1;
        write(
                "runner.yaml",
                "keeper: http://127.0.0.1:" + keeper + "\nname: demo\nisolation: none\nallow:\n  git: ["
                        + Output.compact(gitUrl) + "]\n  queues: [" + Output.compact(queue) + "]\n");
    }

    private OptionalInt firstPort() {
        try {
            Path file = home.resolve("console.yaml");
            Matcher listen = LISTEN.matcher(Files.exists(file) ? Files.readString(file) : "");
            return listen.find() ? OptionalInt.of(Integer.parseInt(listen.group(1))) : OptionalInt.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("can't read the demo's settings", e);
        }
    }

    private static boolean areFree(int first) {
        for (int port = first; port < first + 3; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                socket.getLocalPort();
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    private void write(String name, String text) {
        KeyFile.write(home.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }
}
