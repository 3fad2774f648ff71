package dev.nightsafe.runner.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.address.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerConfigTest {
    private static final String ALLOW = "allow: {git: [], queues: ['*']}\n";

    @TempDir
    Path folder;

    @Test
    void all_fields_are_read() throws IOException {
        RunnerConfig config = read("""
                keeper: https://keeper.example.com:7601
                name: site-a-1
                isolation: user
                allow:
                  git: [https://git.example.com/a.git, 'dir:/srv/tasks']
                  queues: [one, two]
                  vaults: [api-keys]
                  local: []
                python: /usr/bin/python3
                workers: 3
                ca: /etc/ssl/site.pem
                heartbeat-secs: 5
                token-file: /run/token
                """);
        assertThat(config.keeper()).hasToString("https://keeper.example.com:7601");
        assertThat(config.workers()).isEqualTo(3);
        assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.allow().vaults()).isEqualTo(List.of("api-keys"));
        assertThat(config.folder()).isEqualTo(folder.resolve("runner"));
    }

    @Test
    void an_unknown_field_is_an_error_that_names_its_line() {
        assertThatThrownBy(() -> read("keeper: https://k\n" + ALLOW + "isolaton: none\n"))
                .hasMessageContaining("runner.yaml:3:1")
                .hasMessageContaining("'isolaton'")
                .hasMessageContaining("did you mean 'isolation'?");
        assertThatThrownBy(() -> read("keeper: https://k\nallow:\n  git: []\n  queue: ['*']\n"))
                .hasMessageContaining("runner.yaml:4:3")
                .hasMessageContaining("'queue'");
    }

    @Test
    void a_host_s_name_becomes_a_name_that_a_runner_may_have() {
        assertThat(RunnerConfig.nameOf("Web-1.Example.COM")).isEqualTo("web-1-example-com");
        assertThat(RunnerConfig.nameOf("_.host")).isEqualTo("host");
        assertThat(RunnerConfig.nameOf("fe80::1%eth0")).isEqualTo("fe80--1-eth0");
        for (String host : List.of("", "...", "ä.ö", "a".repeat(63) + ".example.com", "-x", "\u0000", "LOCALHOST")) {
            assertThat(Names.requireName("runner", RunnerConfig.nameOf(host))).isNotEmpty();
        }
    }

    @Test
    void what_may_run_must_be_written() {
        assertThatThrownBy(() -> read("keeper: https://k\n")).hasMessageContaining("'allow' is missing");
        assertThatThrownBy(() -> read("keeper: https://k\nallow: {queues: ['*']}\n"))
                .hasMessageContaining("'git'");
        assertThatThrownBy(() -> read("keeper: https://k\nallow: {git: []}\n")).hasMessageContaining("'queues'");
    }

    @Test
    void wrong_values_name_their_line() {
        assertThatThrownBy(() -> read("keeper: ftp://k\n" + ALLOW)).hasMessageContaining("runner.yaml:1:1");
        assertThatThrownBy(() -> read("keeper: https://k\n" + ALLOW + "workers: none\n"))
                .hasMessageContaining("runner.yaml:3:1");
        assertThatThrownBy(() -> read("keeper: https://k\n" + ALLOW + "isolation: docker\n"))
                .hasMessageContaining("namespace, user or none");
        assertThatThrownBy(() -> read("keeper: https://k\n" + ALLOW + "name: a\nname: b\n"))
                .hasMessageContaining("runner.yaml:4:1");
        assertThatThrownBy(() -> read("keeper: [\n")).hasMessageContaining("runner.yaml");
        assertThatThrownBy(() -> read("a: &a [x]\nb: *c\n")).hasMessageContaining("runner.yaml");
    }

    @Test
    void plain_http_is_for_this_machine_only() throws IOException {
        for (String near : List.of("localhost", "127.0.0.1", "127.1.2.3", "'http://[::1]:7601'")) {
            String address = near.startsWith("'") ? near : "http://" + near + ":7601";
            assertThat(read("keeper: " + address + "\n" + ALLOW).keeper()).hasScheme("http");
        }
        for (String far :
                List.of("k", "keeper.example.com", "10.0.0.1", "127.0.0.1.example.com", "localhost.evil", "0")) {
            assertThatThrownBy(() -> read("keeper: http://" + far + ":7601\n" + ALLOW))
                    .hasMessageContaining("https://")
                    .hasMessageContaining("runner.yaml:1:1");
        }
    }

    @Test
    void an_absent_file_says_what_to_write() {
        assertThatThrownBy(() -> RunnerConfig.read(folder.resolve("none.yaml"), Map.of()))
                .hasMessageContaining("keeper: https://");
    }

    private RunnerConfig read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("runner.yaml"), text);
        return RunnerConfig.read(file, Map.of("NIGHTSAFE_HOME", folder.toString()));
    }
}
