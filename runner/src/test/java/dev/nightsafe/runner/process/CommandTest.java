package dev.nightsafe.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
    /** What a worker's own user can do to the launcher that replaces its files: stop it before it has read anything. */
    @Test
    @Timeout(60)
    void a_launcher_that_takes_no_frame_is_killed_when_the_time_is_over() throws Exception {
        List<String> stopped = List.of("/bin/sh", "-c", "kill -STOP $$", "sh");
        try (Spawner spawner = new Spawner(Path.of("/usr/bin/python3"));
                LaunchFrame frame = new LaunchFrame()) {
            frame.argument("/bin/true").variable("MORE_THAN_A_PIPE_HOLDS", "x".repeat(1 << 20));
            int exit = Command.run(spawner, stopped, frame, Duration.ofMillis(500), (buffer, from, to, ending) -> {});
            assertThat(exit).isEqualTo(Command.TIMED_OUT);
        }
    }

    /** Killing the launcher doesn't end the write then: the pipe has a reader. */
    @Test
    @Timeout(60)
    void a_process_that_holds_a_launchers_pipe_open_holds_up_nobody(@TempDir Path folder) throws Exception {
        Path pid = folder.resolve("pid");
        String script = "exec 3<&0; (setsid /bin/sh -c 'echo $$ > " + pid
                + "; exec sleep 120' <&3 >/dev/null 2>&1 &); while [ ! -s " + pid + " ]; do :; done; kill -STOP $$";
        try (Spawner spawner = new Spawner(Path.of("/usr/bin/python3"));
                LaunchFrame frame = new LaunchFrame()) {
            frame.argument("/bin/true").variable("MORE_THAN_A_PIPE_HOLDS", "x".repeat(1 << 20));
            int exit = Command.run(
                    spawner,
                    List.of("/bin/sh", "-c", script, "sh"),
                    frame,
                    Duration.ofSeconds(5),
                    (buffer, from, to, ending) -> {});
            assertThat(exit).isEqualTo(Command.TIMED_OUT);
            ProcessHandle holder = ProcessHandle.of(
                            Long.parseLong(Files.readString(pid).strip()))
                    .orElseThrow();
            assertThat(holder.destroyForcibly()).as("it held it until now").isTrue();
        }
    }
}
