package dev.nightsafe.cli.keys;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Text;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code nightsafe keys}. */
@Command(
        name = "keys",
        header = "Master keys: make one, see what they protect, rotate.",
        description = """
            %nThe master key wraps the keys that open vaults. Only the keeper has it, from NIGHTSAFE_MASTER_KEY or a \
            key ring file. Whoever has it and the databases can read every platform vault; who loses it has lost them.""",
        footer = """
            %nExamples:
              export NIGHTSAFE_MASTER_KEY=$(nightsafe keys new)
              nightsafe keys status
              nightsafe keys rotate""")
public final class KeysCommand extends CliCommand {

    @Command(
            name = "new",
            header = "Print a new random master key.",
            description = "%nBase64 of 32 bytes, as NIGHTSAFE_MASTER_KEY takes it. Nothing is stored and no server is"
                    + " asked.")
    void makeNew() {
        byte[] key = MasterKeyFile.newKey();
        terminal().out().write(key, 0, key.length);
        terminal().out().println();
        terminal().out().flush();
        Arrays.fill(key, (byte) 0);
    }

    @Command(
            name = "status",
            header = "Show which master keys the keeper has and what they wrap.",
            description = "%nAsks the keeper through its local socket, so it works on the keeper's machine only.")
    void status() {
        show(new LocalKeeper(session().home()).ask("keys-status"));
    }

    @Command(
            name = "rotate",
            header = "Make a new master key and wrap everything anew under it.",
            description = """
                %nAdds the next version to the key ring file, then has the keeper read the ring again and wrap each \
                opening key under it. Values and locks stay as they are. Old versions stay in the file, for backups; \
                take them out when the last backup that needs them is gone.""")
    void rotate(
            @Option(
                            names = "--master-keys",
                            paramLabel = "FILE",
                            description = "The keeper's key ring file ($NIGHTSAFE_HOME/master.keys).")
                    @Nullable Path ring) {
        LocalKeeper keeper = new LocalKeeper(session().home());
        keeper.ask("keys-status"); // a keeper that can't be asked now couldn't be told of the new key either
        int version = new MasterKeyFile(ring != null ? ring : session().home().resolve("master.keys")).append();
        JsonNode answer = keeper.ask("keys-rotate");
        if (!output().isJson()) {
            output().done("master key " + version + " is the current one now");
        }
        show(answer);
    }

    private void show(JsonNode answer) {
        output().show(answer, fields -> fields.properties()
                .forEach(field -> output().field(words(field.getKey()), value(field.getValue()))));
    }

    private static String words(String camelCase) {
        String words = camelCase.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static String value(JsonNode value) {
        return Text.oneLine(value.isValueNode() ? value.asString("") : Output.compact(value));
    }
}
