package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nightsafe vault history}, {@code restore}, {@code forget} and {@code keep}. */
final class VersionCommands {
    private VersionCommands() {}

    /** What each of them is about. */
    abstract static class OfKey extends CliCommand implements Runnable {
        @Parameters(index = "0", paramLabel = "VAULT", description = "The vault's name.")
        String vault = "";

        @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
        String key = "";
    }

    /** Shows versions, never values. */
    @Command(
            name = "history",
            header = "Show a key's versions: when, by whom, what became of them.",
            description = """
                %nNo value is shown. 'kept' can be restored. 'pruned' is gone because more or newer ones are kept (vault keep), \
                'forgotten' because somebody destroyed it or unset the key.""",
            footer = "%nExample:%n  nightsafe vault history api-keys OPENAI_API_KEY")
    public static final class History extends OfKey {
        @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most so many, the newest.")
        private int limit;

        @Option(names = "--before", paramLabel = "VERSION", description = "Only versions before this one.")
        private @Nullable Long before;

        @Override
        public void run() {
            String query = "?limit=" + limit + (before == null ? "" : "&before=" + before);
            List<ConsoleApi.SecretVersion> versions = session()
                    .console()
                    .list(ConsoleApi.SecretVersion.class, query, "vaults", vault, "secrets", key, "versions");
            output().list(versions, "no such versions", this::table);
        }

        private void table(List<ConsoleApi.SecretVersion> versions) {
            Table table = new Table("VERSION", "STATE", "SINCE", "SECRET", "DEPOSITED", "BY");
            versions.forEach(version -> table.row(
                    version.version(),
                    version.state(),
                    Text.time(version.since()),
                    version.secret() ? "yes" : "no",
                    Text.time(version.depositedAt()),
                    version.depositedBy()));
            output().table(table);
        }
    }

    /** Brings an older value back. */
    @Command(
            name = "restore",
            header = "Make an older value the newest version again.",
            description = """
                %nThe keeper opens the older box and seals its value anew; neither this command nor the console sees it. \
                Workers get it when they start the next time.""",
            footer = "%nExample:%n  nightsafe vault restore api-keys OPENAI_API_KEY --version 3")
    public static final class Restore extends OfKey {
        @Option(
                names = "--version",
                required = true,
                paramLabel = "N",
                description = "Which; 'vault history' shows them.")
        private long version;

        @Override
        public void run() {
            ConsoleApi.Deposited restored = session()
                    .console()
                    .post(
                            ConsoleApi.Deposited.class,
                            "vaults",
                            vault,
                            "secrets",
                            key,
                            "versions",
                            Long.toString(version),
                            "restore");
            output().show(
                            restored,
                            made -> output().done(vault + "/" + key + " has the value of version " + version
                                    + " again, as version " + made.version()));
        }
    }

    /** Destroys an older value. */
    @Command(
            name = "forget",
            header = "Destroy an older value now.",
            description = """
                %nIts sealed value is removed from the console's database. Backups, replicas and the database's write-ahead log \
                have it, sealed, until they are overwritten. The current version is ended by 'vault set' or 'vault unset'.""",
            footer = "%nExample:%n  nightsafe vault forget api-keys OPENAI_API_KEY --version 3 --yes")
    public static final class Forget extends OfKey {
        @Option(
                names = "--version",
                required = true,
                paramLabel = "N",
                description = "Which; 'vault history' shows them.")
        private long version;

        @Option(
                names = {"-y", "--yes"},
                description = "Don't ask.")
        private boolean yes;

        @Override
        public void run() {
            if (!yes) {
                confirm();
            }
            session().console().delete("vaults", vault, "secrets", key, "versions", Long.toString(version));
            output().done(
                            "version " + version + " of " + vault + "/" + key + " forgotten",
                            "vault",
                            vault,
                            "key",
                            key,
                            "version",
                            version,
                            "forgotten",
                            true);
        }

        private void confirm() {
            if (!terminal().keyboard().isPresent()) {
                throw CliException.usage("forgetting needs --yes where nobody can be asked", "it can't be undone");
            }
            String answer = terminal()
                    .keyboard()
                    .readLine("Destroy version " + version + " of " + vault + "/" + key + " for good? [y/N] ");
            if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
                throw CliException.failed("nothing was forgotten", null);
            }
        }
    }

    /** Says how much is kept. */
    @Command(
            name = "keep",
            header = "Say how many older values a vault keeps, and how long.",
            description = "%nOf each key. What is no longer to be kept is destroyed at once, for good.",
            footer = "%nExamples:%n  nightsafe vault keep api-keys --versions 5 --days 90%n"
                    + "  nightsafe vault keep api-keys --versions 1   # no older value at all")
    public static final class Keep extends CliCommand implements Runnable {
        @Parameters(paramLabel = "VAULT", description = "The vault's name.")
        private String vault = "";

        @Option(
                names = "--versions",
                paramLabel = "N",
                description = "How many values of each key, the current one included: 1 to 100. Without it as before.")
        private @Nullable Integer versions;

        @Option(
                names = "--days",
                paramLabel = "D",
                description = "How long after it was replaced; 0 for without end. Without it as before.")
        private @Nullable Integer days;

        @Override
        public void run() {
            if (versions == null && days == null) {
                throw CliException.usage("keep what? Give --versions, --days or both", "nightsafe vault show " + vault);
            }
            ConsoleApi.Keeping before = session()
                    .console()
                    .get(ConsoleApi.Vault.class, "vaults", vault)
                    .keeping();
            ConsoleApi.Keeping wanted = new ConsoleApi.Keeping(
                    versions == null ? before.versions() : versions, days == null ? before.days() : days);
            ConsoleApi.Vault kept = session().console().put(wanted, ConsoleApi.Vault.class, "vaults", vault, "keeping");
            output().show(kept, shown -> output().done("vault " + vault + " keeps " + VaultView.keeping(shown)));
        }
    }
}
