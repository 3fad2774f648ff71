package dev.nightsafe.cli.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.cli.fake.FakeKeyboard;
import dev.nightsafe.cli.platform.Style;
import dev.nightsafe.cli.platform.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailTest {
    @TempDir
    Path folder;

    private final LinkedBlockingQueue<String> written = new LinkedBlockingQueue<>();

    /** Hands over what was written at each flush. */
    private final ByteArrayOutputStream out = new ByteArrayOutputStream() {
        @Override
        public void flush() {
            if (size() > 0) {
                written.add(toString(StandardCharsets.UTF_8));
                reset();
            }
        }
    };

    @Test
    void the_last_lines_are_shown_without_what_would_change_the_terminal() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("a.log"), "one\ntwo\nthree \u001b[2J\nfour");
        new Tail(terminal(), () -> List.of(file)).show(2);
        assertThat(next()).isEqualTo("three \\u001b[2J\nfour");
    }

    @Test
    void following_shows_what_is_added_new_files_and_a_file_that_was_begun_anew() throws Exception {
        Path first = Files.writeString(folder.resolve("a.log"), "one\n");
        Path second = folder.resolve("b.log");
        Tail tail = new Tail(terminal(), () -> Files.exists(second) ? List.of(first, second) : List.of(first));
        tail.show(10);
        Thread follower = Thread.ofPlatform().start(tail::follow);
        try {
            assertThat(next()).isEqualTo("one\n");
            Files.writeString(first, "two\n", StandardOpenOption.APPEND);
            assertThat(next()).isEqualTo("two\n");
            Path ready = Files.writeString(folder.resolve("b.tmp"), "three\n");
            Files.move(ready, second);
            assertThat(next()).isEqualTo("==> b.log <==\nthree\n");
            Path anew = Files.writeString(folder.resolve("a.tmp"), "4\n");
            Files.move(anew, first, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            assertThat(next()).isEqualTo("==> a.log <==\n4\n");
        } finally {
            follower.interrupt();
            follower.join();
        }
    }

    private String next() throws InterruptedException {
        return String.valueOf(written.poll(10, TimeUnit.SECONDS));
    }

    private Terminal terminal() {
        PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8);
        return new Terminal(
                new ByteArrayInputStream(new byte[0]), stream, stream, Map.of(), new FakeKeyboard(stream), Style.PLAIN);
    }
}
