package dev.nightsafe.core.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaddingTest {
    private static final int LARGEST = Sealing.MAX_VALUE_BYTES;

    @Test
    void a_padded_value_comes_back() {
        Repeat.times(2_000, random -> {
            byte[] value = Repeat.bytes(random, 5_000);
            byte[] padded = Padding.pad(value);
            assertThat(Arrays.copyOf(padded, Padding.valueLength(padded))).isEqualTo(value);
        });
    }

    @Test
    void every_length_pads_to_the_next_multiple_of_64_up_to_1_KiB() {
        for (int length = 0; length < 1024; length++) {
            assertThat(Padding.paddedLength(length)).isEqualTo((length + 64) / 64 * 64);
        }
    }

    @Test
    void longer_ones_pad_to_padme_lengths_which_cost_at_most_an_eighth() {
        for (int length = 1024; length <= LARGEST; length++) {
            int padded = Padding.paddedLength(length);
            assertThat(padded % 64).isZero();
            assertThat(padded).isGreaterThan(length).isLessThanOrEqualTo(length + 1 + length / 8);
            int exponent = 31 - Integer.numberOfLeadingZeros(padded);
            int kept = 32 - Integer.numberOfLeadingZeros(exponent);
            assertThat(Integer.numberOfTrailingZeros(padded)).isGreaterThanOrEqualTo(exponent - kept);
        }
    }

    @Test
    void a_million_lengths_look_like_at_most_241() {
        long distinct = IntStream.rangeClosed(0, LARGEST)
                .map(Padding::paddedLength)
                .distinct()
                .count();
        assertThat(distinct).isEqualTo(241);
    }

    @Test
    void longer_values_never_get_shorter_padding() {
        for (int length = 1; length <= LARGEST; length++) {
            assertThat(Padding.paddedLength(length)).isGreaterThanOrEqualTo(Padding.paddedLength(length - 1));
        }
    }

    @Test
    void exactly_the_lengths_that_padding_makes_are_taken() {
        boolean[] made = new boolean[4_097];
        for (int length = 0; length < 4_096; length++) {
            int padded = Padding.paddedLength(length);
            if (padded < made.length) {
                made[padded] = true;
            }
        }
        for (int length = -1; length < made.length; length++) {
            assertThat(Padding.isPaddedLength(length)).as("%d", length).isEqualTo(length >= 0 && made[length]);
        }
    }

    @Test
    void a_length_that_no_array_has_is_refused() {
        assertThatThrownBy(() -> Padding.paddedLength(Integer.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Padding.isPaddedLength(Integer.MAX_VALUE)).isFalse();
    }

    @Test
    void padding_that_pad_did_not_make_is_refused() {
        byte[] tooLong = new byte[128];
        tooLong[5] = (byte) 0x80;
        byte[] wrongMark = new byte[64];
        wrongMark[5] = 1;
        byte[] odd = {1, 2, (byte) 0x80};
        for (byte[] bad : new byte[][] {{}, new byte[64], tooLong, wrongMark, odd}) {
            assertThatThrownBy(() -> Padding.valueLength(bad))
                    .isInstanceOfSatisfying(
                            NightsafeException.class,
                            e -> assertThat(e.code()).isEqualTo(ProblemCode.SECRET_UNREADABLE))
                    .hasMessage(Sealing.DOES_NOT_OPEN);
        }
    }
}
