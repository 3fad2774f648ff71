package dev.nightsafe.keeper.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitersTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Waiters waiters = new Waiters();

    @Test
    void what_happens_between_looking_and_waiting_is_not_missed() {
        try (Waiters.Ticket ticket = waiters.enter("a")) {
            waiters.wakeOne("a");
            assertThat(ticket.await(LONG)).isTrue();
            assertThat(ticket.await(Duration.ZERO)).isFalse();
        }
    }

    @Test
    void one_is_woken_and_it_is_the_one_that_waited_longest() {
        try (Waiters.Ticket first = waiters.enter("a");
                Waiters.Ticket second = waiters.enter("a")) {
            waiters.wakeOne("a");
            assertThat(second.await(Duration.ZERO)).isFalse();
            assertThat(first.await(Duration.ZERO)).isTrue();
            waiters.wakeOne("a");
            assertThat(second.await(Duration.ZERO)).isTrue();
        }
    }

    @Test
    void a_wake_up_that_was_not_used_is_passed_on() {
        try (Waiters.Ticket second = waiters.enter("a")) {
            try (Waiters.Ticket first = waiters.enter("a")) {
                waiters.wakeOne("a");
                waiters.wakeOne("a");
                assertThat(second.await(LONG)).isTrue();
                assertThat(first.await(Duration.ZERO)).isTrue();
                waiters.wakeAll("a");
            }
            assertThat(second.await(Duration.ZERO)).isTrue();
        }
        try (Waiters.Ticket second = waiters.enter("b")) {
            Waiters.Ticket first = waiters.enter("b");
            waiters.wakeOne("b");
            second.close();
            waiters.enter("b").close();
            assertThat(first.await(LONG)).isTrue();
            first.close();
        }
    }

    @Test
    void keys_do_not_wake_each_other_and_are_forgotten() {
        try (Waiters.Ticket ticket = waiters.enter("a")) {
            waiters.wakeAll("b");
            assertThat(ticket.await(Duration.ZERO)).isFalse();
            assertThat(waiters.keys()).containsExactly("a");
        }
        assertThat(waiters.keys()).isEmpty();
    }

    @Test
    void closing_ends_all_waiting_now_and_later() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> waits = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Waiters.Ticket ticket = waiters.enter("a");
                waits.add(executor.submit(() -> ticket.await(LONG)));
            }
            waiters.close();
            for (Future<Boolean> wait : waits) {
                assertThat(wait.get()).isFalse();
            }
        }
        assertThat(waiters.enter("a").await(LONG)).isFalse();
    }

    /** Things are put into a queue with one wake-up each; takers look, then wait: none may stay behind. */
    @Test
    void nothing_stays_behind_with_many_takers_and_makers() throws Exception {
        int things = 2000;
        ConcurrentLinkedQueue<Integer> queue = new ConcurrentLinkedQueue<>();
        AtomicInteger taken = new AtomicInteger();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> takers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                takers.add(executor.submit(() -> take(queue, taken, things)));
            }
            for (int i = 0; i < things; i++) {
                queue.add(i);
                waiters.wakeOne("a");
            }
            for (Future<?> taker : takers) {
                taker.get();
            }
        }
        assertThat(taken).hasValue(things);
    }

    private void take(ConcurrentLinkedQueue<Integer> queue, AtomicInteger taken, int things) {
        while (taken.get() < things) {
            try (Waiters.Ticket ticket = waiters.enter("a")) {
                boolean waiting = true;
                while (queue.poll() == null && waiting) {
                    waiting = ticket.await(LONG);
                }
                if (waiting && taken.incrementAndGet() == things) {
                    waiters.close();
                }
            }
        }
    }
}
