package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.access.Role;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.console.ApiTokenRepository;
import dev.nightsafe.database.console.ApiTokenRow;
import dev.nightsafe.database.engine.Engine;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;

class TokensTest {
    private static final String WHOAMI = "/api/v1/whoami";
    private static final String TOKENS = RunningConsole.DEFAULT + "/tokens";

    @TempDir
    Path home;

    RunningConsole console;

    Engine engine() {
        return Engine.SQLITE;
    }

    @BeforeEach
    void start() throws IOException {
        console = new RunningConsole(home, engine());
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void the_first_start_makes_a_workspace_and_a_token_that_may_all_for_a_year() throws IOException {
        ConsoleApi.WhoAmI me = whoAmI(console.first());
        assertThat(me.workspace()).isNull();
        assertThat(me.permissions()).hasSize(Permission.values().length).contains("workspace.create");
        assertThat(me.expiresAt())
                .isEqualTo(console.clock.instant().plus(Duration.ofDays(365)).toString());
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(home.resolve("cli").resolve("token"))))
                .isEqualTo("rw-------");
        ConsoleApi.Items<ConsoleApi.Workspace> workspaces =
                console.call("GET", "/api/v1/workspaces", console.first(), null).as(new TypeReference<>() {});
        assertThat(workspaces.items()).extracting(ConsoleApi.Workspace::name).containsExactly("default");
    }

    @Test
    void later_starts_make_nothing() throws IOException {
        String first = console.first();
        Files.delete(home.resolve("cli").resolve("token"));
        console.restart();
        assertThat(home.resolve("cli").resolve("token")).doesNotExist();
        assertThat(whoAmI(first).name()).isEqualTo("first");
    }

    @Test
    void a_token_is_shown_once_and_stored_as_its_hash() {
        ConsoleApi.CreatedToken made =
                console.token("default", new ConsoleApi.NewToken("ci", "operator", List.of("audit.read"), 30));
        assertThat(OpaqueToken.isWellFormed(OpaqueToken.API, made.token())).isTrue();
        assertThat(made.info().permissions())
                .hasSize(Role.OPERATOR.permissions().size() + 1)
                .contains("audit.read");
        ConsoleApi.WhoAmI me = whoAmI(made.token());
        assertThat(me.workspace()).isEqualTo("default");
        assertThat(me.tokenId()).isEqualTo(made.info().id());

        assertThat(console.call("GET", TOKENS, console.first(), null).text()).doesNotContain(made.token());
        ApiTokenRow row = console.database()
                .read(handle -> ApiTokenRepository.byHash(handle, OpaqueToken.hash(made.token())))
                .orElseThrow();
        assertThat(row.toString()).doesNotContain(made.token());
    }

    @Test
    void an_expired_a_revoked_an_unknown_and_a_mistyped_token_open_nothing() {
        String expiring = console.token("default", new ConsoleApi.NewToken("a", "viewer", null, 1))
                .token();
        ConsoleApi.CreatedToken revoked = console.token("default", new ConsoleApi.NewToken("b", "viewer", null, null));
        whoAmI(expiring);
        whoAmI(revoked.token());

        assertThat(console.call("DELETE", TOKENS + "/" + revoked.info().id(), console.first(), null)
                        .status())
                .isEqualTo(204);
        console.clock.advance(Duration.ofDays(1));
        denied(expiring, "expired");
        denied(revoked.token(), "revoked");
        denied(OpaqueToken.generate(OpaqueToken.API), "unknown");
        denied(OpaqueToken.generate(OpaqueToken.ENROLMENT), "not an API token");
        denied("nst_", "not an API token");
        denied("", "Authorization: Bearer");
        denied(console.first() + " ", null);
        denied(null, "Authorization: Bearer");
    }

    @Test
    void it_says_how_to_authenticate_and_takes_no_other_way() {
        assertThat(console.call("GET", WHOAMI, null, null).headers().get("www-authenticate"))
                .containsExactly("Bearer realm=\"nightsafe\"");
        console.call("GET", WHOAMI + "?access_token=" + console.first(), null, null)
                .is(ProblemCode.UNAUTHENTICATED);
        console.send(
                        "GET",
                        WHOAMI,
                        java.util.Map.of("Cookie", "token=" + console.first()),
                        java.net.http.HttpRequest.BodyPublishers.noBody())
                .is(ProblemCode.UNAUTHENTICATED);
    }

    @Test
    void nobody_gives_what_they_do_not_have() {
        String manager = console.token("default", Permission.TOKEN_MANAGE, Permission.QUEUE_READ);
        assertThat(create(manager, new ConsoleApi.NewToken("x", "owner", null, null))
                        .is(ProblemCode.FORBIDDEN)
                        .detail())
                .contains("vault.release");
        create(manager, new ConsoleApi.NewToken("x", null, List.of("vault.release"), null))
                .is(ProblemCode.FORBIDDEN);
        create(manager, new ConsoleApi.NewToken("x", null, List.of("queue.read"), null))
                .as(ConsoleApi.CreatedToken.class);
        create(console.first(), new ConsoleApi.NewToken("x", null, List.of("workspace.create"), null))
                .is(ProblemCode.BAD_REQUEST);
    }

    @Test
    void a_token_makes_none_that_outlives_it() {
        ConsoleApi.CreatedToken manager =
                console.token("default", new ConsoleApi.NewToken("m", null, List.of("token.manage", "queue.read"), 1));
        console.clock.advance(Duration.ofHours(20));
        for (Integer days : new Integer[] {null, 1, 365}) {
            ConsoleApi.CreatedToken made = create(
                            manager.token(), new ConsoleApi.NewToken("x", null, List.of("queue.read"), days))
                    .as(ConsoleApi.CreatedToken.class);
            assertThat(made.info().expiresAt()).isEqualTo(manager.info().expiresAt());
        }
        ConsoleApi.CreatedToken shorter =
                console.token("default", new ConsoleApi.NewToken("y", null, List.of("queue.read"), 1));
        assertThat(shorter.info().expiresAt())
                .isEqualTo(console.clock.instant().plus(Duration.ofDays(1)).toString());
    }

    @Test
    void a_tokens_fields_are_checked() {
        create(console.first(), new ConsoleApi.NewToken("", "owner", null, null))
                .is(ProblemCode.BAD_REQUEST);
        create(console.first(), new ConsoleApi.NewToken("a\nb", "owner", null, null))
                .is(ProblemCode.BAD_REQUEST);
        create(console.first(), new ConsoleApi.NewToken("a", "OWNER", null, null))
                .is(ProblemCode.BAD_REQUEST);
        create(console.first(), new ConsoleApi.NewToken("a", "root", null, null))
                .is(ProblemCode.BAD_REQUEST);
        create(console.first(), new ConsoleApi.NewToken("a", null, List.of("vault.open"), null))
                .is(ProblemCode.BAD_REQUEST);
        create(console.first(), new ConsoleApi.NewToken("a", null, null, null)).is(ProblemCode.BAD_REQUEST);
        create(console.first(), new ConsoleApi.NewToken("a", "owner", null, 0)).is(ProblemCode.BAD_REQUEST);
        create(console.first(), new ConsoleApi.NewToken("a", "owner", null, 366))
                .is(ProblemCode.BAD_REQUEST);
    }

    @Test
    void a_workspaces_token_neither_sees_nor_revokes_those_for_every_workspace() {
        String first = whoAmI(console.first()).tokenId();
        String manager = console.token("default", Permission.TOKEN_MANAGE);
        assertThat(listed(manager)).doesNotContain(first);
        assertThat(listed(console.first())).contains(first);
        console.call("DELETE", TOKENS + "/" + first, manager, null).is(ProblemCode.NOT_FOUND);
        whoAmI(console.first());
    }

    @Test
    void its_last_use_is_recorded_once_a_minute() {
        ConsoleApi.CreatedToken made = console.token("default", new ConsoleApi.NewToken("a", "viewer", null, null));
        String start = console.clock.instant().toString();
        whoAmI(made.token());
        eventually(made.info().id(), start);
        console.clock.advance(Duration.ofSeconds(59));
        whoAmI(made.token());
        console.clock.advance(Duration.ofSeconds(1));
        String later = console.clock.instant().toString();
        whoAmI(made.token());
        eventually(made.info().id(), later);
    }

    /** It is written beside the request; until then the earlier time stands there. */
    private void eventually(String id, String lastUsedAt) {
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            while (!lastUsedAt.equals(token(id).lastUsedAt())) {
                Thread.onSpinWait();
            }
        });
    }

    private ConsoleApi.Token token(String id) {
        ConsoleApi.Items<ConsoleApi.Token> tokens =
                console.call("GET", TOKENS, console.first(), null).as(new TypeReference<>() {});
        return tokens.items().stream()
                .filter(token -> token.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private List<String> listed(String by) {
        ConsoleApi.Items<ConsoleApi.Token> tokens =
                console.call("GET", TOKENS, by, null).as(new TypeReference<>() {});
        return tokens.items().stream().map(ConsoleApi.Token::id).toList();
    }

    private Answer create(String by, ConsoleApi.NewToken asked) {
        return console.call("POST", TOKENS, by, asked);
    }

    private ConsoleApi.WhoAmI whoAmI(String token) {
        return console.call("GET", WHOAMI, token, null).as(ConsoleApi.WhoAmI.class);
    }

    private void denied(@Nullable String token, @Nullable String why) {
        Answer answer = console.call("GET", WHOAMI, token, null);
        if (why == null) {
            assertThat(answer.status()).isEqualTo(200);
        } else {
            assertThat(Objects.requireNonNull(
                            answer.is(ProblemCode.UNAUTHENTICATED).detail()))
                    .contains(why);
        }
    }
}
