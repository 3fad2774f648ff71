package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Renewal;
import dev.nightsafe.core.queue.Renewal.OnChange;
import dev.nightsafe.core.queue.Renewal.Signal;
import dev.nightsafe.core.queue.Renewal.Versions;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** A later attempt that must have the values of the first one. */
class SameVersionsTest extends RunnerTestCase {
    @ParameterizedTest
    @EnumSource(Deployment.Mode.class)
    void it_is_done_with_those_by_a_worker_of_its_own_and_the_next_task_with_the_newest(Deployment.Mode mode) {
        FakeKeeper.Queue queue = serve(mode);
        try (RunningRunner runner = start()) {
            FakeKeeper.Task first = keeper.submit(queue, "{}");
            assertThat(seen(first).get(0).asString()).isEqualTo("0-eulav-tsrif");
            KeeperApi.SameValues values = new KeeperApi.SameValues(first.grants.getLast(), List.of("v/KEY@1"));
            keeper.deposit("v", "KEY", "second-value-0");
            keeper.restart(queue);
            keeper.await("the restart", () -> queue.restarted() == 1);

            FakeKeeper.Task retry = keeper.submit(queue, "{}", values);
            assertThat(seen(retry).get(0).asString()).isEqualTo("0-eulav-tsrif");
            assertThat(keeper.grants().stream().map(KeeperApi.GrantRequest::valuesOf))
                    .contains(values.grant());
            assertThat(retry.grants.getLast())
                    .as("tied to the grant that it had")
                    .isEqualTo(keeper.grantFor(values));
            assertThat(seen(keeper.submit(queue, "{}")).get(0).asString()).isEqualTo("0-eulav-dnoces");
        }
    }

    @ParameterizedTest
    @EnumSource(Deployment.Mode.class)
    void values_that_are_not_there_any_more_fail_the_task_and_say_so(Deployment.Mode mode) {
        FakeKeeper.Queue queue = serve(mode);
        try (RunningRunner runner = start()) {
            KeeperApi.SameValues gone = new KeeperApi.SameValues("a-grant-of-long-ago", List.of("v/KEY@0"));
            KeeperApi.TaskResult result = keeper.result(keeper.submit(queue, "{}", gone));
            assertThat(result.outcome()).isEqualTo("failed");
            assertThat(result.retry()).isFalse();
            assertThat(result.error()).contains("isn't kept any more");
            assertThat(seen(keeper.submit(queue, "{}")).get(0).asString()).isEqualTo("0-eulav-tsrif");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Deployment.Mode.class, names = "LONG_RUNNING")
    void a_worker_that_has_them_anyway_does_it(Deployment.Mode mode) {
        FakeKeeper.Queue queue = serve(mode);
        try (RunningRunner runner = start()) {
            JsonNode first = seen(keeper.submit(queue, "{}"));
            KeeperApi.SameValues values = new KeeperApi.SameValues("another-runners", List.of("v/KEY@1"));
            assertThat(seen(keeper.submit(queue, "{}", values))).isEqualTo(first);
            assertThat(keeper.granted).hasSize(1);
        }
    }

    private FakeKeeper.Queue serve(Deployment.Mode mode) {
        keeper.deposit("v", "KEY", "first-value-0");
        program("return [os.environ[\"KEY\"][::-1], os.getpid()]");
        return keeper.serve(
                "work",
                RunningRunner.deployment("dir:" + folder + "/code", "python main.py", mode, List.of("v"), List.of())
                        .with(new Renewal(OnChange.NEXT_BOOTSTRAP, Signal.SIGHUP, Versions.SAME)));
    }

    private JsonNode seen(FakeKeeper.Task task) {
        KeeperApi.TaskResult result = keeper.result(task);
        assertThat(result.error()).isNull();
        return Objects.requireNonNull(result.result());
    }
}
