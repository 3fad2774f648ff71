package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.Route;
import dev.nightsafe.core.access.Routes;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Engine;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A keeper without a master key, away, or out of its mind. */
class KeeperAwayTest {
    private static final String VAULTS = RunningConsole.DEFAULT + "/vaults";

    @TempDir
    Path home;

    RunningConsole console;

    @BeforeEach
    void start() throws IOException {
        console = new RunningConsole(home, Engine.SQLITE);
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void without_a_master_key_every_route_of_vaults_says_so() {
        console.vault("default", "v");
        console.keeper.vaultsEnabled = false;
        console.clock.advance(Duration.ofSeconds(2));

        for (Route route : Routes.CONSOLE) {
            if (route.path().contains("/vaults")) {
                assertThat(console.call(route.method(), path(route), console.first(), Bodies.of(route))
                                .is(ProblemCode.VAULTS_NOT_CONFIGURED)
                                .detail())
                        .startsWith("vaults not configured");
            }
        }
        ConsoleApi.Status status =
                console.call("GET", "/api/v1/status", console.first(), null).as(ConsoleApi.Status.class);
        assertThat(status.vaults()).isEqualTo("not configured");
        assertThat(status.reason()).isEqualTo("no master key was given");
    }

    @Test
    void a_keeper_that_does_not_answer_is_an_error_of_its_own() {
        console.keeper.close();

        for (Route route : Routes.CONSOLE) {
            if (route.path().contains("/vaults")) {
                console.call(route.method(), path(route), console.first(), Bodies.of(route))
                        .is(ProblemCode.KEEPER_UNAVAILABLE);
            }
        }
        ConsoleApi.Status status =
                console.call("GET", "/api/v1/status", console.first(), null).as(ConsoleApi.Status.class);
        assertThat(status.keeperReachable()).isFalse();
        assertThat(status.vaults()).isEqualTo("keeper unreachable");
        assertThat(status.reason()).isNull();
    }

    @Test
    void the_keepers_status_is_asked_once_in_two_seconds() {
        console.vault("default", "v");
        console.keeper.requests.clear();
        console.clock.advance(Duration.ofSeconds(2));
        for (int i = 0; i < 5; i++) {
            console.call("GET", VAULTS, console.first(), null);
        }
        assertThat(console.keeper.requests).hasSize(1);
        console.clock.advance(Duration.ofSeconds(2));
        console.call("GET", VAULTS, console.first(), null);
        assertThat(console.keeper.requests).hasSize(2);
    }

    @Test
    void without_a_keeper_what_lives_there_is_an_error_and_the_rest_works() {
        console.keeper.close();
        for (Route route : Routes.CONSOLE) {
            if (route.path().matches(".*/(tasks|runners|enrolment-tokens)(/.*)?")
                    && !route.path().contains("{queue}")) {
                console.call(route.method(), path(route), console.first(), Bodies.of(route))
                        .is(ProblemCode.KEEPER_UNAVAILABLE);
            }
        }
        console.call("PUT", RunningConsole.DEFAULT + "/queues/q", console.first(), QueuesTest.queue())
                .as(ConsoleApi.QueueApplied.class);
        console.call(
                        "POST",
                        RunningConsole.DEFAULT + "/queues/q/tasks",
                        console.first(),
                        new ConsoleApi.NewTask(
                                null, null, dev.nightsafe.protocol.json.Json.MAPPER.createObjectNode(), null))
                .is(ProblemCode.KEEPER_UNAVAILABLE);
    }

    @Test
    void a_keeper_that_answers_nonsense_is_told_as_a_number_in_the_log() {
        console.keeper.garbage = "{\"items\": \"canary-7d1f\"}";
        assertThat(console.call("GET", RunningConsole.DEFAULT + "/runners", console.first(), null)
                        .is(ProblemCode.INTERNAL)
                        .detail())
                .contains("request ")
                .doesNotContain("canary-7d1f", "items", "Exception");
    }

    private static String path(Route route) {
        return Bodies.path(route, "default", "v", "q");
    }
}
