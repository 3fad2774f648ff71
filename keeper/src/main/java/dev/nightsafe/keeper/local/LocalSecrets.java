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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Opens a secret or a vault for somebody on the keeper's machine, audited before it is answered (I2). Thread-safe. */
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
        String key = Encoded.text("key", request.key(), 128);
        Released found = console.read(handle -> {
            ConsoleTables.Vault vault = vault(handle, request);
            return ConsoleTables.secret(handle, vault.id(), key)
                    .map(secret -> new Released(vault, secret))
                    .orElseThrow(() -> new NightsafeException(
                            ProblemCode.NOT_FOUND, "secret not found: '" + vault.name() + "/" + key + "'"));
        });
        String object = "vault:" + found.vault().id() + "/" + key;
        return opened(found.vault(), List.of(found), user, "local.get", object, "secret");
    }

    /** All of a vault as it is now, by key, in a bundle that the caller closes. */
    GrantBundle export(LocalApi.Request request, String user) {
        List<Released> found = new ArrayList<>();
        ConsoleTables.Vault vault = console.read(handle -> {
            ConsoleTables.Vault named = vault(handle, request);
            List<ConsoleTables.Size> sizes = ConsoleTables.sizes(handle, named.id());
            if (sizes.stream().mapToLong(ConsoleTables.Size::bytes).sum() > Opening.MOST_BYTES) {
                throw new NightsafeException(
                        ProblemCode.VALUE_TOO_LARGE,
                        "vault '" + named.name() + "' has more than 16 MiB; take its values out one by one");
            }
            List<String> keys = sizes.stream().map(ConsoleTables.Size::key).toList();
            ConsoleTables.secrets(handle, named.id(), keys).forEach(secret -> found.add(new Released(named, secret)));
            return named;
        });
        return opened(vault, found, user, "local.export", "vault:" + vault.id(), "secrets");
    }

    /** To be called before master keys are rotated: then they are, whether or not the answer arrives. */
    void recordRotation(String user) {
        committer.commit(transaction -> {
            transaction.audit(new AuditEvent(null, "local:" + user, "keys.rotate", "keys", "ok", new TreeMap<>()));
            return true;
        });
    }

    private static ConsoleTables.Vault vault(Handle handle, LocalApi.Request request) {
        String workspace = Encoded.text("workspace", request.workspace(), 64);
        String vault = Encoded.text("vault", request.vault(), 64);
        return ConsoleTables.workspaceId(handle, workspace)
                .flatMap(id -> ConsoleTables.vaultByName(handle, id, vault))
                .orElseThrow(
                        () -> new NightsafeException(ProblemCode.VAULT_NOT_FOUND, "vault not found: '" + vault + "'"));
    }

    private GrantBundle opened(
            ConsoleTables.Vault vault, List<Released> found, String user, String action, String object, String named) {
        GrantBundle bundle = opening.open(found);
        try {
            String names = found.stream()
                    .map(one -> one.name() + "@" + one.secret().version())
                    .collect(Collectors.joining(" "));
            committer.commit(transaction -> {
                transaction.audit(new AuditEvent(
                        vault.workspaceId(),
                        "local:" + user,
                        action,
                        object,
                        "ok",
                        new TreeMap<>(Map.of(named, names))));
                return true;
            });
            return bundle;
        } catch (Throwable e) {
            bundle.close();
            throw e;
        }
    }
}
