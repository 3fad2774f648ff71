package dev.nightsafe.database.console;

import dev.nightsafe.core.access.Permission;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An API token. Times are milliseconds since 1970.
 *
 * @param workspaceId null when it is for every workspace
 * @param hash SHA-256 of the token, hex
 * @param permissions ids of permissions with a space between
 */
public record ApiTokenRow(
        String id,
        @Nullable String workspaceId,
        String name,
        String hash,
        String permissions,
        long createdAt,
        String createdBy,
        long expiresAt,
        @Nullable Long lastUsedAt,
        @Nullable Long revokedAt) {

    /** As {@link #permissions} is stored. */
    public static String join(Collection<Permission> permissions) {
        return permissions.stream().sorted().map(Permission::id).collect(Collectors.joining(" "));
    }

    /** Throws {@link IllegalArgumentException} for a permission that this version doesn't know. */
    public Set<Permission> permissionSet() {
        EnumSet<Permission> set = EnumSet.noneOf(Permission.class);
        Arrays.stream(permissions.split(" "))
                .filter(id -> !id.isEmpty())
                .map(Permission::of)
                .forEach(set::add);
        return set;
    }

    /** True for a token that still opens something at this time. */
    public boolean isValid(long now) {
        return revokedAt == null && now < expiresAt;
    }
}
