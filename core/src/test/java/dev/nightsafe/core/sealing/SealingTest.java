package dev.nightsafe.core.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SealingTest {
    private static final OpeningKey KEY = OpeningKey.generate(Suite.X_WING);
    private static final DepositBinding HERE = new DepositBinding("w", "v", "API_KEY", 3, true);

    @AfterAll
    static void wipe() {
        KEY.close();
    }

    @Test
    void what_is_sealed_opens_at_its_place() {
        Repeat.times(100, random -> {
            byte[] value = Repeat.bytes(random, 3_000);
            DepositBinding binding = binding(random);
            assertThat(open(
                            KEY,
                            binding,
                            Sealing.seal(KEY.lock(), binding.info(KEY.lock().id()), secret(value))))
                    .isEqualTo(value);
        });
    }

    @Test
    void a_box_moved_anywhere_else_does_not_open() {
        Repeat.times(100, random -> {
            DepositBinding from = binding(random);
            DepositBinding to = binding(random);
            if (!from.equals(to)) {
                assertDoesNotOpen(KEY, to, seal(from, "value"));
            }
        });
    }

    @Test
    void a_box_moved_to_another_vault_does_not_open() {
        assertDoesNotOpen(KEY, new DepositBinding("w", "v2", "API_KEY", 3, true), seal(HERE, "value"));
    }

    @Test
    void fields_do_not_run_into_each_other() {
        assertDoesNotOpen(
                KEY,
                new DepositBinding("w", "vA", "PI_KEY", 3, true),
                seal(new DepositBinding("w", "v", "API_KEY", 3, true), "value"));
    }

    @Test
    void another_key_does_not_open_it() {
        try (OpeningKey other = OpeningKey.generate(Suite.X_WING)) {
            assertDoesNotOpen(other, HERE, seal(HERE, "value"));
        }
    }

    @Test
    void a_seed_under_another_lock_does_not_open_it() {
        try (OpeningKey other = OpeningKey.generate(Suite.X_WING);
                OpeningKey mixed = new OpeningKey(other.lock(), KEY.exposeSeed().copy())) {
            assertDoesNotOpen(mixed, HERE, seal(HERE, "value"));
        }
    }

    @Test
    void a_damaged_box_does_not_open() {
        Repeat.times(200, random -> {
            byte[] box = seal(HERE, "value");
            box[random.nextInt(box.length)] ^= (byte) (1 << random.nextInt(8));
            assertDoesNotOpen(KEY, HERE, box);
        });
    }

    @Test
    void a_box_cut_anywhere_or_lengthened_does_not_open() {
        byte[] box = seal(HERE, "value");
        Repeat.times(50, random -> assertDoesNotOpen(KEY, HERE, Arrays.copyOf(box, random.nextInt(box.length))));
        assertDoesNotOpen(KEY, HERE, Arrays.copyOf(box, box.length + 1));
    }

    @Test
    void noise_does_not_open() {
        Repeat.times(200, random -> assertDoesNotOpen(KEY, HERE, Repeat.bytes(random, 4_000)));
    }

    @Test
    void the_same_value_makes_another_box_each_time() {
        assertThat(seal(HERE, "value")).isNotEqualTo(seal(HERE, "value"));
    }

    @Test
    void values_of_1_to_62_bytes_make_boxes_of_one_length() {
        assertThat(seal(HERE, "x")).hasSameSizeAs(seal(HERE, "x".repeat(62))).hasSize(1120 + 64 + 16);
    }

    @Test
    void sealing_leaves_the_value_as_it_was() {
        try (SecretBytes value = secret("value".getBytes(StandardCharsets.UTF_8))) {
            Sealing.seal(KEY.lock(), HERE, value);
            assertThat(value.exposing(byte[]::clone))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("value");
        }
    }

    @Test
    void empty_values_are_refused_and_1_MiB_is_the_most() {
        assertThat(open(KEY, HERE, seal(HERE, "x".repeat(1 << 20)))).hasSize(1 << 20);
        assertRefused(ProblemCode.VALUE_TOO_LARGE, () -> seal(HERE, "x".repeat((1 << 20) + 1)));
        assertRefused(ProblemCode.VALUE_EMPTY, () -> seal(HERE, ""));
    }

    /** As a writer's own program could make it: nobody could seal that value anew. */
    @Test
    void a_box_with_a_value_that_is_none_does_not_open() {
        byte[] info = HERE.info(KEY.lock().id());
        for (int length : new int[] {0, (1 << 20) + 1}) {
            try (SecretBytes value = secret(new byte[length])) {
                assertDoesNotOpen(KEY, HERE, Sealing.seal(KEY.lock(), info, value));
            }
        }
    }

    @Test
    void only_boxes_of_possible_sizes_are_taken() {
        Sealing.requireBoxSize(Suite.X_WING, seal(HERE, "x").length);
        Sealing.requireBoxSize(Suite.X_WING, seal(HERE, "x".repeat(1 << 20)).length);
        for (int length : List.of(-1, 0, 1136, 1136 + 63, 1136 + 65, 1136 + 2048 + 64)) {
            assertRefused(ProblemCode.INVALID_BOX, () -> Sealing.requireBoxSize(Suite.X_WING, length));
        }
        int above = Padding.paddedLength((1 << 20) + 40_000);
        assertRefused(ProblemCode.VALUE_TOO_LARGE, () -> Sealing.requireBoxSize(Suite.X_WING, 1136 + above));
    }

    @Test
    void a_lock_of_wrong_length_or_content_seals_nothing() {
        assertRefused(ProblemCode.INVALID_BOX, () -> new Lock(Suite.X_WING, new byte[1215]));
        byte[] noPublicKey = new byte[1216];
        Arrays.fill(noPublicKey, (byte) 0xff);
        Lock lock = new Lock(Suite.X_WING, noPublicKey);
        try (SecretBytes value = secret(new byte[] {1})) {
            assertRefused(ProblemCode.INVALID_BOX, () -> Sealing.seal(lock, HERE, value));
        }
    }

    @Test
    void an_unknown_suite_is_refused() {
        assertRefused(ProblemCode.INVALID_BOX, () -> Suite.of("hpke-x25519-sha256-aes256gcm"));
    }

    @Test
    void an_opening_key_has_32_bytes() {
        assertThatThrownBy(() -> new OpeningKey(KEY.lock(), secret(new byte[31])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertDoesNotOpen(OpeningKey key, DepositBinding binding, byte[] box) {
        assertThatThrownBy(() -> Sealing.open(key, binding, box))
                .isInstanceOfSatisfying(
                        NightsafeException.class, e -> assertThat(e.code()).isEqualTo(ProblemCode.SECRET_UNREADABLE))
                .hasMessage(Sealing.DOES_NOT_OPEN)
                .hasNoCause();
    }

    private static void assertRefused(ProblemCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NightsafeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static DepositBinding binding(Random random) {
        return new DepositBinding(
                Repeat.text(random),
                Repeat.text(random),
                Repeat.text(random),
                1 + random.nextInt(3),
                random.nextBoolean());
    }

    private static byte[] seal(DepositBinding binding, String value) {
        try (SecretBytes secret = secret(value.getBytes(StandardCharsets.UTF_8))) {
            return Sealing.seal(KEY.lock(), binding, secret);
        }
    }

    private static byte[] open(OpeningKey key, DepositBinding binding, byte[] box) {
        try (SecretBytes opened = Sealing.open(key, binding, box)) {
            return opened.exposing(byte[]::clone);
        }
    }

    private static SecretBytes secret(byte[] value) {
        return SecretBytes.takeFrom(value.clone());
    }
}
