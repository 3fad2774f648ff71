package dev.nightsafe.cli.keys;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.CommandGroup;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.core.keys.MasterKeyRing;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.protocol.local.LocalApi;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nightsafe keys}. */
@Command(
        name = "keys",
        addMethodSubcommands = false,
        header = "Master keys: make one, see what they protect, rotate.",
        description = """
            %nThe master key wraps the keys that open vaults. Only the keeper has it, from NIGHTSAFE_MASTER_KEY or a \
            key ring file. Whoever has it and the databases can read every platform vault; who loses it has lost them.""",
        footer = """
            %nExamples:
              export NIGHTSAFE_MASTER_KEY=$(nightsafe keys new)
              nightsafe keys status
              nightsafe keys rotate""")
public final class KeysCommand extends CommandGroup {

    @Command(
            name = "new",
            header = "Print a new random master key.",
            description = "%nBase64 of 32 bytes, as NIGHTSAFE_MASTER_KEY takes it. Nothing is stored and no server is"
                    + " asked.")
    void makeNew() {
        try (SecretBytes key = MasterKeyRing.newKey()) {
            key.exposing(base64 -> {
                terminal().out().write(base64, 0, base64.length);
                terminal().out().println();
                terminal().out().flush();
                return base64.length;
            });
        }
    }

    @Command(
            name = "status",
            header = "Show which master keys the keeper has and what they wrap.",
            description = "%nAsks the keeper through its local socket, so it works on the keeper's machine only.")
    void status() {
        output().show(new LocalKeeper(session().home()).keysStatus(), this::show);
    }

    @Command(
            name = "rotate",
            header = "Make a new master key and wrap everything anew under it.",
            description = """
                %nAdds the next version to the key ring file, then has the keeper read the ring again and wrap each \
                opening key under it. Values and locks stay as they are. Old versions stay in the file, for backups; \
                take them out when the last backup that needs them is gone.""",
            footer = "%nExample:%n  nightsafe keys rotate")
    void rotate(
            @Option(
                            names = "--master-keys",
                            paramLabel = "FILE",
                            description = "The keeper's key ring file (default: $NIGHTSAFE_HOME/master.keys).")
                    @Nullable
                    Path ring) {
        LocalKeeper keeper = new LocalKeeper(session().home());
        LocalApi.KeysStatus before = keeper.keysStatus();
        if (!before.source().equals("file")) {
            throw CliException.failed(
                    "the keeper's master key comes from no key ring file (" + before.source() + ")",
                    "write the key as the line '1 <key>' into a file (chmod 600) and start the keeper with"
                            + " --master-keys FILE");
        }
        int version =
                MasterKeyRing.addVersion(ring != null ? ring : session().home().resolve("master.keys"));
        LocalApi.KeysStatus after = keeper.rotateKeys();
        if (after.currentVersion() < version) {
            throw CliException.failed(
                    "version " + version + " was added to the ring, but the keeper's current version is "
                            + after.currentVersion(),
                    "was it another ring? Name the keeper's with --master-keys");
        }
        output().show(after, this::show);
    }

    private void show(LocalApi.KeysStatus keys) {
        output().field("Vaults", keys.vaultsEnabled() ? "enabled" : "disabled: " + keys.reason());
        output().field("Keys from", keys.source());
        output().field("Root", keys.rootFingerprint());
        if (keys.rewrapped() > 0) {
            output().field("Wrapped anew", keys.rewrapped());
        }
        output().heading("Master keys (" + keys.versions().size() + ")");
        Table table = new Table("VERSION", "CURRENT", "LOADED", "WRAPS");
        keys.versions()
                .forEach(key -> table.row(
                        key.version(),
                        key.version() == keys.currentVersion() ? "yes" : "no",
                        key.loaded() ? "yes" : "no",
                        key.openingKeys()));
        output().table(table);
    }
}
