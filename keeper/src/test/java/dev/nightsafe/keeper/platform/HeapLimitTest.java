package dev.nightsafe.keeper.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapLimitTest {
    private static final long MB = 1 << 20;

    private long committed = 100 * MB;
    private long used = 20 * MB;
    private int collections;
    private final HeapLimit heap = new HeapLimit(() -> committed, () -> used, this::collect);

    @Test
    void it_is_collected_when_it_is_much_larger_than_what_was_in_use_and_not_before() {
        assertThat(collectionsAt(132)).isZero();
        assertThat(collectionsAt(133)).isEqualTo(1);
        assertThat(collectionsAt(158)).isEqualTo(1); // 20 in use, half as much again, and 128
        assertThat(collectionsAt(159)).isEqualTo(2);
    }

    @Test
    void where_much_is_in_use_it_may_be_as_much_larger() {
        used = 200 * MB;
        assertThat(collectionsAt(300)).isEqualTo(1);
        assertThat(collectionsAt(428)).isEqualTo(1);
        assertThat(collectionsAt(429)).isEqualTo(2);
    }

    @Test
    void a_collector_that_gives_nothing_back_is_not_asked_again_and_again() {
        committed = 900 * MB;
        HeapLimit stays = new HeapLimit(() -> committed, () -> used, () -> collections++);
        for (int second = 0; second < 10; second++) {
            stays.hold();
        }
        assertThat(collections).isZero();
        committed = 933 * MB;
        for (int second = 0; second < 10; second++) {
            stays.hold();
        }
        assertThat(collections).isEqualTo(1);
    }

    private void collect() {
        collections++;
        committed = 100 * MB;
    }

    private int collectionsAt(long megabytes) {
        committed = megabytes * MB;
        heap.hold();
        return collections;
    }
}
