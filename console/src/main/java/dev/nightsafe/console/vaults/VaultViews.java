package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.RowMac;
import dev.nightsafe.console.platform.Times;
import dev.nightsafe.console.release.ReleaseRules;
import dev.nightsafe.database.console.EntryRow;
import dev.nightsafe.database.console.QueueRow;
import dev.nightsafe.database.console.SecretRepository;
import dev.nightsafe.database.console.VaultRepository;
import dev.nightsafe.database.console.VaultRow;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.Base64;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Vaults as the API shows them: never a box, never a secret's value. */
final class VaultViews {
    private VaultViews() {}

    static ConsoleApi.VaultSummary summary(VaultRow vault, VaultRepository.Counts counts) {
        return new ConsoleApi.VaultSummary(
                vault.id(),
                vault.name(),
                vault.description(),
                vault.kind(),
                counts.entries(),
                counts.reminders(),
                Times.iso(vault.createdAt()),
                Times.iso(vault.updatedAt()));
    }

    /** @param queues of the vault's workspace */
    static ConsoleApi.Vault whole(
            Handle handle, ReleaseRules rules, RowMac mac, VaultRow vault, List<QueueRow> queues, long now) {
        return new ConsoleApi.Vault(
                vault.id(),
                vault.workspaceId(),
                vault.name(),
                vault.description(),
                vault.kind(),
                new ConsoleApi.Keeping(vault.keepVersions(), vault.keepDays()),
                rules.floor(handle, vault),
                Times.iso(vault.createdAt()),
                Times.iso(vault.updatedAt()),
                Rekeys.of(handle, vault, mac),
                SecretRepository.entries(handle, vault.id()).stream()
                        .map(row -> entry(row, now))
                        .toList(),
                rules.ofVault(handle, vault, queues),
                Vaults.usedBy(vault, queues));
    }

    private static ConsoleApi.Entry entry(EntryRow row, long now) {
        String at = Times.iso(row.updatedAt());
        if (row.isSecret() || row.plainValue() == null) {
            return new ConsoleApi.SecretEntry(row.key(), row.version(), at, row.updatedBy(), Terms.of(row, now));
        }
        String plain = Base64.getEncoder().encodeToString(row.plainValue());
        return new ConsoleApi.PlainEntry(row.key(), row.version(), at, row.updatedBy(), Terms.of(row, now), plain);
    }
}
