package dev.nightsafe.runner.local;

import dev.nightsafe.core.config.Settings;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Disclosure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A runner's settings, {@code runner.yaml}. A field that isn't known is an error.
 *
 * @param keeper where the keeper listens for runners
 * @param name how people see this runner; made of the host's name when nothing is written
 * @param folder what this runner keeps: {@code ${NIGHTSAFE_HOME}/runner}
 * @param isolation {@code none}, {@code user} or {@code namespace}; null for the strongest that there is
 * @param python the interpreter that workers' environments are made with; null to look for one
 * @param workers how many per queue
 * @param maxTasks how many tasks at once, of all queues together
 * @param ca a PEM file with the site's own certificate authorities
 * @param heartbeat how often a running task is reported; null for a third of its lease
 * @param tokenFile a file with the enrolment token
 * @param workersFolder where code and workers live; null for {@code workers} in {@code folder}
 * @param sanitize what is replaced in what programs say, in this order
 */
public record RunnerConfig(
        URI keeper,
        String name,
        Path folder,
        @Nullable String isolation,
        AllowList allow,
        @Nullable Path python,
        int workers,
        int maxTasks,
        @Nullable Path ca,
        @Nullable Duration heartbeat,
        @Nullable Path tokenFile,
        @Nullable Path workersFolder,
        List<SanitizeRule> sanitize) {

    static final Set<String> FIELDS = Set.of(
            "keeper",
            "name",
            "folder",
            "isolation",
            "allow",
            "python",
            "workers",
            "max-tasks",
            "ca",
            "heartbeat-secs",
            "token-file",
            "workers-folder",
            "sanitize");

    static final Set<String> ALLOW = Set.of("git", "queues", "vaults", "local", "results", "errors", "logs");

    private static final int LONGEST_NAME = 64;
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "[::1]", "::1");

    private static final String EXAMPLE = """
            keeper: https://keeper.example.com
            allow:
              git: [https://git.example.com/team/tasks.git]
              queues: ["*"]
            """;

    /** Reads a file. Throws {@link ProblemCode#BAD_REQUEST}, naming the line. */
    public static RunnerConfig read(Path file, Map<String, String> environment) {
        ConfigYaml yaml = ConfigYaml.read(file.toString(), text(file), FIELDS);
        return new RunnerConfig(
                keeper(yaml),
                yaml.text("name").orElseGet(RunnerConfig::hostName),
                yaml.text("folder")
                        .map(Path::of)
                        .orElseGet(() -> Settings.home(environment).resolve("runner"))
                        .toAbsolutePath()
                        .normalize(),
                isolation(yaml),
                allow(yaml),
                path(yaml, "python"),
                yaml.count("workers").orElse(1),
                yaml.count("max-tasks").orElse(Integer.MAX_VALUE),
                path(yaml, "ca"),
                yaml.count("heartbeat-secs").map(Duration::ofSeconds).orElse(null),
                path(yaml, "token-file"),
                path(yaml, "workers-folder"),
                SanitizeRule.read(yaml));
    }

    private static AllowList allow(ConfigYaml yaml) {
        ConfigYaml allow = yaml.map("allow", ALLOW)
                .orElseThrow(() -> yaml.error("allow", "is missing; say what may run here, for example\n" + EXAMPLE));
        return new AllowList(
                allow.list("git")
                        .orElseThrow(() -> yaml.error("allow", "needs 'git', a list of repositories; [] for none")),
                allow.list("queues")
                        .orElseThrow(() -> yaml.error("allow", "needs 'queues', a list of names; [\"*\"] for all")),
                allow.list("vaults").orElse(null),
                allow.list("local").orElse(List.of()),
                new Disclosure(
                        choice(allow, "results", Disclosure.USUAL.results()),
                        choice(allow, "errors", Disclosure.USUAL.errors()),
                        choice(allow, "logs", Disclosure.USUAL.logs())));
    }

    private static <E extends Enum<E>> E choice(ConfigYaml yaml, String name, E usual) {
        Class<E> choices = usual.getDeclaringClass();
        return yaml.text(name)
                .map(word -> Disclosure.choice(choices, word)
                        .orElseThrow(() -> yaml.error(name, "must be " + Disclosure.words(choices))))
                .orElse(usual);
    }

    private static URI keeper(ConfigYaml yaml) {
        String text = yaml.text("keeper")
                .orElseThrow(() -> yaml.error("keeper", "is missing; write the keeper's address, https://host:port"));
        try {
            URI uri = URI.create(text);
            String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
            boolean near = THIS_MACHINE.contains(host) || host.matches("127(\\.[0-9]{1,3}){3}");
            if (!host.isEmpty() && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && near))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw yaml.error(
                "keeper",
                "must be https://host:port, or http:// only to this machine (localhost, 127.0.0.1, [::1]): who is on"
                        + " the way would see payloads and results");
    }

    private static @Nullable String isolation(ConfigYaml yaml) {
        Optional<String> isolation = yaml.text("isolation");
        if (isolation.isPresent() && !Set.of("none", "user", "namespace").contains(isolation.get())) {
            throw yaml.error("isolation", "must be namespace, user or none");
        }
        return isolation.orElse(null);
    }

    private static @Nullable Path path(ConfigYaml yaml, String name) {
        return yaml.text(name)
                .map(text -> Path.of(text).toAbsolutePath().normalize())
                .orElse(null);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new NightsafeException(
                    ProblemCode.BAD_REQUEST, "can't read " + file + "; write it, with at least\n" + EXAMPLE);
        }
    }

    private static String hostName() {
        try {
            return nameOf(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            return nameOf("");
        }
    }

    /** A host's name as a runner may have it: {@code Web-1.example.com} is {@code web-1-example-com}. */
    static String nameOf(String host) {
        String name =
                host.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "-").replaceFirst("^[_-]+", "");
        String fitting = name.substring(0, Math.min(name.length(), LONGEST_NAME));
        return fitting.isEmpty() ? "runner" : fitting;
    }
}
