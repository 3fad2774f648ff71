package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.release.VaultFloor;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nightsafe vault allow}, {@code disallow} and {@code floor}. */
final class VaultReleaseCommand {
    private VaultReleaseCommand() {}

    /** Makes a release rule. */
    @Command(
            name = "allow",
            header = "Release a vault to a queue as it is deployed now.",
            description = """
                %nShows what runs there, how it is given the values and how much of what it says may leave its site, and \
                asks. The rule names repository, branch, code path, command, the use of the values and what may leave as they \
                were shown. When one of them changes, unless less may leave, the queue gets nothing from this vault until it is \
                allowed again; when one changed since it was shown, nothing is released.
                %nIt takes the place of earlier rules for the queue that permit something at the same site and commit: \
                --site and --commit narrow a release that was wider.""",
            footer = """
                %nExamples:
                  nightsafe vault allow api-keys --queue summarize
                  nightsafe vault allow api-keys --queue summarize --site frankfurt --commit 4f2a...
                  nightsafe vault allow api-keys --queue summarize --deployment 9b1c...""")
    public static final class Allow extends CliCommand implements Runnable {
        @Parameters(paramLabel = "VAULT", description = "The vault's name.")
        private String vault = "";

        @Option(names = "--queue", required = true, paramLabel = "QUEUE", description = "The queue that may have it.")
        private String queue = "";

        @Option(names = "--site", paramLabel = "SITE", description = "Only at this site; without it at each.")
        private @Nullable String site;

        @Option(
                names = "--commit",
                paramLabel = "ID",
                description = "Only at this commit (all 40 digits); without it at each commit of the branch.")
        private @Nullable String commit;

        @Option(
                names = "--deployment",
                paramLabel = "DIGEST",
                description = "Don't ask: release it to this deployment ('queue show' has its digest) and no other.")
        private @Nullable String deployment;

        @Option(
                names = {"-y", "--yes"},
                description = "Don't ask: release it to whatever the queue is now.")
        private boolean yes;

        @Override
        public void run() {
            String digest = deployment == null
                    ? new ReleaseConsent(session(), vault, queue).give(site, commit, yes)
                    : deployment;
            ConsoleApi.NewReleaseRule rule = new ConsoleApi.NewReleaseRule(queue, digest, site, commit);
            ConsoleApi.Released made =
                    session().console().post(rule, ConsoleApi.Released.class, "vaults", vault, "release-rules");
            output().show(made, shown -> {
                output().done("vault " + vault + " is released to queue " + queue);
                new ReleaseView(output()).show(shown);
            });
        }
    }

    /** Bounds what any rule can release. */
    @Command(
            name = "floor",
            header = "Say in which way workers may get a vault's values at least.",
            description = """
                %nfd: at a descriptor, in sealed memory without a name. file: or in a file in memory that the worker's user \
                can read. env: or in a variable, which a worker's children and crash reports have too; so it is when nothing \
                is said.
                %nA queue can't lower it, nor can consent: one that takes the values in a weaker way gets none of them when \
                its workers start next. Needs vault.release.""",
            footer = "%nExample:%n  nightsafe vault floor api-keys file")
    public static final class Floor extends CliCommand implements Runnable {
        @Parameters(index = "0", paramLabel = "VAULT", description = "The vault's name.")
        private String vault = "";

        @Parameters(index = "1", paramLabel = "WAY", description = "fd, file or env.")
        private String floor = "";

        @Override
        public void run() {
            Deployment.As way = Disclosure.choice(Deployment.As.class, floor)
                    .orElseThrow(() -> CliException.usage(
                            "'" + floor + "' is no way to give a secret", Disclosure.words(Deployment.As.class)));
            ConsoleApi.Floor set = session()
                    .console()
                    .put(new ConsoleApi.NewFloor(floor), ConsoleApi.Floor.class, "vaults", vault, "floor");
            output().show(
                            set,
                            _ -> output().done("vault " + vault + " gives its values as " + VaultFloor.atLeast(way)));
            set.below()
                    .forEach(queue -> terminal()
                            .warn("queue " + queue + " takes them in a weaker way; its workers get none when they start"
                                    + " next: nightsafe queue check " + queue));
        }
    }

    /** Takes release rules back. */
    @Command(
            name = "disallow",
            header = "Take a release back: one rule, or all of a queue.",
            description = "%nWorkers that run already keep what they were given until they start again.",
            footer = """
                %nExamples:
                  nightsafe vault disallow api-keys --queue summarize
                  nightsafe vault disallow api-keys 0198c3a2-...""")
    public static final class Disallow extends CliCommand implements Runnable {
        @Parameters(index = "0", paramLabel = "VAULT", description = "The vault's name.")
        private String vault = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "RULE", description = "One rule's id, from 'vault show'.")
        private @Nullable String rule;

        @Option(names = "--queue", paramLabel = "QUEUE", description = "All rules for this queue.")
        private @Nullable String queue;

        @Override
        public void run() {
            List<String> rules = rules();
            rules.forEach(each -> session().console().delete("vaults", vault, "release-rules", each));
            String count = rules.size() == 1 ? "1 rule" : rules.size() + " rules";
            output().done(count + " of vault " + vault + " removed", "vault", vault, "removed", rules);
        }

        private List<String> rules() {
            if (rule != null && queue == null) {
                return List.of(rule);
            }
            if (queue != null && rule == null) {
                return rulesOf(queue);
            }
            throw CliException.usage("which release? Give a RULE or --queue", "nightsafe vault show " + vault);
        }

        private List<String> rulesOf(String queue) {
            List<String> rules =
                    session().console().get(ConsoleApi.Vault.class, "vaults", vault).releaseRules().stream()
                            .filter(each -> each.queue().equals(queue))
                            .map(ConsoleApi.ReleaseRule::id)
                            .toList();
            if (rules.isEmpty()) {
                throw new CliException(
                        ExitCode.NOT_FOUND,
                        "vault " + vault + " is not released to a queue '" + queue + "'",
                        "nightsafe vault show " + vault + " lists to what it is released");
            }
            return rules;
        }
    }
}
