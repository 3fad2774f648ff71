package dev.nightsafe.console.platform;

import dev.nightsafe.core.access.Permission;
import dev.nightsafe.database.console.ApiTokenRow;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Who calls: an API token that was valid when the request came.
 *
 * @param workspaceId null for every workspace
 * @param expiresAt milliseconds since 1970
 */
public record Caller(
        String tokenId, String name, @Nullable String workspaceId, Set<Permission> permissions, long expiresAt) {

    /** Id of the token that the current request came with; "" for none. */
    static String idOfCurrent() {
        return SecurityContextHolder.getContext().getAuthentication() instanceof ApiTokenAuthentication token
                ? token.getPrincipal().tokenId()
                : "";
    }

    static Caller of(ApiTokenRow row) {
        return new Caller(row.id(), row.name(), row.workspaceId(), row.permissionSet(), row.expiresAt());
    }

    public boolean may(Permission permission) {
        return permissions.contains(permission);
    }

    public boolean sees(String workspaceId) {
        return this.workspaceId == null || this.workspaceId.equals(workspaceId);
    }

    /** As audit events name it. */
    public String actor() {
        return "token:" + tokenId;
    }
}
