package dev.nightsafe.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("NullAway.Init") // before each test
class ProcessGroupTest {
    /** A signal that is blocked is pending from when it was sent on: so it can be told that none was sent. */
    private static final String MEMBER =
            "import os, signal, time; signal.pthread_sigmask(signal.SIG_BLOCK, [15]); print(os.getpid(), flush=True);"
                    + " time.sleep(600)";

    private Process leader;
    private long member;

    /** A leader that ends when its input does, and another in its group. */
    @BeforeEach
    void start() throws IOException {
        leader = new ProcessBuilder(
                        "setsid", "/bin/sh", "-c", "/usr/bin/python3 -I -S -c '" + MEMBER + "' 2>/dev/null & read line")
                .start();
        member = Long.parseLong(Objects.requireNonNull(leader.inputReader().readLine()));
    }

    @AfterEach
    void end() throws Exception {
        ProcessHandle.of(member).ifPresent(ProcessHandle::destroyForcibly);
        endLeader();
    }

    @Test
    void what_is_in_the_group_gets_what_its_leader_gets() throws Exception {
        try (ProcessGroup group = ProcessGroup.of(leader)) {
            group.send(Signals.TERM);
        }
        assertThat(wasSignalled()).isTrue();
        assertThat(leader.waitFor()).isEqualTo(128 + Signals.TERM);
    }

    @Test
    void what_an_ended_leader_left_is_reached_by_a_descriptor_from_before_where_the_kernel_can() throws Exception {
        try (ProcessGroup group = ProcessGroup.of(leader)) {
            endLeader();
            group.send(Signals.TERM);
            assertThat(wasSignalled()).isEqualTo(kernelSignalsGroups());
        }
    }

    /** The number may be that of another group by then. */
    @Test
    void no_group_is_signalled_by_the_number_of_a_leader_that_has_ended() throws Exception {
        endLeader();
        Signals.send(leader, Signals.TERM);
        try (ProcessGroup late = ProcessGroup.of(leader)) {
            late.send(Signals.TERM);
        }
        assertThat(wasSignalled()).isFalse();
    }

    private void endLeader() throws Exception {
        leader.getOutputStream().close();
        leader.waitFor();
    }

    private static boolean kernelSignalsGroups() {
        String[] version = System.getProperty("os.version").split("[^0-9]+", 3);
        int major = Integer.parseInt(version[0]);
        return ProcessDescriptor.isSupported() && (major > 6 || (major == 6 && Integer.parseInt(version[1]) >= 9));
    }

    private boolean wasSignalled() throws IOException {
        String pending = Files.readAllLines(Path.of("/proc/" + member + "/status")).stream()
                .filter(line -> line.startsWith("ShdPnd:"))
                .findFirst()
                .orElseThrow();
        long signals =
                Long.parseLong(pending.substring(pending.indexOf(':') + 1).strip(), 16);
        return (signals >> (Signals.TERM - 1) & 1) == 1;
    }
}
