package dev.nightsafe.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RoleTest {
    @Test
    void only_an_owner_may_release_a_vault_and_nobody_makes_workspaces_by_role() {
        for (Role role : Role.values()) {
            assertThat(role.permissions().contains(Permission.VAULT_RELEASE)).isEqualTo(role == Role.OWNER);
            assertThat(role.permissions()).doesNotContain(Permission.WORKSPACE_CREATE);
        }
    }

    @Test
    void a_larger_role_has_what_the_smaller_one_has() {
        assertThat(Role.OPERATOR.permissions()).containsAll(Role.VIEWER.permissions());
        assertThat(Role.OWNER.permissions()).containsAll(Role.OPERATOR.permissions());
    }

    @Test
    void permissions_can_not_be_added_to_a_role() {
        assertThatThrownBy(() -> Role.VIEWER.permissions().add(Permission.VAULT_RELEASE))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void a_permission_is_found_by_its_exact_spelling() {
        for (Permission permission : Permission.values()) {
            assertThat(Permission.of(permission.id())).isEqualTo(permission);
            assertThatThrownBy(() -> Permission.of(permission.name())).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
