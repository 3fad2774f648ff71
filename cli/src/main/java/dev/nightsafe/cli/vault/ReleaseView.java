package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.release.ReleaseRule;
import dev.nightsafe.core.release.VaultUses;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What consent is given to, as people see it. */
final class ReleaseView {
    private final Output output;

    ReleaseView(Output output) {
        this.output = output;
    }

    /** Before it is given. */
    void show(
            String vault,
            String queue,
            Deployment deployment,
            @Nullable String site,
            @Nullable String commit,
            List<String> uses) {
        output.field("Vault", vault);
        output.field("Queue", queue);
        code(deployment.gitUrl(), deployment.branch(), deployment.codePath(), deployment.startupCmd());
        where(commit, site);
        uses(uses);
        output.field("May leave", deployment.disclosure().text());
        output.field("Deployment", deployment.digest());
    }

    /** After it was given. */
    void show(ConsoleApi.Released released) {
        ConsoleApi.ReleaseRule rule = released.rule();
        code(rule.gitUrl(), rule.branch(), rule.codePath(), rule.startupCmd());
        where(rule.commit(), rule.site());
        uses(rule.uses());
        output.field("May leave", rule.disclosure());
        output.field("Rule", rule.id());
        released.replaced().forEach(old -> output.field("Replaces", old.id() + " " + earlier(old)));
    }

    private static String earlier(ConsoleApi.ReleaseRule old) {
        return "(" + (old.current() ? "" : "an earlier deployment, ") + "commit " + orAny(old.commit()) + ", site "
                + site(old.site()) + ")";
    }

    private void code(String gitUrl, String branch, String codePath, String command) {
        output.field("Repository", gitUrl + " (" + branch + ")");
        output.field("Code path", codePath.isEmpty() ? "all of it" : codePath);
        output.field("Command", command);
    }

    private void where(@Nullable String commit, @Nullable String site) {
        output.field("Commit", orAny(commit));
        output.field("Site", site(site));
    }

    private static String orAny(@Nullable String text) {
        return text == null ? "any" : text;
    }

    private static String site(@Nullable String site) {
        return site == null || site.equals(ReleaseRule.ANY_SITE) ? "any" : site;
    }

    private void uses(List<String> uses) {
        String before = String.format("%-15s", "Handed out:");
        for (String use : uses) {
            output.line(before + words(use));
            before = " ".repeat(before.length());
        }
    }

    /** A use of a vault, as {@link VaultUses} writes it, in words. */
    static String words(String use) {
        String[] parts = use.split(" ", -1);
        if (use.equals(VaultUses.WHOLE)) {
            return "each key, in a variable of its own name";
        }
        return switch (parts[1]) {
            case "env" -> parts[0] + ", in variable " + parts[2];
            case "file" -> parts[0] + ", in a file whose path is in variable " + parts[2];
            case "fd" -> parts[0] + ", at a descriptor whose number is in variable " + parts[2];
            case "git_token" -> parts[0] + ", as git_token, to the repository's host only";
            default -> use;
        };
    }
}
