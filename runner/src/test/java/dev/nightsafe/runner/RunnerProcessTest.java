package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.protocol.keeper.KeeperApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only shows in a process of its own: locale, signals, sudden death, the heap. */
@Tag("slow")
class RunnerProcessTest extends RunnerTestCase {
    @BeforeEach
    void letOthersPass() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void under_the_c_locale_values_arrive_byte_by_byte_and_are_redacted() throws Exception {
        String value = "pässwörd-€-😀\n";
        keeper.deposit("v", "KEY", value);
        FakeKeeper.Queue queue = serve("""
                print(os.environb[b"KEY"].decode())
                return [os.environb[b"KEY"].hex()[::-1], os.environb[b"KEY"].decode(), os.environ["LANG"]]""", "v");
        try (RunnerProcess runner = RunnerProcess.start(folder, keeper, "none")) {
            assertThat(runner.ready).isEqualTo("nightsafe runner ready: process at site site-1, isolation none");
            var result = Objects.requireNonNull(run(queue, "{}").result());
            String hex =
                    new StringBuilder(result.get(0).asString()).reverse().toString(); // as it is it would be masked
            assertThat(new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8))
                    .isEqualTo(value);
            assertThat(result.get(1).asString()).isEqualTo("********\n");
            assertThat(result.get(2).asString()).isEqualTo("C.UTF-8");
            runner.terminate();
            assertThat(Files.readString(folder.resolve("runner/logs/work.log")))
                    .contains("1.out ********")
                    .doesNotContain("pässwörd");
            assertThat(runner.errors()).doesNotContain(keeper.token).doesNotContain("Exception");
        }
    }

    @Test
    void sigterm_lets_the_task_end_gives_the_lease_back_and_leaves_no_process() throws Exception {
        FakeKeeper.Queue queue = serve("""
                import time
                say({"task_id": task["task_id"], "progress": str(os.getpid())})
                time.sleep(1)
                return "ended\"""");
        String lease = queue.leaseId;
        try (RunnerProcess runner = RunnerProcess.start(folder, keeper, "none")) {
            FakeKeeper.Task task = keeper.submit(queue, "{}");
            keeper.await("its begin", () -> !task.progress.isEmpty());
            runner.terminate();
            assertThat(String.valueOf(keeper.result(task).result())).isEqualTo("\"ended\"");
            assertThat(keeper.calls()).contains("DELETE /v1/serving/" + lease);
            assertThat(isAlive(Long.parseLong(task.progress.getFirst()))).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "user", "namespace"})
    void workers_end_with_a_runner_that_is_killed(String wanted) throws Exception {
        String isolation = wanted.equals("user") && !isRoot() ? "namespace" : wanted;
        FakeKeeper.Queue queue = serve("return 1");
        try (RunnerProcess runner = RunnerProcess.start(folder, keeper, isolation)) {
            assertThat(run(queue, "{}").outcome()).isEqualTo("succeeded");
            List<ProcessHandle> workers = runner.process.descendants().toList();
            assertThat(workers).isNotEmpty();
            runner.process.destroyForcibly();
            for (ProcessHandle worker : workers) {
                worker.onExit().get(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void no_value_is_among_the_objects_of_the_heap_not_even_while_the_worker_runs() throws Exception {
        String canary = "heap-canary-" + System.nanoTime();
        keeper.deposit("v", "KEY", canary);
        keeper.deposit("v", "LONG", canary.repeat(50));
        FakeKeeper.Queue queue = serve("""
                print(os.environ["KEY"], file=sys.stderr, flush=True)
                say({"task_id": task["task_id"], "progress": os.environ["KEY"]})
                if task["payload"] == "raise":
                    raise ValueError(os.environ["KEY"])
                return [os.environ["KEY"], os.environ["LONG"]]""", "v");
        try (RunnerProcess runner = RunnerProcess.start(folder, keeper, "none")) {
            KeeperApi.TaskResult result = run(queue, "{}");
            assertThat(String.valueOf(result.result())).isEqualTo("[\"********\",\"********\"]");
            assertThat(run(queue, "\"raise\"").error()).isEqualTo("ValueError('********')");
            // What was printed is looked at for a moment before it is passed on; only then the heap has nothing of it.
            keeper.await("both lines in the log", () -> printed().count() == 2);
            Path dump = folder.resolve("heap.hprof");
            Process jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                            Long.toString(runner.process.pid()),
                            "GC.heap_dump",
                            dump.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(jcmd.waitFor()).isZero();
            String heap = Files.readString(dump, StandardCharsets.ISO_8859_1);
            assertThat(heap.contains("nightsafe-keeper:")).isTrue(); // so that the search is known to find something
            for (Charset charset :
                    List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
                String form = new String(canary.getBytes(charset), StandardCharsets.ISO_8859_1);
                assertThat(heap.contains(form)).as(charset.name()).isFalse();
            }
        }
    }

    private Stream<String> printed() {
        try {
            return Files.readAllLines(folder.resolve("runner/logs/work.log")).stream()
                    .filter(line -> line.endsWith("1.err ********"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void wrong_arguments_and_wrong_settings_have_their_exit_status() throws Exception {
        assertThat(run(List.of())).isEqualTo(2);
        assertThat(run(List.of("start", "--tokn", "x"))).isEqualTo(2);
        assertThat(run(List.of("start", "--token"))).isEqualTo(2);
        assertThat(run(List.of("start", "--config", folder + "/none.yaml"))).isEqualTo(1);
        assertThat(run(List.of("--train"))).isZero();
    }

    private static int run(List<String> arguments) throws Exception {
        return new ProcessBuilder(RunnerProcess.command(arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
