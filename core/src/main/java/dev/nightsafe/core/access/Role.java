package dev.nightsafe.core.access;

import static dev.nightsafe.core.access.Permission.QUEUE_READ;
import static dev.nightsafe.core.access.Permission.RUNNER_READ;
import static dev.nightsafe.core.access.Permission.SECRET_DEPOSIT;
import static dev.nightsafe.core.access.Permission.TASK_READ;
import static dev.nightsafe.core.access.Permission.TASK_SUBMIT;
import static dev.nightsafe.core.access.Permission.VAULT_READ;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** A usual set of permissions in one workspace. No role can read a value. */
public enum Role {
    /** Everything in the workspace, release rules included. */
    OWNER(EnumSet.complementOf(EnumSet.of(Permission.WORKSPACE_CREATE))),
    /** Runs tasks, sees results, deposits secrets. */
    OPERATOR(EnumSet.of(TASK_SUBMIT, TASK_READ, VAULT_READ, SECRET_DEPOSIT, QUEUE_READ, RUNNER_READ)),
    /** Reads results. */
    VIEWER(EnumSet.of(TASK_READ, QUEUE_READ, RUNNER_READ));

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable view of a set that nobody else has
    private final Set<Permission> permissions;

    Role(EnumSet<Permission> permissions) {
        this.permissions = Collections.unmodifiableSet(permissions);
    }

    public Set<Permission> permissions() {
        return permissions;
    }
}
