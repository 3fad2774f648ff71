package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.Session;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import java.util.function.Predicate;

/** Warns of vaults with secrets that expired, will soon, or should be replaced. */
public final class Reminders {
    private Reminders() {}

    /** Of those that the names are about; who may not list vaults isn't warned. */
    public static void warn(Session session, Predicate<String> names) {
        List<ConsoleApi.VaultSummary> vaults;
        try {
            vaults = session.console().list(ConsoleApi.VaultSummary.class, "", "vaults");
        } catch (NightsafeException e) {
            return;
        }
        warn(session, vaults.stream().filter(vault -> names.test(vault.name())).toList());
    }

    static void warn(Session session, List<ConsoleApi.VaultSummary> vaults) {
        vaults.stream()
                .filter(vault -> vault.reminders() > 0)
                .forEach(vault -> session.terminal()
                        .warn(Text.count(vault.reminders(), "key", "keys") + " of vault " + vault.name()
                                + " expired, or should be replaced: nightsafe vault show " + vault.name()));
    }
}
