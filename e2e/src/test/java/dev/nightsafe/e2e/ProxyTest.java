package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.testkit.ConnectProxy;
import dev.nightsafe.testkit.PrivateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A runner that reaches its keeper only through an HTTP proxy, over TLS with a certificate of the site's own authority. */
class ProxyTest {
    private static final Playground PLAY = new Playground();
    private static final Installation NIGHTSAFE = PLAY.nightsafe;
    /** Nobody resolves it but the proxy. */
    private static final String HOST = "keeper.nightsafe.test";

    private static final String PASSWORD = "p@ss/wörd-4711";
    private static final String PASSWORD_IN_ADDRESS = "p%40ss%2Fw%C3%B6rd-4711";
    private static final String VALUE = "through-the-proxy-0001";

    private static String git = "";
    private static Path ca = Path.of("");

    @BeforeAll
    static void start() throws IOException {
        PrivateAuthority authority = new PrivateAuthority("site");
        ca = authority.certificate(NIGHTSAFE.home.resolve("site-ca.pem"));
        Path certificate = NIGHTSAFE.home.resolve("keeper.crt");
        Path key = NIGHTSAFE.home.resolve("keeper.key");
        authority.issue(HOST, certificate, key);
        NIGHTSAFE.append("keeper.yaml", "tls-certificate: " + certificate + "\ntls-key: " + key + "\n");
        git = PLAY.program("fingerprint");
        NIGHTSAFE.run("up");
        PLAY.set("kept", "TOKEN", VALUE);
    }

    @AfterEach
    void stop_the_runner() throws IOException {
        NIGHTSAFE.run("down");
        NIGHTSAFE.environment.clear();
        Path folder = NIGHTSAFE.home.resolve("runner");
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
        assertThat(folder).doesNotExist();
    }

    @AfterAll
    static void stop() {
        PLAY.close();
    }

    @Test
    void a_runner_enrols_takes_a_task_and_gives_its_result_through_the_proxy_alone_and_listens_on_nothing()
            throws IOException {
        try (ConnectProxy proxy = new ConnectProxy(null)) {
            NIGHTSAFE.environment.put("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port());
            writeRunner("through-the-proxy", ca);
            NIGHTSAFE.run("up");
            requireTaskDone();
            assertThat(proxy.targets()).containsOnly(HOST + ":" + NIGHTSAFE.keeperPort);
            assertThat(proxy.refused()).isEmpty();
            List<Sockets.Socket> sockets = Sockets.of(NIGHTSAFE.pid("runner"));
            assertThat(sockets)
                    .isNotEmpty()
                    .allSatisfy(socket -> assertThat(socket.remotePort()).isEqualTo(proxy.port()))
                    .noneMatch(Sockets.Socket::listens);
            assertThat(Sockets.of(NIGHTSAFE.pid("keeper"))).anyMatch(Sockets.Socket::listens);
        }
    }

    @Test
    void a_proxy_that_wants_a_password_gets_it_and_nobody_else_sees_it() throws IOException {
        try (ConnectProxy proxy = new ConnectProxy("runner:" + PASSWORD)) {
            String address = "http://runner:" + PASSWORD_IN_ADDRESS + "@127.0.0.1:" + proxy.port();
            NIGHTSAFE.environment.put("HTTPS_PROXY", address);
            writeRunner("with-a-password", ca);
            NIGHTSAFE.run("up");
            requireTaskDone();
            assertThat(proxy.targets()).isNotEmpty();
            assertThat(proxy.refused()).isEmpty();
            String said = PLAY.logs() + PLAY.audit() + Files.readString(NIGHTSAFE.home.resolve("runner/sent.jsonl"));
            assertThat(said).doesNotContain(PASSWORD, PASSWORD_IN_ADDRESS);
        }
    }

    @Test
    void a_wrong_password_for_the_proxy_stops_the_runner_with_the_reason() {
        try (ConnectProxy proxy = new ConnectProxy("runner:" + PASSWORD)) {
            NIGHTSAFE.environment.put("HTTPS_PROXY", "http://runner:wrong-4712@127.0.0.1:" + proxy.port());
            writeRunner("with-a-wrong-password", ca);
            Installation.Outcome up = NIGHTSAFE.attempt(new byte[0], "up");
            assertThat(up.exitCode()).isEqualTo(1);
            assertThat(up.stderr())
                    .contains("the runner ended while starting")
                    .contains("the proxy wants a user and a password, or refuses those that it got")
                    .doesNotContain("wrong-4712");
            assertThat(proxy.targets()).isEmpty();
            assertThat(proxy.refused()).isNotEmpty();
        }
    }

    @Test
    void no_proxy_names_what_is_reached_directly() throws IOException {
        try (ConnectProxy proxy = new ConnectProxy(null)) {
            Path hosts = NIGHTSAFE.write("hosts", "127.0.0.1 " + HOST + " localhost\n");
            NIGHTSAFE.environment.put("NIGHTSAFE_JAVA_FLAGS", "-Djdk.net.hosts.file=" + hosts);
            NIGHTSAFE.environment.put("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port());
            NIGHTSAFE.environment.put("NO_PROXY", "elsewhere.example,.nightsafe.test");
            writeRunner("directly", ca);
            NIGHTSAFE.run("up");
            requireTaskDone();
            assertThat(proxy.targets()).isEmpty();
            assertThat(proxy.refused()).isEmpty();
            assertThat(Sockets.of(NIGHTSAFE.pid("runner")))
                    .anyMatch(socket -> socket.remotePort() == NIGHTSAFE.keeperPort);
        }
    }

    @Test
    void a_keeper_whose_certificate_another_authority_signed_is_refused_with_the_reason() throws IOException {
        Path other = new PrivateAuthority("other").certificate(NIGHTSAFE.home.resolve("other-ca.pem"));
        try (ConnectProxy proxy = new ConnectProxy(null)) {
            NIGHTSAFE.environment.put("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port());
            writeRunner("with-another-ca", other);
            Installation.Outcome up = NIGHTSAFE.attempt(new byte[0], "up");
            assertThat(up.exitCode()).isEqualTo(1);
            assertThat(up.stderr())
                    .contains("the runner ended while starting")
                    .contains("can't trust the certificate of https://" + HOST + ":" + NIGHTSAFE.keeperPort)
                    .contains("no authority that is trusted here signed it")
                    .contains("'ca'");
            assertThat(NIGHTSAFE.home.resolve("runner/enrolment.json")).doesNotExist();
            assertThat(NIGHTSAFE.json("runner", "list").toString()).doesNotContain("with-another-ca");
        }
    }

    private static void writeRunner(String name, Path authority) {
        NIGHTSAFE.write(
                "runner.yaml",
                "keeper: https://%s:%d\nname: %s\nisolation: none\nca: %s\nallow:\n  git: [%s]\n  queues: ['*']\n"
                        .formatted(HOST, NIGHTSAFE.keeperPort, name, authority, git));
    }

    private static void requireTaskDone() {
        PLAY.apply("proxied", git, "python main.py", "[kept]", "");
        JsonNode task = PLAY.ended(PLAY.submit("proxied", Map.of("variables", List.of("TOKEN"))));
        assertThat(task.get("state").asString()).as(task.toString()).isEqualTo("succeeded");
        assertThat(task.get("result").get("TOKEN").asString()).isEqualTo(Digests.sha256Hex(VALUE));
    }
}
