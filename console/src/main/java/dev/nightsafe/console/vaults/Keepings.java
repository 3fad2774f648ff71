package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.protocol.console.ConsoleApi;

/** How many values of each key a vault keeps, and how long. */
final class Keepings {
    private static final int USUAL = 10;
    private static final int MOST_VERSIONS = 100;
    private static final int MOST_DAYS = 36_500;

    private Keepings() {}

    static ConsoleApi.Keeping of(ConsoleApi.NewVault asked) {
        return require(new ConsoleApi.Keeping(
                asked.keepVersions() == null ? USUAL : asked.keepVersions(),
                asked.keepDays() == null ? 0 : asked.keepDays()));
    }

    static ConsoleApi.Keeping require(ConsoleApi.Keeping keeping) {
        Failures.requireWithin("versions", keeping.versions(), 1, MOST_VERSIONS);
        Failures.requireWithin("days", keeping.days(), 0, MOST_DAYS);
        return keeping;
    }
}
