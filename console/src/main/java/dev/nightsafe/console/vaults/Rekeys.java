package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.RowMac;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.console.platform.Times;
import dev.nightsafe.core.address.Ids;
import dev.nightsafe.database.console.RekeyRepository;
import dev.nightsafe.database.console.RekeyRow;
import dev.nightsafe.database.console.VaultRow;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Asks for rekeys and tells how far they are; {@link Rekeying} does them. Thread-safe. */
public final class Rekeys {
    static final String ALTERED =
            "its row isn't what a console wrote: somebody changed the database, or row.key is another";

    private final Database database;
    private final Committer committer;
    private final Keeper keeper;
    private final Rekeying rekeying;
    private final RowMac mac;

    public Rekeys(Database database, Committer committer, Keeper keeper, Rekeying rekeying, RowMac mac) {
        this.database = database;
        this.committer = committer;
        this.keeper = keeper;
        this.rekeying = rekeying;
        this.mac = mac;
    }

    /**
     * The one that is under way, if there is one: another lock would have to wait for it in any case. One that somebody
     * altered isn't under way, nor is one whose lock isn't the vault's any more.
     */
    ConsoleApi.Rekey begin(Scope scope, String vaultName) {
        keeper.requireVaults();
        RekeyRepository.Found begun = committer.commit(transaction -> {
            Handle handle = transaction.handle();
            VaultRow vault = Vaults.require(handle, scope, vaultName);
            RekeyRow before = RekeyRepository.find(handle, vault.id()).orElse(null);
            if (before == null || isOver(before, vault)) {
                begin(transaction, scope, vault, before);
            }
            RekeyRow row = RekeyRepository.find(handle, vault.id()).orElseThrow();
            return new RekeyRepository.Found(vault.workspaceId(), row);
        });
        rekeying.wake(begun.of(), begun.row());
        return view(begun.row(), mac);
    }

    private boolean isOver(RekeyRow row, VaultRow vault) {
        boolean overtaken = row.lockId() != null && !row.lockId().equals(vault.lockId());
        return row.isFinished() || overtaken || !mac.isAuthentic(row);
    }

    private void begin(Transaction transaction, Scope scope, VaultRow vault, @Nullable RekeyRow before) {
        RekeyRow begun = mac.authenticate(RekeyRow.of(vault.id(), Ids.next(), transaction.now(), scope.actor()));
        // Another console may have been faster.
        if (RekeyRepository.begin(transaction.handle(), begun, before)) {
            transaction.audit(
                    scope.did("vault.rekey", "vault:" + vault.id(), Map.of("name", vault.name(), "rekey", begun.id())));
        }
    }

    ConsoleApi.Rekey show(Scope scope, String vaultName) {
        keeper.requireVaults();
        return database.read(handle -> Optional.ofNullable(of(handle, Vaults.require(handle, scope, vaultName), mac))
                .orElseThrow(() -> Failures.notFound("rekey of vault", vaultName)));
    }

    /** Null when the vault's lock is its first. */
    static ConsoleApi.@Nullable Rekey of(Handle handle, VaultRow vault, RowMac mac) {
        return RekeyRepository.find(handle, vault.id())
                .map(row -> view(row, mac))
                .orElse(null);
    }

    private static ConsoleApi.Rekey view(RekeyRow row, RowMac mac) {
        if (!mac.isAuthentic(row)) {
            return new ConsoleApi.Rekey("altered", 0, 0, 0, Times.iso(row.startedAt()), "unknown", null, ALTERED);
        }
        // What was deposited or pruned meanwhile isn't counted anew.
        long done = row.isFinished() ? row.total() : Math.min(row.done(), row.total());
        return new ConsoleApi.Rekey(
                state(row),
                row.total(),
                done,
                row.refused(),
                Times.iso(row.startedAt()),
                row.startedBy(),
                Times.isoOrNull(row.finishedAt()),
                row.problem());
    }

    private static String state(RekeyRow row) {
        if (row.isFinished()) {
            return "done";
        }
        if (row.refused() > 0) {
            return "stuck";
        }
        return row.lockId() == null ? "starting" : "resealing";
    }
}
