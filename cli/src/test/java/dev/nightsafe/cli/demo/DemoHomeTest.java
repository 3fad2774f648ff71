package dev.nightsafe.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoHomeTest {
    @TempDir
    Path folder;

    @Test
    void the_demo_has_a_folder_of_its_own_and_finds_it_again_from_inside() {
        DemoHome home = DemoHome.of(Map.of("NIGHTSAFE_HOME", folder.toString()));
        assertThat(home.path()).isEqualTo(folder.resolve("demo"));
        home.create();
        assertThat(DemoHome.of(Map.of("NIGHTSAFE_HOME", home.path().toString())).path())
                .isEqualTo(folder.resolve("demo"));
    }

    @Test
    void ports_are_kept_while_they_are_free_and_chosen_anew_when_not() throws IOException {
        DemoHome home = DemoHome.of(Map.of("NIGHTSAFE_HOME", folder.toString()));
        home.create();
        home.choosePorts();
        String first = Files.readString(home.path().resolve("console.yaml"));
        home.choosePorts();
        assertThat(Files.readString(home.path().resolve("console.yaml"))).isEqualTo(first);
        int port = Integer.parseInt(first.replaceAll("(?s)listen: 127\\.0\\.0\\.1:([0-9]+)\n.*", "$1"));
        try (ServerSocket other = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
            assertThat(other.isBound()).isTrue();
            home.choosePorts();
            assertThat(Files.readString(home.path().resolve("console.yaml"))).isNotEqualTo(first);
        }
        home.writeRunnerSettings("file:///a b", "summarize");
        assertThat(Files.readString(home.path().resolve("runner.yaml")))
                .contains("isolation: none\n", "git: [\"file:///a b\"]", "queues: [\"summarize\"]");
    }
}
