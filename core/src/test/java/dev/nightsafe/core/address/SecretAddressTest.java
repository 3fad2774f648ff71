package dev.nightsafe.core.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nightsafe.core.Seeds;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SecretAddressTest {
    @Test
    void all_parts_are_read_and_absent_ones_are_null() {
        assertThat(SecretAddress.parse("secret://production/acme/search/api-keys/OPENAI_API_KEY@7"))
                .isEqualTo(new SecretAddress("production", "acme", "search", "api-keys", "OPENAI_API_KEY", 7L));
        assertThat(SecretAddress.parse("secret://_/acme/_/tls/server.key"))
                .isEqualTo(new SecretAddress(null, "acme", null, "tls", "server.key", null));
        assertThat(SecretAddress.parse("secret://_/acme/_/tls/_@1").key()).isEqualTo("_");
    }

    @Test
    void an_address_that_is_written_is_read_back() {
        Seeds.forEach(2_000, random -> {
            SecretAddress address = address(random);
            assertThat(SecretAddress.parse(address.toString())).isEqualTo(address);
        });
    }

    @Test
    void what_can_be_read_is_written_the_same() {
        Seeds.forEach(5_000, random -> {
            String damaged = damaged(address(random).toString(), random);
            try {
                assertThat(SecretAddress.parse(damaged)).hasToString(damaged);
            } catch (NightsafeException e) {
                assertThat(e.code()).isIn(ProblemCode.INVALID_NAME, ProblemCode.RESERVED_NAME);
            }
        });
    }

    @Test
    void two_addresses_never_have_one_spelling() {
        Seeds.forEach(2_000, random -> {
            SecretAddress one = address(random);
            SecretAddress other = address(random);
            assertThat(one.toString().equals(other.toString())).isEqualTo(one.equals(other));
        });
    }

    @Test
    void anything_else_is_refused_and_says_which_part() {
        refused("", "begins with secret://");
        refused("SECRET://_/w/_/v/k", "begins with secret://");
        refused("vault://v/k", "begins with secret://");
        refused("secret://_/w/_/v", "this one has 4");
        refused("secret://_/w/_/v/k/x", "this one has 6");
        refused("secret://_/w/_/v/k/", "this one has 6");
        refused("secret:///w/_/v/k", "not a domain name");
        refused("secret://_//_/v/k", "not a workspace name");
        refused("secret://_/_/_/v/k", "not a workspace name");
        refused("secret://_/w/../v/k", "not a project name");
        refused("secret://_/w/_/_/k", "not a vault name");
        refused("secret://_/w/_/v%2e/k", "not a vault name");
        refused("secret://_/w/_/v/", "not a key");
        refused("secret://_/w/_/v/k\u0435y", "not a key");
        refused("secret://_/w/_/v/k ", "not a key");
        refused("secret://_/w/_/v/PATH", "reserved");
        for (String version :
                List.of("", "0", "01", "-1", "+1", "1.0", "latest", "1@2", "1234567890123456789", "\u0661")) {
            refused("secret://_/w/_/v/k@" + version, "version after '@'");
        }
    }

    @Test
    void an_address_can_not_be_made_of_wrong_parts() {
        assertThatThrownBy(() -> new SecretAddress("_", "w", null, "v", "k", null))
                .isInstanceOf(NightsafeException.class);
        assertThatThrownBy(() -> new SecretAddress(null, "w", null, "v", "k@1", null))
                .isInstanceOf(NightsafeException.class);
        assertThatThrownBy(() -> new SecretAddress(null, "w", null, "v", "k", 0L))
                .isInstanceOf(NightsafeException.class);
        assertThatThrownBy(() -> new SecretAddress(null, "w", null, "v", "k", Long.MAX_VALUE))
                .isInstanceOf(NightsafeException.class);
    }

    @Test
    void the_newest_version_has_no_number() {
        assertThat(SecretAddress.parse("secret://_/w/_/v/k@3").newest()).hasToString("secret://_/w/_/v/k");
    }

    private static void refused(String address, String why) {
        assertThat(catchThrowableOfType(NightsafeException.class, () -> SecretAddress.parse(address)))
                .hasMessageContaining(why);
    }

    private static SecretAddress address(Random random) {
        return new SecretAddress(
                maybe("dev", random),
                name("ws", random),
                maybe("p", random),
                name("v-", random),
                name("K.", random),
                random.nextBoolean() ? null : 1 + random.nextLong(999_999_999_999_999_999L));
    }

    private static @Nullable String maybe(String start, Random random) {
        return random.nextBoolean() ? null : name(start, random);
    }

    private static String name(String start, Random random) {
        return start + random.nextInt(10) + "_-".charAt(random.nextInt(2));
    }

    private static String damaged(String address, Random random) {
        String other = "/@_%. \u0000é-0:A";
        int at = random.nextInt(address.length());
        char c = other.charAt(random.nextInt(other.length()));
        return address.substring(0, at) + c + address.substring(at + random.nextInt(2));
    }
}
