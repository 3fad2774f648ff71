package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What programs printed, where queue and runner let it leave. */
class TaskLogsTest extends KeeperTestCase {
    private static final Duration RETENTION = Duration.ofHours(1);

    private ConsoleRole.Queue queue;
    private RunnerRole runner;
    private String id = "";
    private KeeperApi.TaskLease task;

    @BeforeEach
    void take() {
        queue = console.queue(workspace, "work", deployment());
        runner = runner("r1", "work");
        InternalApi.TaskLimits limits = new InternalApi.TaskLimits(3, RETENTION.toSeconds(), 0, 0, 0);
        id = console.submit(queue, limits, ConsoleRole.task("default", 1, "{}", null))
                .getFirst()
                .id();
        task = runner.takeOne(runner.lease());
    }

    @Test
    void lines_come_in_their_order_and_once_although_a_call_was_repeated() {
        add(0, "one", "two").as(KeeperApi.Accepted.class);
        add(0, "one", "two").as(KeeperApi.Accepted.class);
        add(1, "two").as(KeeperApi.Accepted.class);
        add(2, "three").as(KeeperApi.Accepted.class);
        ConsoleApi.TaskLogs logs = read("");
        assertThat(texts(logs)).containsExactly("one", "two", "three");
        assertThat(logs.cut()).isFalse();
        assertThat(logs.state()).isEqualTo("running");
        ConsoleApi.LogPart first = logs.items().getFirst();
        assertThat(first.source()).isEqualTo("out");
        assertThat(first.attempt()).isEqualTo(1);
        assertThat(first.at()).isEqualTo("1970-01-01T00:00:05Z");

        ConsoleApi.TaskLogs none = read(logs.next());
        assertThat(none.items()).isEmpty();
        add(3, "four").as(KeeperApi.Accepted.class);
        assertThat(texts(read(none.next()))).containsExactly("four");
    }

    @Test
    void of_each_attempt_what_it_printed_is_kept_and_the_last_is_the_last() {
        add(0, "first try").as(KeeperApi.Accepted.class);
        runner.fail(task, "again", true).as(KeeperApi.Ended.class);
        add(1, "too late").refusedWith(ProblemCode.LEASE_LOST);
        clock.advance(Duration.ofSeconds(3));
        task = runner.takeOne(runner.lease());
        add(0, "second try").as(KeeperApi.Accepted.class);
        runner.succeed(task, "1").as(KeeperApi.Ended.class);
        ConsoleApi.TaskLogs logs = read("");
        assertThat(texts(logs)).containsExactly("first try", "second try");
        assertThat(logs.items()).extracting(ConsoleApi.LogPart::attempt).containsExactly(1, 2);
        assertThat(logs.state()).isEqualTo("succeeded");
    }

    @Test
    void a_task_keeps_the_newest_mebibyte_and_says_that_more_was_there() {
        String block = "x".repeat(60_000);
        for (int i = 0; i < 20; i++) {
            add(i, i + block).as(KeeperApi.Accepted.class);
        }
        ConsoleApi.TaskLogs logs = read("");
        assertThat(logs.cut()).isTrue();
        assertThat(logs.items()).hasSize((1 << 20) / 60_002);
        assertThat(logs.items().getLast().text()).startsWith("19x");
        assertThat(read(logs.next()).cut()).isFalse();
    }

    @Test
    void what_is_too_much_or_malformed_or_anothers_is_refused() {
        add(0, "x".repeat(1 << 16) + "x").refusedWith(ProblemCode.BODY_TOO_LARGE);
        add(0).refusedWith(ProblemCode.BAD_REQUEST);
        add(-1, "x").refusedWith(ProblemCode.BAD_REQUEST);
        send(new KeeperApi.TaskLogs(task.fencing(), 0, List.of(new KeeperApi.LogPart(1, "syslog", "x"))))
                .refusedWith(ProblemCode.BAD_REQUEST);
        send(new KeeperApi.TaskLogs(task.fencing() + 1, 0, List.of(new KeeperApi.LogPart(1, "out", "x"))))
                .refusedWith(ProblemCode.LEASE_LOST);
        RunnerRole another = runner("r2", "work");
        another.send("POST", "/v1/task-leases/" + task.leaseId() + "/logs", logs(0, "x"))
                .refusedWith(ProblemCode.LEASE_LOST);
        assertThat(read("").items()).isEmpty();
        ask("nonsense").refusedWith(ProblemCode.BAD_REQUEST);
    }

    @Test
    void another_workspace_sees_no_such_task() {
        add(0, "mine").as(KeeperApi.Accepted.class);
        String other = console.workspace("other-" + id);
        console.keeper()
                .send("GET", "/internal/v1/tasks/" + id + "/logs?workspaceId=" + other, null, null)
                .refusedWith(ProblemCode.NOT_FOUND);
    }

    @Test
    void I1_lines_rest_encrypted_and_go_with_their_task() throws IOException {
        add(0, "printed-canary-0001").as(KeeperApi.Accepted.class);
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as("%s", file)
                        .doesNotContain("printed-canary-0001");
            }
        }
        assertThat(texts(read(""))).containsExactly("printed-canary-0001");
        String rows = "SELECT COUNT(*) FROM task_log WHERE task_id = '" + id + "'";
        assertThat(keeperRow(rows)).contains("1");
        runner.succeed(task, "1").as(KeeperApi.Ended.class);
        clock.advance(RETENTION);
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!keeperRow(rows).equals(Optional.of("0"))) {
            assertThat(System.nanoTime()).as("the lines are still there").isLessThan(until);
        }
    }

    private Wire.Answer add(long first, String... texts) {
        return send(logs(first, texts));
    }

    private KeeperApi.TaskLogs logs(long first, String... texts) {
        return new KeeperApi.TaskLogs(
                task.fencing(),
                first,
                Stream.of(texts)
                        .map(text -> new KeeperApi.LogPart(5_000, "out", text))
                        .toList());
    }

    private Wire.Answer send(KeeperApi.TaskLogs logs) {
        return runner.send("POST", "/v1/task-leases/" + task.leaseId() + "/logs", logs);
    }

    private Wire.Answer ask(String after) {
        return console.keeper()
                .send(
                        "GET",
                        "/internal/v1/tasks/" + id + "/logs?workspaceId=" + workspace
                                + (after.isEmpty() ? "" : "&after=" + after),
                        null,
                        null);
    }

    private ConsoleApi.TaskLogs read(String after) {
        return ask(after).as(ConsoleApi.TaskLogs.class);
    }

    private static List<String> texts(ConsoleApi.TaskLogs logs) {
        return logs.items().stream().map(ConsoleApi.LogPart::text).toList();
    }
}
