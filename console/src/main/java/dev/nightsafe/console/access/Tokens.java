package dev.nightsafe.console.access;

import dev.nightsafe.console.platform.Caller;
import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.RowMac;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.console.platform.Times;
import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.access.Role;
import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.console.ApiTokenRepository;
import dev.nightsafe.database.console.ApiTokenRow;
import dev.nightsafe.database.console.WorkspaceRepository;
import dev.nightsafe.database.console.WorkspaceRow;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** API tokens. Nobody makes one that can do more, or lives longer, than the one it is made with. Thread-safe. */
public final class Tokens {
    private static final int MAX_NAME = 100;
    private static final int DEFAULT_DAYS = 90;
    private static final int MAX_DAYS = 365;

    private final Database database;
    private final Committer committer;
    private final RowMac mac;

    public Tokens(Database database, Committer committer, RowMac mac) {
        this.database = database;
        this.committer = committer;
        this.mac = mac;
    }

    ConsoleApi.WhoAmI whoAmI(Caller caller) {
        String id = caller.workspaceId();
        String workspace = id == null
                ? null
                : database.read(handle -> WorkspaceRepository.byId(handle, id))
                        .map(WorkspaceRow::name)
                        .orElse(null);
        return new ConsoleApi.WhoAmI(
                caller.tokenId(), caller.name(), workspace, ids(caller.permissions()), Times.iso(caller.expiresAt()));
    }

    List<ConsoleApi.Token> list(Scope scope) {
        return database
                .read(handle -> ApiTokenRepository.list(handle, scope.workspaceId(), everyWorkspace(scope)))
                .stream()
                .map(row -> view(row, scope))
                .toList();
    }

    ConsoleApi.CreatedToken create(Scope scope, ConsoleApi.NewToken asked) {
        String name = Failures.requireLine("name", asked.name(), MAX_NAME);
        Set<Permission> permissions = permissions(asked);
        requireOwn(scope, permissions);
        int days = Failures.requireWithin(
                "expiresInDays", asked.expiresInDays() == null ? DEFAULT_DAYS : asked.expiresInDays(), 1, MAX_DAYS);
        String token = OpaqueToken.generate(OpaqueToken.API);
        ApiTokenRow row = committer.commit(transaction -> {
            long wanted = transaction.now() + Duration.ofDays(days).toMillis();
            ApiTokenRow made = mac.authenticate(ApiTokenRow.of(
                    Ids.next(),
                    scope.workspaceId(),
                    name,
                    OpaqueToken.hash(token),
                    permissions,
                    transaction.now(),
                    scope.actor(),
                    Math.min(wanted, scope.caller().expiresAt())));
            ApiTokenRepository.insert(transaction.handle(), made);
            transaction.audit(scope.did(
                    "token.create",
                    "token:" + made.id(),
                    Map.of(
                            "name", name,
                            "permissions", made.permissions(),
                            "expires-at", Times.iso(made.expiresAt()))));
            return made;
        });
        return new ConsoleApi.CreatedToken(view(row, scope), token);
    }

    void revoke(Scope scope, String id) {
        committer.commit(transaction -> {
            ApiTokenRow row = ApiTokenRepository.find(
                            transaction.handle(), scope.workspaceId(), everyWorkspace(scope), id)
                    .orElseThrow(() -> Failures.notFound("token", id));
            if (row.revokedAt() == null) {
                ApiTokenRow revoked = row.revoked(transaction.now());
                // What was altered stays so: a MAC of ours would make it genuine.
                ApiTokenRepository.revoke(
                        transaction.handle(), mac.isAuthentic(row) ? mac.authenticate(revoked) : revoked);
            }
            transaction.audit(scope.did("token.revoke", "token:" + id, Map.of()));
            return id;
        });
    }

    private static Set<Permission> permissions(ConsoleApi.NewToken asked) {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        try {
            if (asked.role() != null) {
                permissions.addAll(role(asked.role()).permissions());
            }
            if (asked.permissions() != null) {
                asked.permissions().forEach(id -> permissions.add(Permission.of(id)));
            }
        } catch (IllegalArgumentException e) {
            throw Failures.badRequest("unknown role or permission; roles are owner, operator, viewer, permissions are "
                    + String.join(", ", ids(EnumSet.allOf(Permission.class))));
        }
        if (permissions.isEmpty()) {
            throw Failures.badRequest("a token needs a 'role' or 'permissions'");
        }
        return permissions;
    }

    private static Role role(String id) {
        Role role = Role.valueOf(id.toUpperCase(Locale.ROOT));
        if (!id.equals(role.name().toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("roles are written in lower case");
        }
        return role;
    }

    private static void requireOwn(Scope scope, Set<Permission> permissions) {
        if (permissions.contains(Permission.WORKSPACE_CREATE)) {
            throw Failures.badRequest(
                    "workspace.create is for tokens of every workspace, not for one of this workspace");
        }
        List<String> missing = permissions.stream()
                .filter(permission -> !scope.may(permission))
                .map(Permission::id)
                .toList();
        if (!missing.isEmpty()) {
            throw new NightsafeException(
                    ProblemCode.FORBIDDEN,
                    "this API token can't give what it doesn't have itself: " + String.join(", ", missing));
        }
    }

    private static boolean everyWorkspace(Scope scope) {
        return scope.caller().workspaceId() == null;
    }

    private static List<String> ids(Set<Permission> permissions) {
        return permissions.stream().sorted().map(Permission::id).toList();
    }

    private static ConsoleApi.Token view(ApiTokenRow row, Scope scope) {
        @Nullable
        String workspace = row.workspaceId() == null ? null : scope.workspace().name();
        return new ConsoleApi.Token(
                row.id(),
                row.name(),
                workspace,
                ids(row.permissionSet()),
                Times.iso(row.createdAt()),
                Times.iso(row.expiresAt()),
                Times.isoOrNull(row.lastUsedAt()),
                Times.isoOrNull(row.revokedAt()));
    }
}
