package dev.nightsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysNewTest {
    @TempDir
    Path home;

    @Test
    void a_new_master_key_is_base64_of_32_bytes_and_each_time_another() {
        String first = Ran.with(Map.of("NIGHTSAFE_HOME", home.toString()))
                .run("keys", "new")
                .out();
        String second = Ran.with(Map.of("NIGHTSAFE_HOME", home.toString()))
                .run("keys", "new")
                .out();
        assertThat(Base64.getDecoder().decode(first.strip())).hasSize(32);
        assertThat(first).endsWith("\n").isNotEqualTo(second);
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void training_for_the_start_up_cache_needs_no_server_and_leaves_nothing() {
        Ran ran = Ran.with(Map.of("NIGHTSAFE_HOME", home.toString())).run("--train");
        assertThat(ran.code()).isZero();
        assertThat(ran.out() + ran.err()).isEmpty();
        assertThat(home).isEmptyDirectory();
    }
}
