package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.core.release.VaultUses;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Vaults as people see them. */
public final class VaultView {
    /** What stands for a secret's value, always the same: a mask that depended on the value would tell of it. */
    public static final String MASK = "********";

    private VaultView() {}

    static void list(Output output, List<ConsoleApi.VaultSummary> vaults) {
        Table table = new Table("NAME", "DESCRIPTION", "KIND", "ENTRIES", "UPDATED");
        vaults.forEach(vault -> table.row(
                vault.name(), vault.description(), vault.kind(), vault.entries(), Text.time(vault.updatedAt())));
        output.table(table);
    }

    /** Everything about one vault but its secrets' values, which the console doesn't give to anyone. */
    public static void show(Output output, ConsoleApi.Vault vault) {
        output.field("Vault", vault.name());
        output.field("Description", vault.description());
        output.field("Kind", vault.kind());
        output.field("Keeps", keeping(vault));
        output.field("Floor", vault.floor());
        output.field("Created", Text.time(vault.createdAt()));
        output.field("Updated", Text.time(vault.updatedAt()));
        if (vault.rekey() != null) {
            output.field("Rekey", VaultRekeyCommand.told(vault.rekey()));
        }
        output.field("Used by", vault.queues().isEmpty() ? "no queue" : String.join(", ", vault.queues()));
        entries(output, vault.secrets());
        rules(output, vault.releaseRules());
    }

    static String keeping(ConsoleApi.Vault vault) {
        int versions = vault.keeping().versions();
        int days = vault.keeping().days();
        return (versions == 1 ? "no older values" : versions + " values of each key")
                + (versions == 1 || days == 0 ? "" : ", older ones for " + Text.count(days, "day", "days"));
    }

    private static void entries(Output output, List<ConsoleApi.Entry> entries) {
        output.heading("Entries (" + entries.size() + ")");
        boolean limited = entries.stream()
                .map(ConsoleApi.Entry::terms)
                .anyMatch(terms -> terms.expires() != null || terms.rotateEveryDays() != null);
        List<String> headers = new ArrayList<>(List.of("KEY", "VALUE", "SECRET", "VERSION", "UPDATED"));
        if (limited) {
            headers.addAll(List.of("EXPIRES", "ROTATE", "REMINDER"));
        }
        Table table = new Table(headers.toArray(String[]::new));
        for (ConsoleApi.Entry entry : entries) {
            List<Object> cells = new ArrayList<>(
                    switch (entry) {
                        case ConsoleApi.SecretEntry secret -> List.of(secret.key(), MASK, "yes");
                        case ConsoleApi.PlainEntry plain -> List.of(plain.key(), text(plain.plainValue()), "no");
                    });
            cells.add(entry.version());
            cells.add(Text.time(entry.updatedAt()));
            if (limited) {
                cells.addAll(terms(entry.terms()));
            }
            table.row(cells.toArray());
        }
        output.table(table);
    }

    private static List<String> terms(ConsoleApi.Terms terms) {
        return List.of(
                terms.expires() == null ? "never" : Text.time(terms.expires()),
                terms.rotateEveryDays() == null ? "-" : "every " + terms.rotateEveryDays() + "d",
                terms.reminder() == null ? "-" : terms.reminder());
    }

    private static String text(String base64) {
        byte[] value = Base64.getDecoder().decode(base64);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            return "(" + value.length + " bytes that are no text)";
        }
    }

    private static void rules(Output output, List<ConsoleApi.ReleaseRule> rules) {
        output.heading("Released to (" + rules.size() + ")");
        if (rules.isEmpty()) {
            output.line("no queue; nightsafe vault allow VAULT --queue QUEUE");
            return;
        }
        Table table = new Table(
                "QUEUE",
                "SITE",
                "REPOSITORY",
                "BRANCH",
                "CODE PATH",
                "COMMAND",
                "HANDED OUT",
                "MAY LEAVE",
                "COMMIT",
                "CURRENT",
                "RULE");
        rules.forEach(rule -> table.row(
                rule.queue(),
                rule.site().equals("*") ? "any" : rule.site(),
                rule.gitUrl(),
                rule.branch(),
                rule.codePath().isEmpty() ? "all" : rule.codePath(),
                rule.startupCmd(),
                String.join(", ", rule.uses()).replace(VaultUses.WHOLE, "each key"),
                rule.disclosure(),
                rule.commit() == null ? "any" : rule.commit(),
                rule.current() ? "yes" : "no",
                rule.id()));
        output.table(table);
    }
}
