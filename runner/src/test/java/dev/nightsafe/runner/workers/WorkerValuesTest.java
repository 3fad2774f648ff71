package dev.nightsafe.runner.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.protocol.keeper.KeeperApi.SameValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorkerValuesTest {
    private static final SameValues FIRST = new SameValues("g1", List.of("v/KEY@1"));

    private final List<String> happened = new ArrayList<>();
    private final WorkerValues values = new WorkerValues("g1", Set.of("v/KEY@1"), () -> happened.add("only these"));

    private record Task(@Nullable SameValues wanted, List<String> grants) implements WorkerValues.Attempt {
        Task(@Nullable SameValues wanted) {
            this(wanted, new ArrayList<>());
        }

        @Override
        public boolean recordGrant(@Nullable String ofWorker) {
            grants.add(String.valueOf(ofWorker));
            return true;
        }
    }

    @Test
    void values_stay_while_a_task_is_in_hand_that_must_be_done_with_them() throws Exception {
        assertThat(values.begin(new Task(FIRST))).isEqualTo(WorkerValues.Begun.YES);
        assertThat(renew("g2", 2)).isFalse();
        assertThat(values.versions()).containsExactly("v/KEY@1");
        assertThat(happened).isEmpty();
        values.end();
        assertThat(renew("g2", 2)).isTrue();
        assertThat(values.versions()).containsExactly("v/KEY@2");
    }

    @Test
    void a_task_that_must_be_done_with_values_that_were_just_replaced_does_not_begin() throws Exception {
        Task task = new Task(FIRST);
        assertThat(values.fit(task)).isTrue();
        assertThat(renew("g2", 2)).isTrue();
        assertThat(values.begin(task)).isEqualTo(WorkerValues.Begun.OTHER_VALUES);
        assertThat(values.begin(new Task(null))).isEqualTo(WorkerValues.Begun.YES);
    }

    @Test
    @Timeout(60)
    void who_wants_to_replace_them_waits_for_the_end_of_that_task() throws Exception {
        values.begin(new Task(FIRST));
        CompletableFuture<Void> waited = CompletableFuture.runAsync(() -> {
            try {
                values.awaitRenewable();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(waited).isNotDone();
        values.end();
        waited.join();
    }

    @Test
    void earlier_values_are_forgotten_only_when_no_task_and_no_failed_replacing_left_them_there() throws Exception {
        values.begin(new Task(null));
        renew("g2", 2);
        assertThat(happened).containsExactly("learnt", "replaced");
        values.end();
        assertThat(happened).containsExactly("learnt", "replaced", "only these");
        happened.clear();
        assertThatThrownBy(() -> values.renew("g3", Set.of("v/KEY@3"), () -> happened.clear(), () -> {
                    throw new IllegalStateException("half done");
                }))
                .hasMessage("half done");
        assertThat(values.begin(new Task(new SameValues("g2", List.of("v/KEY@2")))))
                .isEqualTo(WorkerValues.Begun.OTHER_VALUES);
        Task any = new Task(null);
        values.begin(any);
        assertThat(any.grants).containsExactly("g2", "g3");
        values.end();
        assertThat(happened).isEmpty();
        renew("g4", 4);
        assertThat(happened).containsExactly("learnt", "replaced", "only these");
    }

    private boolean renew(String grant, int version) throws InterruptedException {
        return values.renew(
                grant, Set.of("v/KEY@" + version), () -> happened.add("learnt"), () -> happened.add("replaced"));
    }
}
