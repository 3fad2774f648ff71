package dev.nightsafe.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
}
