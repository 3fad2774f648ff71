package dev.nightsafe.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How programs end: SIGTERM idle and at work, a runner that is gone, a handler that exits. */
class EndTest {
    private static final int TERMINATED = 128 + 15;

    @TempDir
    Path folder;

    @Test
    void an_idle_program_ends_at_once() {
        try (FakeRunner worker = various()) {
            worker.terminate();
            assertThat(worker.ended()).isEqualTo(TERMINATED);
            assertThat(worker.nothingMore()).isTrue();
        }
    }

    @Test
    void a_program_at_work_answers_first_and_takes_no_other_task() throws Exception {
        Path gate = gate();
        try (FakeRunner worker = various()) {
            worker.send("wait", gate.toString());
            worker.send("thread", null);
            assertThat(worker.message()).containsEntry("progress", "at work");
            assertThat(worker.message()).containsEntry("progress", "still at work");
            worker.terminate();
            worker.awaitLog("asked to end");
            Files.writeString(gate, "done");
            assertThat(worker.answer()).containsEntry("result", "done");
            assertThat(worker.ended()).isEqualTo(TERMINATED);
            assertThat(worker.nothingMore()).isTrue();
        }
    }

    @Test
    void a_handler_that_exits_ends_the_program_without_waiting_for_itself() {
        try (FakeRunner worker = various()) {
            long before = System.nanoTime();
            worker.send("exit", 3);
            assertThat(worker.ended()).isEqualTo(3);
            assertThat(System.nanoTime() - before).isLessThan(10_000_000_000L);
            assertThat(worker.nothingMore()).isTrue();
        }
    }

    @Test
    void a_runner_that_is_gone_ends_the_program() throws Exception {
        Path gate = gate();
        Path log = folder.resolve("log");
        Process worker = new ProcessBuilder(FakeRunner.command("Various"))
                .redirectError(log.toFile())
                .start();
        BufferedReader answers = worker.inputReader();
        assertThat(answers.readLine()).isEqualTo("before it begins");
        assertThat(answers.readLine()).contains("ready");
        worker.outputWriter()
                .append("{\"type\":\"wait\",\"payload\":\"" + gate + "\"}\n")
                .close();
        answers.close();
        Files.writeString(gate, "done");
        assertThat(worker.waitFor()).isEqualTo(1);
        assertThat(log).content().contains("the runner closed its end; this program ends too");
    }

    private static FakeRunner various() {
        return new FakeRunner(Map.of(), "Various").ready();
    }

    /** A pipe that the handler reads until we have written. */
    private Path gate() throws IOException, InterruptedException {
        Path gate = folder.resolve("gate");
        assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor())
                .isZero();
        return gate;
    }
}
