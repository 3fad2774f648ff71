package dev.nightsafe.cli.demo;

import dev.nightsafe.cli.audit.AuditView;
import dev.nightsafe.cli.platform.ConsoleClient;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.cli.vault.VaultView;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Shows what each side can see of the secret. */
final class Sight {
    private static final int SEARCHABLE = 8;
    private static final Set<String> TELLING = Set.of("grant", "secret.", "release", "vault.", "queue.");

    private final Story story;
    private final ConsoleClient console;
    private final Path home;

    Sight(Story story, ConsoleClient console, Path home) {
        this.story = story;
        this.console = console;
        this.home = home;
    }

    FileSearch.Result tell(SecretBytes secret, Instant since) {
        story.step("What each side can see of the secret");
        people();
        database();
        audit(since);
        return files(secret);
    }

    private void people() {
        story.say("People, by nightsafe vault show " + Demo.VAULT + ":");
        VaultView.show(story.quoted(), console.get(ConsoleApi.Vault.class, "vaults", Demo.VAULT));
    }

    private void database() {
        Path database = home.resolve("console/console.db");
        story.headline("");
        DatabaseRow.read(database, Demo.VAULT, Demo.KEY)
                .ifPresentOrElse(
                        row -> {
                            story.say("Whoever has the database, in " + database + ":");
                            story.quoted()
                                    .line("version " + row.version() + ", a box of " + row.boxLength()
                                            + " bytes that starts with");
                            story.quoted().line(row.start());
                        },
                        () -> story.say("The database is " + database + "; look at its table 'secret'."));
    }

    private void audit(Instant since) {
        story.headline("");
        story.say("Auditors, by nightsafe audit tail:");
        List<ConsoleApi.AuditEvent> events = console.list(ConsoleApi.AuditEvent.class, "?limit=200", "audit").stream()
                .filter(event -> !Instant.parse(event.at()).isBefore(since))
                .filter(event -> TELLING.stream().anyMatch(event.action()::startsWith))
                .toList();
        events.forEach(event -> story.quoted().line(AuditView.brief(event)));
    }

    private FileSearch.Result files(SecretBytes secret) {
        story.headline("");
        if (secret.length() < SEARCHABLE) {
            story.say("The value is too short to look for it in files.");
            return new FileSearch.Result(0, List.of());
        }
        try (FileSearch search = new FileSearch(secret)) {
            FileSearch.Result result = search.under(home);
            String where = "The value, as it is, in hex or base64, in " + Text.count(result.files(), "file", "files")
                    + " of " + home + ": ";
            String found = "found in " + result.found().size();
            story.say(where
                    + (result.found().isEmpty()
                            ? story.style().good(found)
                            : story.style().bad(found)));
            result.found().forEach(file -> story.quoted().line(file.toString()));
            return result;
        }
    }
}
