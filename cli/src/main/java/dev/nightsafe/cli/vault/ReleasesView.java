package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Session;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who was given a secret: who is hit if it leaked. */
final class ReleasesView {
    private final Session session;
    private final Output output;

    ReleasesView(Session session) {
        this.session = session;
        this.output = session.output();
    }

    /** @param before id of a grant, to go on after a list that was cut */
    void show(String vault, String key, @Nullable Long version, @Nullable String before, int limit) {
        String query = "?limit=" + limit
                + (version == null ? "" : "&version=" + version)
                + (before == null ? "" : "&before=" + before);
        List<ConsoleApi.Release> releases =
                session.console().list(ConsoleApi.Release.class, query, "vaults", vault, "secrets", key, "releases");
        output.list(releases, vault + "/" + key + " was given to no worker", all -> {
            output.field("Secret", vault + "/" + key);
            output.heading("Given to workers (" + all.size() + (all.size() == limit ? ", the newest" : "") + ")");
            releases(all);
            tasks(all);
            if (all.size() == limit) {
                output.line("there may be more: --before " + all.getLast().grant());
            }
        });
    }

    private void releases(List<ConsoleApi.Release> all) {
        Table table = new Table("WHEN", "VERSION", "QUEUE", "SITE", "RUNNER", "COMMIT", "ATTEMPTS");
        all.forEach(release -> table.row(
                Text.time(release.at()),
                release.version(),
                release.queue(),
                release.site(),
                release.runner(),
                release.commit() == null ? "-" : release.commit(),
                release.attempts() > release.tasks().size()
                        ? release.attempts() + ", the last " + release.tasks().size() + " below"
                        : release.attempts()));
        output.table(table);
    }

    private void tasks(List<ConsoleApi.Release> all) {
        Table table = new Table("TASK", "ATTEMPT", "VERSION", "WHEN", "RUNNER");
        long attempts = 0;
        for (ConsoleApi.Release release : all) {
            attempts += release.attempts();
            release.tasks()
                    .forEach(one -> table.row(
                            one.task(), one.attempt(), release.version(), Text.time(one.at()), release.runner()));
        }
        if (attempts > 0) {
            output.heading("Attempts at tasks (" + attempts + ")");
            output.table(table);
        }
    }
}
