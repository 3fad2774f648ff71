package dev.nightsafe.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpaqueTokenTest {
    private static final String VECTOR = "nst_" + "00ff".repeat(16) + "_e2d5b3ca";

    @Test
    void a_token_has_prefix_randomness_and_checksum() {
        String token = OpaqueToken.generate(OpaqueToken.API);
        assertThat(token).matches("nst_[0-9a-f]{64}_[0-9a-f]{8}");
        assertThat(OpaqueToken.isWellFormed(OpaqueToken.API, token)).isTrue();
        assertThat(OpaqueToken.suffix(token)).isEmpty();
        assertThat(OpaqueToken.generate(OpaqueToken.API)).isNotEqualTo(token);
    }

    @Test
    void the_checksum_never_changes_from_version_to_version() {
        assertThat(OpaqueToken.isWellFormed(OpaqueToken.API, VECTOR)).isTrue();
    }

    @Test
    void an_enrolment_token_carries_its_suffix() {
        String fingerprint = "5e".repeat(32);
        String token = OpaqueToken.generate(OpaqueToken.ENROLMENT, fingerprint);
        assertThat(OpaqueToken.isWellFormed(OpaqueToken.ENROLMENT, token)).isTrue();
        assertThat(OpaqueToken.suffix(token)).contains(fingerprint);
    }

    @Test
    void a_suffix_that_could_be_taken_for_another_part_is_refused() {
        for (String suffix : List.of("", "a_b", "A", "a b", "sha256:00")) {
            assertThatThrownBy(() -> OpaqueToken.generate(OpaqueToken.ENROLMENT, suffix))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_token_of_another_kind_is_not_well_formed() {
        assertThat(OpaqueToken.isWellFormed(OpaqueToken.API, OpaqueToken.generate(OpaqueToken.ACCESS)))
                .isFalse();
        assertThat(OpaqueToken.isWellFormed(OpaqueToken.API, OpaqueToken.generate("nstx")))
                .isFalse();
    }

    @Test
    void a_changed_or_cut_token_is_not_well_formed() {
        Seeds.forEach(2_000, random -> {
            String token = OpaqueToken.generate(OpaqueToken.API);
            int at = random.nextInt(token.length());
            char other = "0123456789abcdefgzG_ \n".charAt(random.nextInt(22));
            String changed = token.substring(0, at) + other + token.substring(at + random.nextInt(2));
            assertThat(OpaqueToken.isWellFormed(OpaqueToken.API, changed)).isEqualTo(changed.equals(token));
            assertThat(OpaqueToken.isWellFormed(OpaqueToken.API, token.substring(0, at)))
                    .isFalse();
        });
    }

    @Test
    void what_is_no_token_is_not_well_formed() {
        for (String text :
                List.of("", "_", "nst", "nst_", "nst__", "nst_00000000", "nst_a_00000000", "_".repeat(10_000))) {
            assertThat(OpaqueToken.isWellFormed(OpaqueToken.API, text)).isFalse();
            assertThat(OpaqueToken.suffix(text)).isEmpty();
        }
    }

    @Test
    void a_database_keeps_the_sha_256_of_a_token() {
        assertThat(OpaqueToken.hash("abc"))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
