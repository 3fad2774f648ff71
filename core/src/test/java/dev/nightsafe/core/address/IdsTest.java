package dev.nightsafe.core.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdsTest {
    @Test
    void ids_rise_also_within_a_millisecond() {
        assertThat(Stream.generate(Ids::next).limit(10_000).toList()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void ids_are_uuids_of_version_7_with_the_time_in_front() {
        long before = System.currentTimeMillis();
        UUID id = UUID.fromString(Ids.next());
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isBetween(before, System.currentTimeMillis() + 10_000);
    }
}
