package dev.nightsafe.keeper.grants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.protocol.keeper.GrantBundle;
import dev.nightsafe.testkit.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OpenedBundlesTest {
    private static final byte[] BOX = {1, 2, 3};
    private static final byte[] HASH = {4};
    private static final byte[] MAC = {5};

    private final SettableClock clock = SettableClock.atPresent();
    private final AtomicInteger opened = new AtomicInteger();
    private final OpenedBundles bundles = new OpenedBundles(this::open, clock);

    @Test
    void those_that_ask_at_once_cost_one_opening_and_get_all_the_same() throws Exception {
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                answers.add(workers.submit(() -> value(deposit(1, BOX, HASH, MAC))));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("value-1");
            }
        }
        assertThat(opened).hasValue(1);
    }

    @Test
    void whatever_differs_is_opened_anew() {
        value(deposit(1, BOX, HASH, MAC));
        value(deposit(2, BOX, HASH, MAC));
        value(deposit(1, new byte[] {1, 2, 4}, HASH, MAC));
        value(deposit(1, BOX, new byte[] {6}, MAC));
        value(deposit(1, BOX, HASH, new byte[] {6}));
        assertThat(opened).hasValue(5);
    }

    @Test
    void I1_nothing_is_kept_for_longer_than_a_minute() {
        value(deposit(1, BOX, HASH, MAC));
        clock.advance(Duration.ofSeconds(59));
        bundles.forgetExpired();
        assertThat(bundles.size()).isEqualTo(1);
        value(deposit(1, BOX, HASH, MAC)); // doesn't make it last longer
        clock.advance(Duration.ofSeconds(1));
        assertThat(value(deposit(1, BOX, HASH, MAC))).isEqualTo("value-1");
        assertThat(opened).hasValue(2);
        clock.advance(Duration.ofSeconds(60));
        bundles.forgetExpired();
        assertThat(bundles.size()).isZero();
    }

    @Test
    void I1_a_clock_that_was_set_back_keeps_nothing_for_longer() {
        value(deposit(1, BOX, HASH, MAC));
        clock.advance(Duration.ofHours(-1));
        bundles.forgetExpired();
        assertThat(bundles.size()).isZero();
    }

    @Test
    void a_failure_is_not_kept() {
        OpenedBundles failing = new OpenedBundles(
                _ -> {
                    opened.incrementAndGet();
                    throw new NightsafeException(ProblemCode.SECRET_UNREADABLE, "no");
                },
                clock);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> failing.open(List.of(deposit(1, BOX, HASH, MAC))))
                    .isInstanceOf(NightsafeException.class);
        }
        assertThat(opened).hasValue(2);
    }

    @Test
    void what_would_be_more_than_its_room_is_opened_each_time() {
        OpenedBundles large = new OpenedBundles(_ -> bundle(new byte[9 << 20]), clock);
        large.open(List.of(deposit(1, BOX, HASH, MAC))).close();
        large.open(List.of(deposit(2, BOX, HASH, MAC))).close();
        assertThat(large.size()).isEqualTo(1);
        clock.advance(Duration.ofMinutes(1));
        large.open(List.of(deposit(2, BOX, HASH, MAC))).close();
        assertThat(large.size()).isEqualTo(1);
    }

    @Test
    void once_closed_it_keeps_nothing() {
        value(deposit(1, BOX, HASH, MAC));
        bundles.close();
        assertThat(value(deposit(1, BOX, HASH, MAC))).isEqualTo("value-1");
        assertThat(bundles.size()).isZero();
    }

    private GrantBundle open(List<Released> released) {
        opened.incrementAndGet();
        return bundle(("value-" + released.getFirst().secret().version()).getBytes(StandardCharsets.UTF_8));
    }

    private static GrantBundle bundle(byte[] value) {
        return new GrantBundle(List.of(new GrantBundle.Entry("v", "KEY", 1, true, SecretBytes.takeFrom(value))));
    }

    private String value(Released released) {
        try (SecretBytes encoded = bundles.open(List.of(released));
                GrantBundle bundle = GrantBundle.decode(encoded)) {
            return bundle.entries().getFirst().value().exposing(bytes -> new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private static Released deposit(long version, byte[] box, byte[] hash, byte[] mac) {
        return new Released(
                new ConsoleTables.Vault("v1", "w1", "v", "lock"),
                new ConsoleTables.Secret("v1", "KEY", version, "suite", "lock", box, hash, mac, new byte[0], true, 0));
    }
}
