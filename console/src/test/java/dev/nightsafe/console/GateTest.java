package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.Gate;
import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.access.Role;
import dev.nightsafe.core.access.Route;
import dev.nightsafe.core.access.Routes;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Engine;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Who gets through, for every route (I5, I6). */
class GateTest {
    @TempDir
    static Path home;

    static RunningConsole console;

    /** What is in the workspace {@code there}: names and ids by parameter. */
    static final Map<String, String> THEIRS = new HashMap<>();

    /** The same, for what is nowhere; each as long as its counterpart, so that even lengths can be compared. */
    static final Map<String, String> NOWHERE = new HashMap<>();

    @BeforeAll
    static void start() throws IOException {
        console = new RunningConsole(home, Engine.SQLITE);
        console.workspace("here0");
        ConsoleApi.Workspace there = console.workspace("there");
        console.vault("there", "their-vault");
        ConsoleApi.Queue queue = console.call(
                        "PUT",
                        "/api/v1/workspaces/there/queues/their-queue",
                        console.first(),
                        QueuesTest.queue("their-vault"))
                .as(ConsoleApi.QueueApplied.class)
                .queue();
        ConsoleApi.Vault vault = console.call(
                        "GET", "/api/v1/workspaces/there/vaults/their-vault", console.first(), null)
                .as(ConsoleApi.Vault.class);
        console.deposit(
                "there",
                "their-vault",
                "KEY",
                RunningConsole.sealed(console.lock("there", "their-vault", "KEY"), "KEY", "value"));
        ConsoleApi.Task task = console.call(
                        "POST",
                        "/api/v1/workspaces/there/queues/their-queue/tasks",
                        console.first(),
                        new ConsoleApi.NewTask(null, null, Json.MAPPER.createObjectNode(), null))
                .as(ConsoleApi.Task.class);
        assertThat(queue.notReleased()).isEmpty();
        THEIRS.putAll(Map.of(
                "vault", "their-vault",
                "queue", "their-queue",
                "rule", vault.releaseRules().getFirst().id(),
                "task", task.id(),
                "runner", console.keeper.addRunner(there.id()),
                "token",
                        console.token("there", new ConsoleApi.NewToken("t", "viewer", null, null))
                                .info()
                                .id()));
        THEIRS.forEach((parameter, name) -> NOWHERE.put(
                parameter,
                name.contains("-vault") || name.contains("-queue") ? "x".repeat(name.length()) : Bodies.MISSING_ID));
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @Test
    void every_mapping_is_in_the_permission_table_and_the_other_way_round() {
        List<String> mapped = new ArrayList<>();
        console.console.context().getBean(RequestMappingHandlerMapping.class).getHandlerMethods().keySet().stream()
                .forEach(mapping -> mapping.getPatternValues()
                        .forEach(path -> mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> mapped.add(method + " " + path))));
        assertThat(mapped).containsExactlyInAnyOrderElementsOf(table());
    }

    @Test
    void every_route_is_described_and_nothing_else_is() {
        assertThat(Spec.get().operations()).containsExactlyInAnyOrderElementsOf(table());
    }

    @Test
    void the_description_is_served() throws IOException {
        assertThat(console.call("GET", "/api/v1/openapi.yaml", null, null).body())
                .isEqualTo(java.nio.file.Files.readAllBytes(Spec.FILE));
        assertThat(console.call("GET", "/api/v1/health", null, null).text()).isEqualTo("{\"status\":\"ok\"}");
    }

    @Test
    void only_open_routes_answer_without_a_token_and_they_change_nothing() {
        for (Route route : Routes.CONSOLE) {
            Answer answer = call(route, null, "there", THEIRS);
            if (route.gate() instanceof Gate.Open) {
                assertThat(route.method()).isEqualTo("GET");
                assertThat(answer.status()).isEqualTo(200);
            } else {
                answer.is(ProblemCode.UNAUTHENTICATED);
            }
        }
    }

    @Test
    void what_is_no_route_is_the_same_404_for_everybody() {
        for (String path : List.of(
                "/", "/api", "/api/v1", "/api/v2/health", "/error", "/api/v1/health/", "/api/v1/workspaces/there/x")) {
            Answer anonymous = console.call("GET", path, null, null);
            anonymous.is(ProblemCode.NOT_FOUND);
            assertSame(console.call("GET", path, console.first(), null), anonymous, path);
            assertSame(console.call("GET", path, "nst_nonsense", null), anonymous, path);
        }
    }

    @Test
    void another_method_is_told_which_there_are() {
        for (String method : List.of("POST", "PATCH", "HEAD", "OPTIONS")) {
            Answer answer = console.call(method, "/api/v1/health", null, null);
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.headers().get("allow")).containsExactly("GET");
        }
        assertThat(console.call("PATCH", "/api/v1/workspaces/x/vaults/y", null, null)
                        .headers()
                        .get("allow"))
                .containsExactly("GET, DELETE");
    }

    @Test
    void another_workspace_answers_like_none_for_every_role_and_route() {
        for (Map.Entry<String, String> role : tokens().entrySet()) {
            for (Route route : workspaceRoutes()) {
                Answer foreign = call(route, role.getValue(), "there", THEIRS);
                Answer missing = call(route, role.getValue(), "noone", THEIRS);
                foreign.is(ProblemCode.NOT_FOUND);
                assertSame(foreign, missing, role.getKey() + " " + route);
            }
        }
    }

    @Test
    void what_is_in_another_workspace_answers_like_what_is_nowhere() {
        for (Map.Entry<String, String> role : tokens().entrySet()) {
            for (Route route : workspaceRoutes()) {
                if (!route.path().matches(".*\\{(vault|queue|rule|task|runner|token)}.*")
                        || (route.method().equals("PUT") && route.path().endsWith("{queue}"))) {
                    continue;
                }
                Answer foreign = call(route, role.getValue(), "here0", THEIRS);
                Answer missing = call(route, role.getValue(), "here0", NOWHERE);
                assertThat(foreign.status()).as(role.getKey() + " " + route).isIn(403, 404);
                assertSame(foreign, missing, role.getKey() + " " + route);
            }
        }
    }

    @Test
    void a_vault_of_ones_own_has_nothing_of_anothers() {
        console.vault("here0", "mine");
        String owner = owner();
        String rule = "/api/v1/workspaces/here0/vaults/mine/release-rules/" + THEIRS.get("rule");
        String none = "/api/v1/workspaces/here0/vaults/mine/release-rules/" + Bodies.MISSING_ID;
        Answer foreign = console.call("DELETE", rule, owner, null);
        foreign.is(ProblemCode.NOT_FOUND);
        assertSame(foreign, console.call("DELETE", none, owner, null), "release rule");
        console.call(
                        "POST",
                        "/api/v1/workspaces/here0/vaults/mine/release-rules",
                        owner,
                        new ConsoleApi.NewReleaseRule("their-queue", "0".repeat(64), null, null))
                .is(ProblemCode.QUEUE_NOT_FOUND);
    }

    @Test
    void in_ones_own_workspace_each_route_asks_for_its_permissions_and_no_other() {
        for (Route route : workspaceRoutes()) {
            List<Permission> needed = ((Gate.Needs) route.gate()).permissions();
            String having = console.token("here0", needed.toArray(Permission[]::new));
            assertThat(call(route, having, "here0", NOWHERE).status())
                    .as("with " + needed + " " + route)
                    .isNotIn(401, 403);
            for (Permission one : needed) {
                String lacking = console.token(
                        "here0",
                        EnumSet.complementOf(EnumSet.of(one, Permission.WORKSPACE_CREATE))
                                .toArray(Permission[]::new));
                assertThat(call(route, lacking, "here0", NOWHERE)
                                .is(ProblemCode.FORBIDDEN)
                                .detail())
                        .contains(one.id());
            }
        }
    }

    @Test
    void a_workspaces_token_makes_no_workspaces_and_sees_its_own() {
        String owner = owner();
        console.call("POST", "/api/v1/workspaces", owner, new ConsoleApi.NewWorkspace("mine"))
                .is(ProblemCode.FORBIDDEN);
        assertThat(console.call("GET", "/api/v1/workspaces", owner, null).text())
                .contains("\"here0\"")
                .doesNotContain("there", "default");
        console.call("POST", "/api/v1/workspaces", console.first(), new ConsoleApi.NewWorkspace("HERE0"))
                .is(ProblemCode.ALREADY_EXISTS);
    }

    @Test
    void every_answer_forbids_caching_and_guessing() {
        for (Answer answer : List.of(
                console.call("GET", "/api/v1/health", null, null),
                console.call("GET", "/api/v1/status", console.first(), null),
                console.call("GET", "/api/v1/status", null, null),
                console.call("GET", "/nowhere", null, null))) {
            assertThat(answer.headers().get("cache-control")).containsExactly("no-store");
            assertThat(answer.headers().get("x-content-type-options")).containsExactly("nosniff");
            assertThat(answer.headers()).doesNotContainKeys("server", "x-powered-by", "set-cookie");
        }
    }

    private static String owner() {
        return console.token("here0", new ConsoleApi.NewToken("o", "owner", null, null))
                .token();
    }

    /** A token of the workspace {@code here0} for each role. */
    private static Map<String, String> tokens() {
        Map<String, String> tokens = new HashMap<>();
        for (Role role : Role.values()) {
            String name = role.name().toLowerCase(java.util.Locale.ROOT);
            tokens.put(
                    name,
                    console.token("here0", new ConsoleApi.NewToken(name, name, null, null))
                            .token());
        }
        return tokens;
    }

    private static List<Route> workspaceRoutes() {
        return Routes.CONSOLE.stream()
                .filter(route -> route.path().contains("{workspace}"))
                .toList();
    }

    private static Answer call(
            Route route, @org.jspecify.annotations.Nullable String token, String workspace, Map<String, String> names) {
        Map<String, String> all = new HashMap<>(names);
        all.put("workspace", workspace);
        return console.call(route.method(), Bodies.fill(route, all), token, Bodies.of(route));
    }

    /** Status, headers and body, but for the name that the caller gave. */
    private static void assertSame(Answer one, Answer other, String what) {
        assertThat(one.status()).as(what).isEqualTo(other.status());
        assertThat(one.headers()).as(what).isEqualTo(other.headers());
        assertThat(anonymous(one)).as(what).isEqualTo(anonymous(other));
    }

    private static String anonymous(Answer answer) {
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        Set<String> given = Set.of("there", "noone");
        for (String name : Stream.of(given, THEIRS.values(), NOWHERE.values())
                .flatMap(java.util.Collection::stream)
                .toList()) {
            text = text.replace("'" + name + "'", "'…'");
        }
        return text;
    }

    private static List<String> table() {
        return Routes.CONSOLE.stream()
                .map(route -> route.method() + " " + route.path())
                .toList();
    }
}
