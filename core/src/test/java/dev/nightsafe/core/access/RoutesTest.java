package dev.nightsafe.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.Route.Server;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RoutesTest {
    @Test
    void no_listener_has_two_rows_for_a_method_and_path() {
        assertThat(Routes.all())
                .extracting(route -> route.server() + " " + route.method() + " " + shape(route))
                .doesNotHaveDuplicates();
    }

    @Test
    void every_row_stands_in_its_listeners_list() {
        assertThat(Routes.CONSOLE).allMatch(route -> route.server() == Server.CONSOLE);
        assertThat(Routes.KEEPER).allMatch(route -> route.server() == Server.KEEPER);
        assertThat(Routes.INTERNAL).allMatch(route -> route.server() == Server.INTERNAL);
        assertThat(Routes.all()).hasSize(Routes.CONSOLE.size() + Routes.KEEPER.size() + Routes.INTERNAL.size());
    }

    @Test
    void methods_and_paths_are_well_formed() {
        assertThat(Routes.all()).allSatisfy(route -> {
            assertThat(route.method()).isIn("GET", "POST", "PUT", "DELETE");
            assertThat(route.path()).matches("(/[a-z0-9.-]+|/\\{[a-z]+})+");
        });
    }

    @Test
    void what_is_open_to_anyone_only_reads() {
        assertThat(Routes.all())
                .filteredOn(route -> route.gate() instanceof Gate.Open)
                .allMatch(route -> route.method().equals("GET"))
                .extracting(Route::path)
                .containsExactlyInAnyOrder("/api/v1/health", "/api/v1/openapi.yaml", "/v1/health", "/v1/root");
    }

    @Test
    void everything_inside_a_workspace_needs_a_permission_of_it() {
        assertThat(Routes.CONSOLE)
                .filteredOn(route -> route.path().contains("{workspace}"))
                .allMatch(route -> route.gate() instanceof Gate.Needs);
    }

    @Test
    void reading_and_changing_need_different_permissions_of_a_queue_and_a_vault() {
        assertThat(Routes.CONSOLE)
                .filteredOn(route -> route.gate() instanceof Gate.Needs(List<Permission> permissions)
                        && EnumSet.of(
                                        Permission.VAULT_READ,
                                        Permission.QUEUE_READ,
                                        Permission.TASK_READ,
                                        Permission.RUNNER_READ)
                                .containsAll(permissions))
                .allMatch(route -> route.method().equals("GET"));
    }

    @Test
    void every_permission_is_asked_for_somewhere() {
        Set<Permission> asked = Routes.all().stream()
                .map(Route::gate)
                .filter(Gate.Needs.class::isInstance)
                .flatMap(gate -> ((Gate.Needs) gate).permissions().stream())
                .collect(Collectors.toSet());
        assertThat(asked).containsExactlyInAnyOrder(Permission.values());
    }

    /** Its queues and its site are what the runner's values will be. */
    @Test
    void who_makes_an_enrolment_token_may_also_release() {
        assertThat(Routes.CONSOLE)
                .filteredOn(route -> route.path().endsWith("/enrolment-tokens"))
                .extracting(Route::gate)
                .containsExactly(new Gate.Needs(List.of(Permission.RUNNER_MANAGE, Permission.VAULT_RELEASE)));
    }

    @Test
    void the_keepers_listeners_ask_for_their_own_callers_only() {
        assertThat(Routes.INTERNAL).allMatch(route -> route.gate() instanceof Gate.Console);
        assertThat(Routes.KEEPER)
                .noneMatch(route -> route.gate() instanceof Gate.Console || route.gate() instanceof Gate.Needs);
    }

    private static String shape(Route route) {
        return route.path().replaceAll("\\{[^}]*}", "{}");
    }
}
