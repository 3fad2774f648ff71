package dev.nightsafe.core.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.sealing.Repeat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageTest {
    @Test
    void the_fields_can_be_read_back_so_no_two_lists_make_the_same_bytes() {
        Repeat.times(1_000, random -> {
            List<byte[]> fields = fields(random);
            Message message = Message.of("purpose");
            fields.forEach(message::add);
            List<byte[]> read = read(message.bytes());
            assertThat(read.getFirst()).asString().isEqualTo("purpose");
            assertThat(read.subList(1, read.size()))
                    .usingElementComparator(Arrays::compare)
                    .isEqualTo(fields);
        });
    }

    @Test
    void what_moves_from_one_field_to_the_next_changes_the_bytes() {
        assertThat(Message.of("p").add("ab").add("c").bytes())
                .isNotEqualTo(Message.of("p").add("a").add("bc").bytes())
                .isNotEqualTo(Message.of("p").add("abc").bytes())
                .isNotEqualTo(Message.of("p").add("ab").add("c").add("").bytes());
    }

    @Test
    void texts_that_differ_make_other_bytes() {
        Repeat.times(1_000, random -> {
            String one = Repeat.text(random);
            String other = Repeat.text(random);
            assertThat(Arrays.equals(Message.of(one).bytes(), Message.of(other).bytes()))
                    .isEqualTo(one.equals(other));
        });
    }

    @Test
    void a_broken_surrogate_is_refused() {
        for (String broken : List.of("\ud800", "a\udc00b", "\udc00\ud800")) {
            assertThatThrownBy(() -> Message.of("p").add(broken)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static List<byte[]> fields(Random random) {
        List<byte[]> fields = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            fields.add(Repeat.bytes(random, 20));
        }
        return fields;
    }

    private static List<byte[]> read(byte[] message) {
        List<byte[]> fields = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(message);
        while (in.hasRemaining()) {
            byte[] field = new byte[in.getInt()];
            in.get(field);
            fields.add(field);
        }
        return fields;
    }
}
