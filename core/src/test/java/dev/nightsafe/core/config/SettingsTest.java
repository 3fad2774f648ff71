package dev.nightsafe.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.yaml.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private static final Map<String, String> DEFAULTS = Map.of(
            "listen", "127.0.0.1:7601", "folder", "${home}/keeper", "lease-secs", "30", "tls-key", "", "allow", "");

    @TempDir
    Path home;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void useTheFolder() {
        environment.put("NIGHTSAFE_HOME", home.toString());
    }

    @Test
    void a_flag_wins_over_the_environment_over_the_file_over_the_default() throws IOException {
        assertThat(load().get("listen")).isEqualTo("127.0.0.1:7601");
        write("listen: file:1\n");
        assertThat(load().get("listen")).isEqualTo("file:1");
        environment.put("NIGHTSAFE_KEEPER_LISTEN", "environment:2");
        assertThat(load().get("listen")).isEqualTo("environment:2");
        assertThat(load("--listen", "flag:3").get("listen")).isEqualTo("flag:3");
        assertThat(load("--listen=flag=4").get("listen")).isEqualTo("flag=4");
    }

    @Test
    void the_data_folder_stands_in_defaults() {
        assertThat(load().home()).isEqualTo(home);
        assertThat(load().path("folder")).isEqualTo(home.resolve("keeper"));
        assertThat(Settings.home(Map.of())).isEqualTo(Path.of(System.getProperty("user.home"), ".nightsafe"));
        assertThat(Settings.home(Map.of("NIGHTSAFE_HOME", " "))).endsWithRaw(Path.of(".nightsafe"));
    }

    @Test
    void values_are_taken_as_they_are_spelled() throws IOException {
        write("listen: 010\nlease-secs: '45'\ntls-key: ~\n");
        assertThat(load().get("listen")).isEqualTo("010");
        assertThat(load().number("lease-secs", 1, 60)).isEqualTo(45);
        assertThat(load().find("tls-key")).isEmpty();
    }

    @Test
    void an_empty_value_takes_a_setting_away() {
        environment.put("NIGHTSAFE_KEEPER_LISTEN", "");
        assertThat(load().find("listen")).isEmpty();
        assertThatThrownBy(() -> load().get("listen"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("setting 'listen' is missing; give it in " + home.resolve("keeper.yaml")
                        + ", as NIGHTSAFE_KEEPER_LISTEN or as --listen");
    }

    @Test
    void an_unknown_setting_stops_the_start_and_names_its_place() throws IOException {
        stops("--lisen: unknown setting 'lisen'; did you mean 'listen'?", "--lisen", "x");
        environment.put("NIGHTSAFE_KEEPER_LEASE_SEC", "5");
        stops("the variable NIGHTSAFE_KEEPER_LEASE_SEC: unknown setting 'lease-sec'; did you mean 'lease-secs'?");
        write("# comment\n\nlease_secs: 5\n");
        stops(file() + ":3:1: unknown setting 'lease_secs'; did you mean 'lease-secs'?");
    }

    @Test
    void settings_of_other_parts_are_left_alone() {
        environment.put("NIGHTSAFE_CONSOLE_LISTEN", "x");
        environment.put("NIGHTSAFE_MASTER_KEY", "x");
        assertThat(load().get("listen")).isEqualTo("127.0.0.1:7601");
    }

    @Test
    void a_malformed_file_stops_the_start_with_line_and_column_but_without_its_values() throws IOException {
        write("listen: s3cret: x\n");
        stops(file() + ":1:15: not YAML: mapping values are not allowed here; check indentation, quotes and brackets");
        write("listen: a\nfolder: b\nlisten: s3cret\n");
        stops(file() + ":3:1: 'listen' is here twice, first at line 1; keep one");
        write("- s3cret\n");
        stops(file() + ":1:1: the file must have 'name: value' lines");
        write("listen: !!java s3cret\nfolder: !x s3cret\n");
        assertThatThrownBy(this::load)
                .hasMessageContaining(file() + ":1:9: tags")
                .hasMessageContaining(file() + ":2:9: tags");
    }

    @Test
    void an_empty_file_changes_nothing() throws IOException {
        write("# nothing yet\n");
        assertThat(load().get("listen")).isEqualTo("127.0.0.1:7601");
    }

    @Test
    void a_file_that_can_not_be_read_stops_the_start() throws IOException {
        Files.createSymbolicLink(home.resolve("keeper.yaml"), home.resolve("absent"));
        assertThatThrownBy(this::load)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keeper.yaml:1:1: can't be read");
    }

    @Test
    void malformed_flags_stop_the_start_and_are_not_repeated() {
        stops("argument 1 must be a flag; write --name value or --name=value", "s3cret");
        stops("argument 3 must be a flag; write --name value or --name=value", "--listen", "x", "s3cret");
        stops("--listen needs a value; write --listen value", "--listen");
    }

    @Test
    void a_number_out_of_range_names_where_it_stands() throws IOException {
        write("listen: x\nlease-secs: soon\n");
        assertThatThrownBy(() -> load().number("lease-secs", 1, 60))
                .hasMessage(file() + ":2:1: 'lease-secs' must be a whole number from 1 to 60");
        assertThatThrownBy(() -> load("--lease-secs=61").number("lease-secs", 1, 60))
                .hasMessage("--lease-secs: 'lease-secs' must be a whole number from 1 to 60");
    }

    @Test
    void a_list_or_fields_are_given_to_a_part_that_asks_for_them_only() throws IOException {
        write("allow:\n  git: [https://host/a]\nlisten: [a]\n");
        assertThat(load().structure("allow").map(YamlNode::plain)).contains(Map.of("git", List.of("https://host/a")));
        assertThat(load().structure("folder")).isEmpty();
        assertThatThrownBy(() -> load().get("listen"))
                .hasMessage(file() + ":3:1: 'listen' must be one value, not a list");
        assertThat(load("--listen=x").get("listen")).isEqualTo("x");
    }

    @Test
    void a_setting_with_a_password_stands_where_nobody_else_can_read_it() throws IOException {
        write("listen: s3cret\n");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> load().requirePrivate("listen"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file() + ":1:1: 'listen' has a password, and every user of this machine can read " + file()
                        + "; run: chmod o-r " + file());
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
        load().requirePrivate("listen");
        assertThatThrownBy(() -> load("--listen=s3cret").requirePrivate("listen"))
                .hasMessageStartingWith("--listen: 'listen' has a password, and every user of this machine can see")
                .hasMessageNotContaining("s3cret");
        environment.put("NIGHTSAFE_KEEPER_LISTEN", "s3cret");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        load().requirePrivate("listen");
        load().requirePrivate("folder");
    }

    private Settings load(String... arguments) {
        return Settings.load("keeper", DEFAULTS, environment, arguments);
    }

    private void stops(String message, String... arguments) {
        assertThatThrownBy(() -> load(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private Path file() {
        return home.resolve("keeper.yaml");
    }

    private void write(String text) throws IOException {
        Files.writeString(file(), text);
    }
}
