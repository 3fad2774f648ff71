package dev.nightsafe.keeper.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.database.keeper.QueueStates.Waiting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final Waiting SIX = new Waiting("a", "default", 6);
    private static final Waiting THREE = new Waiting("b", "default", 3);
    private static final Waiting ONE = new Waiting("b", "slow", 1);

    private final Turns turns = new Turns(new SplittableRandom(7));

    @Test
    void sub_queues_of_several_queues_share_by_their_weights() {
        Map<Waiting, Integer> taken = take("r", 1000, List.of(SIX, THREE, ONE));
        assertThat(taken.get(SIX)).isBetween(599, 601);
        assertThat(taken.get(THREE)).isBetween(299, 301);
        assertThat(taken.get(ONE)).isBetween(99, 101);
    }

    @Test
    void one_for_which_there_was_no_room_or_no_task_does_not_catch_up() {
        take("r", 100, List.of(SIX, THREE, ONE));
        take("r", 900, List.of(SIX, THREE));
        assertThat(take("r", 20, List.of(SIX, THREE, ONE)).get(ONE)).isBetween(1, 3);
    }

    @Test
    void one_that_was_alone_owes_nothing() {
        take("r", 1000, List.of(SIX));
        assertThat(take("r", 9, List.of(SIX, THREE)).get(SIX)).isBetween(5, 7);
    }

    @Test
    void runners_that_take_one_task_each_do_not_all_begin_with_the_heaviest() {
        int light = 0;
        for (int runner = 0; runner < 1000; runner++) {
            light += take("r" + runner, 1, List.of(SIX, THREE, ONE)).getOrDefault(ONE, 0);
        }
        assertThat(light).isBetween(20, 150);
    }

    private Map<Waiting, Integer> take(String runner, int count, List<Waiting> waiting) {
        Map<Waiting, Integer> taken = new HashMap<>();
        for (int i = 0; i < count; i++) {
            Waiting next = turns.next(runner, waiting);
            turns.took(runner, next, waiting);
            taken.merge(next, 1, Integer::sum);
        }
        return taken;
    }
}
