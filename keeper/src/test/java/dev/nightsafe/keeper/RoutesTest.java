package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.access.Gate;
import dev.nightsafe.core.access.Route;
import dev.nightsafe.core.access.Routes;
import dev.nightsafe.core.budget.Shares;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.keeper.platform.Answering;
import dev.nightsafe.keeper.platform.BodyBudget;
import dev.nightsafe.keeper.platform.ReadDeadlines;
import dev.nightsafe.keeper.platform.Router;
import io.helidon.common.uri.UriFragment;
import io.helidon.common.uri.UriPath;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRoute;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The permission table, the routes that answer, and the descriptions are the same. */
class RoutesTest extends KeeperTestCase {
    @Test
    void every_row_of_the_table_has_one_route_and_every_route_a_row() {
        walk(keeper.runners(), Routes.KEEPER);
        walk(keeper.internal(), Routes.INTERNAL);
    }

    private static void walk(Router router, List<Route> table) {
        assertThat(router.routes()).hasSameSizeAs(table);
        for (Route row : table) {
            assertThat(router.routes().stream().filter(route -> accepts(route, row)))
                    .as("%s", row)
                    .hasSize(1);
        }
        for (HttpRoute route : router.routes()) {
            assertThat(table.stream().filter(row -> accepts(route, row)))
                    .as("%s", route)
                    .hasSize(1);
        }
    }

    private static boolean accepts(HttpRoute route, Route row) {
        HttpPrologue request = HttpPrologue.create(
                "HTTP/1.1",
                "HTTP",
                "1.1",
                Method.create(row.method()),
                UriPath.create(row.path().replaceAll("\\{[a-z]+}", "x")),
                UriQuery.empty(),
                UriFragment.empty());
        return route.accepts(request).accepted();
    }

    @Test
    void the_descriptions_have_exactly_these_routes() {
        assertThat(Spec.RUNNERS.operations()).containsExactlyInAnyOrderElementsOf(names(Routes.KEEPER));
        assertThat(Spec.INTERNAL.operations()).containsExactlyInAnyOrderElementsOf(names(Routes.INTERNAL));
    }

    private static List<String> names(List<Route> table) {
        return table.stream().map(row -> row.method() + " " + row.path()).toList();
    }

    @Test
    void a_handler_too_many_too_few_or_without_its_gate_stops_the_start() {
        Map<String, Answering> handlers = new HashMap<>();
        for (Route row : Routes.KEEPER) {
            Answering handler = row.gate() instanceof Gate.Runner
                    ? (Answering.ForRunner) (call, runner) -> null
                    : (Answering.Anyone) call -> null;
            handlers.put(row.method() + " " + row.path(), handler);
        }
        router(handlers);
        handlers.put("GET /v1/more", (Answering.Anyone) call -> null);
        assertThatThrownBy(() -> router(handlers)).hasMessageContaining("/v1/more");
        handlers.remove("GET /v1/more");
        handlers.put("POST /v1/serving", (Answering.Anyone) call -> null);
        assertThatThrownBy(() -> router(handlers)).hasMessageContaining("POST /v1/serving");
        handlers.remove("POST /v1/serving");
        assertThatThrownBy(() -> router(handlers)).hasMessageContaining("POST /v1/serving");
    }

    private static Router router(Map<String, Answering> handlers) {
        return new Router(
                Routes.KEEPER,
                handlers,
                token -> {
                    throw new IllegalStateException();
                },
                new ReadDeadlines(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)),
                new Router.Budgets(
                        new BodyBudget(1 << 20, 1 << 20, Duration.ofSeconds(1)),
                        new Shares("requests", 9, 9, Duration.ZERO)));
    }

    @Test
    void I5_no_route_behind_the_runners_gate_answers_without_a_token() {
        for (Route row : Routes.KEEPER) {
            if (row.gate() instanceof Gate.Runner) {
                Wire.Answer answer = wire.send(row.method(), row.path().replace("{lease}", "x"), Map.of(), null);
                answer.refusedWith(ProblemCode.UNAUTHENTICATED);
                assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
            }
        }
    }

    @Test
    void open_routes_answer_anyone() {
        assertThat(wire.send("GET", "/v1/health", null, null).body()).asString().isEqualTo("{\"status\":\"ok\"}");
        wire.send("GET", "/v1/root", null, null).as(Map.class);
    }

    @Test
    void what_is_not_in_the_table_is_not_found() {
        for (String path : List.of("/", "/v1", "/v1/none", "/v1/health/", "/v1/health/x", "/V1/health", "/metrics")) {
            wire.send("GET", path, null, null).refusedWith(ProblemCode.NOT_FOUND);
        }
        wire.send("POST", "/internal/v1/tasks", Map.of(), null).refusedWith(ProblemCode.NOT_FOUND);
        console.keeper().send("GET", "/v1/health", null, null).refusedWith(ProblemCode.NOT_FOUND);
    }

    @Test
    void another_method_is_refused_and_told_which_are_there() {
        Wire.Answer answer = wire.send("PUT", "/v1/serving", Map.of(), null);
        answer.refusedWith(ProblemCode.METHOD_NOT_ALLOWED);
        assertThat(answer.header("allow")).isEqualTo("POST");
        for (String method : List.of("POST", "DELETE", "PATCH", "OPTIONS")) {
            wire.send(method, "/v1/health", null, null).refusedWith(ProblemCode.METHOD_NOT_ALLOWED);
        }
    }
}
