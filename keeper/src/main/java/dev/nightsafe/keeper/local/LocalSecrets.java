package dev.nightsafe.keeper.local;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.keeper.grants.Opening;
import dev.nightsafe.keeper.grants.Released;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.protocol.keeper.GrantBundle;
import dev.nightsafe.protocol.local.LocalApi;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Opens one secret for somebody on the keeper's machine, audited before it is answered (I2). Thread-safe. */
public final class LocalSecrets {
    private final Database console;
    private final Committer committer;
    private final Opening opening;

    public LocalSecrets(Database console, Committer committer, Opening opening) {
        this.console = console;
        this.committer = committer;
        this.opening = opening;
    }

    /** The secret as it is now, alone in a bundle that the caller closes. */
    GrantBundle get(LocalApi.Request request, String user) {
        String workspace = Encoded.text("workspace", request.workspace(), 64);
        String vault = Encoded.text("vault", request.vault(), 64);
        String key = Encoded.text("key", request.key(), 128);
        Released found = console.read(handle -> {
            ConsoleTables.Vault row = ConsoleTables.workspaceId(handle, workspace)
                    .flatMap(id -> ConsoleTables.vaultByName(handle, id, vault))
                    .orElseThrow(() ->
                            new NightsafeException(ProblemCode.VAULT_NOT_FOUND, "vault not found: '" + vault + "'"));
            return ConsoleTables.secret(handle, row.id(), key)
                    .map(secret -> new Released(row, secret))
                    .orElseThrow(() -> new NightsafeException(
                            ProblemCode.NOT_FOUND, "secret not found: '" + vault + "/" + key + "'"));
        });
        GrantBundle bundle = opening.open(List.of(found));
        try {
            committer.commit(transaction -> {
                transaction.audit(new AuditEvent(
                        found.vault().workspaceId(),
                        "local:" + user,
                        "local.get",
                        "vault:" + found.vault().id() + "/" + key,
                        "ok",
                        new TreeMap<>(Map.of(
                                "secret", found.name() + "@" + found.secret().version()))));
                return true;
            });
            return bundle;
        } catch (Throwable e) {
            bundle.close();
            throw e;
        }
    }
}
