package dev.nightsafe.database.console;

import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.signing.Message;
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
 * @param mac the console's, over {@link #authenticated}
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
        @Nullable Long revokedAt,
        byte[] mac) {

    /** A token that nobody used yet, without its MAC. */
    public static ApiTokenRow of(
            String id,
            @Nullable String workspaceId,
            String name,
            String hash,
            Collection<Permission> permissions,
            long createdAt,
            String createdBy,
            long expiresAt) {
        return new ApiTokenRow(
                id,
                workspaceId,
                name,
                hash,
                join(permissions),
                createdAt,
                createdBy,
                expiresAt,
                null,
                null,
                new byte[0]);
    }

    /** What the console's MAC covers: everything but the last use, which decides nothing. */
    public byte[] authenticated() {
        return Message.of("nightsafe/api-token/1")
                .add(id)
                .add(workspaceId == null ? "every workspace" : "workspace " + workspaceId)
                .add(name)
                .add(hash)
                .add(permissions)
                .add(createdAt)
                .add(createdBy)
                .add(expiresAt)
                .add(revokedAt == null ? "" : revokedAt.toString())
                .bytes();
    }

    public ApiTokenRow withMac(byte[] mac) {
        return new ApiTokenRow(
                id, workspaceId, name, hash, permissions, createdAt, createdBy, expiresAt, lastUsedAt, revokedAt, mac);
    }

    /** Revoked, with the MAC that it had before. */
    public ApiTokenRow revoked(long at) {
        return new ApiTokenRow(
                id, workspaceId, name, hash, permissions, createdAt, createdBy, expiresAt, lastUsedAt, at, mac);
    }

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
