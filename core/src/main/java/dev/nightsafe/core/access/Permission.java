package dev.nightsafe.core.access;

/** What a token or a person may do. There is none for reading a value. */
public enum Permission {
    WORKSPACE_CREATE("workspace.create"),
    VAULT_READ("vault.read"),
    VAULT_EDIT("vault.edit"),
    VAULT_RELEASE("vault.release"),
    SECRET_DEPOSIT("secret.deposit"),
    QUEUE_READ("queue.read"),
    QUEUE_EDIT("queue.edit"),
    TASK_SUBMIT("task.submit"),
    TASK_READ("task.read"),
    RUNNER_READ("runner.read"),
    RUNNER_MANAGE("runner.manage"),
    TOKEN_MANAGE("token.manage"),
    AUDIT_READ("audit.read");

    private final String id;

    Permission(String id) {
        this.id = id;
    }

    /** The spelling in tokens, the API and the docs, for example {@code vault.release}. */
    public String id() {
        return id;
    }

    /** The permission with this spelling. Throws {@link IllegalArgumentException} for an unknown one. */
    public static Permission of(String id) {
        for (Permission permission : values()) {
            if (permission.id.equals(id)) {
                return permission;
            }
        }
        throw new IllegalArgumentException("unknown permission; see docs/permissions.md");
    }
}
