package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.CommandGroup;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nightsafe vault}. */
@Command(
        name = "vault",
        addMethodSubcommands = false,
        header = "Keep secrets: make vaults, put values in, say which queues may have them.",
        description = """
            %nA vault is a named collection of keys. Values are sealed on this machine before they are sent; no command \
            and no API reads one back. A vault is closed until it is allowed to a queue.""",
        footer = """
            %nExamples:
              nightsafe vault create api-keys -d "Keys of outside services"
              nightsafe vault set api-keys OPENAI_API_KEY
              nightsafe vault allow api-keys --queue summarize""")
public final class VaultCommand extends CommandGroup {
    @Override
    public List<Class<?>> classes() {
        return List.of(
                VaultSetCommand.class,
                VersionCommands.History.class,
                VersionCommands.Restore.class,
                VersionCommands.Forget.class,
                VersionCommands.Keep.class,
                VaultRekeyCommand.class,
                VaultReleaseCommand.Allow.class,
                VaultReleaseCommand.Disallow.class,
                VaultReleaseCommand.Floor.class);
    }

    @Command(
            name = "create",
            header = "Make a vault.",
            footer = "%nExample:%n  nightsafe vault create api-keys -d \"Keys of outside services\"")
    void create(
            @Parameters(paramLabel = "NAME", description = "Letters, digits, '_' and '-'.") String name,
            @Option(
                            names = {"-d", "--description"},
                            paramLabel = "TEXT",
                            description = "What it is for.")
                    @Nullable
                    String description,
            @Option(
                            names = "--keep-versions",
                            paramLabel = "N",
                            description = "How many values of each key it keeps, the current one included: 10.")
                    @Nullable
                    Integer keepVersions,
            @Option(
                            names = "--keep-days",
                            paramLabel = "D",
                            description = "How long after it was replaced a value is kept: without end.")
                    @Nullable
                    Integer keepDays) {
        Names.requireName("vault", name);
        ConsoleApi.NewVault vault = new ConsoleApi.NewVault(name, description, "platform", keepVersions, keepDays);
        ConsoleApi.Vault created = session().console().post(vault, ConsoleApi.Vault.class, "vaults");
        if (session().isRootPinned()) {
            KnownVaults.of(session()).made(name, created);
        }
        output().show(created, made -> output().done("vault " + name + " created"));
    }

    @Command(name = "list", header = "List the vaults of the workspace.")
    void list() {
        List<ConsoleApi.VaultSummary> vaults = session().console().list(ConsoleApi.VaultSummary.class, "", "vaults");
        output().list(vaults, "no vaults yet; nightsafe vault create NAME", all -> VaultView.list(output(), all));
        Reminders.warn(session(), vaults);
    }

    @Command(
            name = "show",
            header = "Show a vault: its keys, who uses it, to what it is released. With KEY: who was given it.",
            description = """
                %nSecrets' values are never shown; plain entries (--no-secret) are.
                %nWith KEY it tells who is hit if that value leaked: which workers were given which version, when, at which \
                site and commit, and which tasks they did (attempts are told for 90 days). 'vault get' is in the audit.""",
            footer =
                    "%nExamples:%n  nightsafe vault show api-keys%n  nightsafe vault show api-keys OPENAI_API_KEY --version 3")
    void show(
            @Parameters(index = "0", paramLabel = "VAULT", description = "The vault's name.") String name,
            @Parameters(index = "1", arity = "0..1", paramLabel = "KEY", description = "A key of it.") @Nullable
                    String key,
            @Option(names = "--version", paramLabel = "N", description = "With KEY: only this version.") @Nullable
                    Long version,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "With KEY: at most so many.")
                    int limit,
            @Option(names = "--before", paramLabel = "GRANT", description = "With KEY: what comes before that.")
                    @Nullable
                    String before) {
        if (key != null) {
            new ReleasesView(session()).show(name, key, version, before, limit);
            return;
        }
        ConsoleApi.Vault vault = session().console().get(ConsoleApi.Vault.class, "vaults", name);
        output().show(vault, shown -> VaultView.show(output(), shown));
    }

    @Command(
            name = "unset",
            header = "Remove a key and its values from a vault.",
            description =
                    "%nThe values of older versions are destroyed, too. Workers that run already keep what they were given"
                            + " until they start again.")
    void unset(
            @Parameters(paramLabel = "VAULT", description = "The vault's name.") String vault,
            @Parameters(paramLabel = "KEY", description = "The key to remove.") String key) {
        session().console().delete("vaults", vault, "secrets", key);
        output().done(key + " removed from " + vault, "vault", vault, "key", key, "removed", true);
    }

    @Command(
            name = "delete",
            header = "Delete a vault with everything in it, for good.",
            description =
                    "%nWithout --force it asks, and a vault that queues still name is kept. Its opening key is destroyed too.",
            footer = "%nExample:%n  nightsafe vault delete api-keys --force")
    void delete(
            @Parameters(paramLabel = "VAULT", description = "The vault's name.") String name,
            @Option(names = "--force", description = "Don't ask, and delete it although queues name it.")
                    boolean force) {
        if (!force) {
            confirm(name);
        }
        session().console().deleteWith(force ? "?force=true" : "", "vaults", name);
        output().done("vault " + name + " deleted", "vault", name, "deleted", true);
    }

    private void confirm(String name) {
        if (!terminal().keyboard().isPresent()) {
            throw CliException.usage("deleting a vault needs --force", "its values can't be brought back");
        }
        String typed = terminal().keyboard().readLine("Its values can't be brought back. Type the vault's name: ");
        if (!name.equals(typed)) {
            throw CliException.failed("that is not the name; nothing was deleted", null);
        }
    }

    @Command(
            name = "import",
            header = "Put the lines of a .env file into a vault.",
            description = """
                %nThe whole file is read and checked before the first value is sent. KEY=value lines, 'export' before \
                them if you like, # comments, single and double quotes; nothing is expanded.""",
            footer = "%nExamples:%n  nightsafe vault import api-keys .env%n"
                    + "  sops -d secrets.env | nightsafe vault import api-keys -")
    void importFile(
            @Parameters(paramLabel = "VAULT", description = "The vault's name.") String vault,
            @Parameters(paramLabel = "FILE", description = "The file, or - for standard input.") String file,
            @Option(names = "--no-secret", description = "Plain configuration: anyone who may list the vault sees it.")
                    boolean plain) {
        try (EnvFile entries = EnvImport.read(terminal(), file)) {
            new EnvImport(session(), vault, !plain).run(entries);
        }
    }

    @Command(
            name = "get",
            header = "Read a value back, on the keeper's own machine only.",
            description = """
                %nGoes to the keeper's local socket, which only the keeper's own user may open, and is recorded in the \
                audit. The bytes are written as they are.""",
            footer = "%nExample:%n  nightsafe vault get api-keys TLS_KEY --yes > key.pem")
    void get(
            @Parameters(paramLabel = "VAULT", description = "The vault's name.") String vault,
            @Parameters(paramLabel = "KEY", description = "The key.") String key,
            @Option(
                            names = {"-y", "--yes"},
                            description = "Don't ask.")
                    boolean yes) {
        new LocalGet(session()).run(vault, key, yes);
    }

    @Command(
            name = "export",
            header = "Read all values of a vault back, on the keeper's own machine only.",
            description = """
                %nWrites a .env file that 'vault import' reads: to standard output, or with --file to a new file that only its \
                owner may read. Goes to the keeper's local socket like 'vault get', asks, and is recorded in the audit.""",
            footer = "%nExample:%n  nightsafe vault export api-keys --file api-keys.env")
    void export(
            @Parameters(paramLabel = "VAULT", description = "The vault's name.") String vault,
            @Option(names = "--file", paramLabel = "FILE", description = "A new file, mode 0600.") @Nullable Path file,
            @Option(
                            names = {"-y", "--yes"},
                            description = "Don't ask.")
                    boolean yes) {
        new VaultExport(session()).run(vault, file, yes);
    }
}
