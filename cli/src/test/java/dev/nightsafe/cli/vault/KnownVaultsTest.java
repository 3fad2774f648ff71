package dev.nightsafe.cli.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.cli.platform.Terminal;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownVaultsTest {
    /** Another command, that has read the file and writes it half a second later, or as soon as somebody else did. */
    private static final String OTHER_COMMAND = """
            import fcntl, os, sys, time
            folder = sys.argv[1]
            os.makedirs(folder, exist_ok=True)
            with open(folder + "/known-vaults.lock", "w") as lock:
                fcntl.lockf(lock, fcntl.LOCK_EX)
                print("reading", flush=True)
                until = time.monotonic() + 0.5
                while time.monotonic() < until and not os.path.exists(folder + "/known-vaults"):
                    time.sleep(0.01)
                with open(folder + "/known-vaults", "w") as known:
                    known.write("another line\\n")
            """;

    @TempDir
    Path home;

    @Test
    void commands_at_once_lose_no_vault() throws Exception {
        List<String> names =
                IntStream.range(0, 40).mapToObj(number -> "v" + number).toList();
        try (ExecutorService commands = Executors.newFixedThreadPool(8)) {
            List<? extends Future<?>> all = names.stream()
                    .map(name -> commands.submit(() -> known().require(name, lock(name, 1))))
                    .toList();
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(lines()).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void commands_at_once_keep_the_newest_lock() throws Exception {
        try (ExecutorService commands = Executors.newFixedThreadPool(8)) {
            List<? extends Future<?>> all = IntStream.rangeClosed(1, 100)
                    .mapToObj(serial -> commands.submit(() -> {
                        try {
                            known().require("v", lock("v", serial));
                        } catch (dev.nightsafe.cli.platform.CliException older) {
                            assertThat(older).hasMessageContaining("an older lock");
                        }
                    }))
                    .toList();
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(lines()).singleElement().asString().endsWith(" 100");
    }

    @Test
    void a_command_waits_until_another_process_has_written() throws Exception {
        Path folder = home.resolve("cli");
        Process other = new ProcessBuilder("python3", "-c", OTHER_COMMAND, folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = other.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("reading");
            known().require("v", lock("v", 1));
            assertThat(other.waitFor()).isZero();
        }
        assertThat(lines()).hasSize(2);
        assertThat(lines().getFirst()).isEqualTo("another line");
    }

    private KnownVaults known() {
        return new KnownVaults(Terminal.ofProcess(), home, "sha256:root", "default");
    }

    private static ConsoleApi.LockForDeposit lock(String vault, long serial) {
        return new ConsoleApi.LockForDeposit("w", "id-of-" + vault, "s", "l", "", serial, "", "", 1);
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(home.resolve("cli/known-vaults"));
    }
}
