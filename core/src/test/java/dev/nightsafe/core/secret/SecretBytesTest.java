package dev.nightsafe.core.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SecretBytesTest {
    @Test
    void it_takes_the_bytes_over_and_zeroes_where_they_came_from() {
        byte[] value = {1, 2, 3, 4};
        try (SecretBytes secret = SecretBytes.takeFrom(value, 1, 2)) {
            assertThat(value).containsExactly(1, 0, 0, 4);
            assertThat(secret.exposing(byte[]::clone)).containsExactly(2, 3);
            assertThat(secret.length()).isEqualTo(2);
        }
    }

    @Test
    void it_may_be_empty() {
        try (SecretBytes secret = SecretBytes.takeFrom(new byte[0])) {
            assertThat(secret.exposing(byte[]::clone)).isEmpty();
        }
    }

    @Test
    void it_prints_nothing() {
        try (SecretBytes secret = SecretBytes.takeFrom(new byte[] {65, 66})) {
            assertThat(secret).hasToString("SecretBytes[********]");
        }
    }

    @Test
    void the_exposed_copy_is_zeroed_also_when_its_use_throws() {
        AtomicReference<byte[]> kept = new AtomicReference<>();
        try (SecretBytes secret = SecretBytes.takeFrom(new byte[] {1, 2})) {
            byte[] returned = secret.exposing(bytes -> bytes);
            assertThat(returned).containsExactly(0, 0);
            assertThatThrownBy(() -> secret.exposing(bytes -> {
                        kept.set(bytes);
                        throw new IllegalArgumentException("in the middle");
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(kept.get()).containsExactly(0, 0);
        }
    }

    @Test
    void closing_wipes_the_memory() {
        SecretBytes secret = SecretBytes.takeFrom(new byte[] {1, 2, 3});
        MemorySegment memory = secret.exposeSegment();
        assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3);
        secret.close();
        assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).containsExactly(0, 0, 0);
        secret.close();
    }

    @Test
    void once_closed_nothing_is_read() {
        SecretBytes secret = SecretBytes.takeFrom(new byte[] {1});
        secret.close();
        assertThatThrownBy(() -> secret.exposing(byte[]::clone)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(secret::copy).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(secret::exposeSegment).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void the_exposed_segment_can_not_be_written() {
        try (SecretBytes secret = SecretBytes.takeFrom(new byte[] {1})) {
            assertThat(secret.exposeSegment().isReadOnly()).isTrue();
        }
    }

    @Test
    void a_copy_outlives_what_it_was_made_from() {
        SecretBytes secret = SecretBytes.takeFrom(new byte[] {1, 2});
        try (SecretBytes copy = secret.copy()) {
            secret.close();
            assertThat(copy.exposing(byte[]::clone)).containsExactly(1, 2);
        }
    }

    @Test
    void it_is_copied_into_a_buffer_while_open() {
        SecretBytes secret = SecretBytes.takeFrom(new byte[] {1, 2});
        ByteBuffer out = ByteBuffer.allocate(3);
        secret.copyTo(out);
        assertThat(out.array()).containsExactly(1, 2, 0);
        secret.close();
        assertThatThrownBy(() -> secret.copyTo(out)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void what_a_failing_filler_wrote_is_wiped() {
        AtomicReference<MemorySegment> seen = new AtomicReference<>();
        assertThatThrownBy(() -> SecretBytes.filledBy(1, segment -> {
                    segment.set(ValueLayout.JAVA_BYTE, 0, (byte) 7);
                    seen.set(segment);
                    throw new IllegalArgumentException("in the middle");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(seen.get().get(ValueLayout.JAVA_BYTE, 0)).isZero();
    }

    @Test
    void a_reader_gets_the_whole_value_or_an_error_while_another_thread_closes() throws InterruptedException {
        byte[] ones = new byte[100_000];
        for (int round = 0; round < 200; round++) {
            Arrays.fill(ones, (byte) 1);
            SecretBytes secret = SecretBytes.takeFrom(ones);
            AtomicReference<Throwable> wrong = new AtomicReference<>();
            Thread reader = Thread.startVirtualThread(() -> {
                try {
                    boolean whole = secret.exposing(
                            bytes -> IntStream.range(0, bytes.length).allMatch(i -> bytes[i] == 1));
                    assertThat(whole).isTrue();
                } catch (IllegalStateException closed) {
                    // the other outcome that is promised
                } catch (Throwable e) {
                    wrong.set(e);
                }
            });
            Thread closer = Thread.startVirtualThread(secret::close);
            secret.close();
            reader.join();
            closer.join();
            assertThat(wrong.get()).isNull();
        }
    }
}
