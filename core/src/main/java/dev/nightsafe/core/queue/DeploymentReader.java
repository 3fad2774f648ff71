package dev.nightsafe.core.queue;

import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment.As;
import dev.nightsafe.core.queue.Deployment.KeyRef;
import dev.nightsafe.core.queue.Deployment.Mode;
import dev.nightsafe.core.queue.Deployment.SecretRef;
import dev.nightsafe.core.queue.Deployment.VaultRef;
import dev.nightsafe.core.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what stands under a queue's {@code deployment}, but for its limits. */
final class DeploymentReader {
    private static final int DEFAULT_STARTUP_SECS = 60;
    private static final int MAX_STARTUP_SECS = 86_400;
    private static final int MAX_VAULTS = 100;
    private static final int MAX_SECRETS = 1_000;
    private static final String FD_SUFFIX = "_FD";
    private static final int MAX_COMMAND = 8_192;

    private final Fields fields;

    private DeploymentReader(Fields fields) {
        this.fields = fields;
    }

    static Deployment read(Fields fields) {
        return new DeploymentReader(fields).read();
    }

    private Deployment read() {
        return new Deployment(
                fields.required(
                                "git_url",
                                GitUrl::require,
                                "write for example https://github.com/example/inference.git")
                        .orElse(""),
                fields.checked("branch", GitNames::requireBranch).orElse("main"),
                fields.checked("code_path", GitNames::normalizedPath).orElse(""),
                fields.required("startup_cmd", DeploymentReader::command, "write for example \"python main.py\"")
                        .orElse(""),
                fields.checked("mode", DeploymentReader::mode).orElse(Mode.LONG_RUNNING),
                startupSecs(),
                fields.flag("redis_storage"),
                vaults(),
                secrets(),
                fields.checked("git_token", DeploymentReader::gitToken).orElse(null),
                new Disclosure(
                        choice("results", Disclosure.USUAL.results()),
                        choice("errors", Disclosure.USUAL.errors()),
                        choice("logs", Disclosure.USUAL.logs())),
                RenewalReader.read(fields));
    }

    private <E extends Enum<E>> E choice(String name, E usual) {
        Class<E> choices = usual.getDeclaringClass();
        return fields.checked(
                        name,
                        word -> Disclosure.choice(choices, word)
                                .orElseThrow(() -> bad("write " + Disclosure.words(choices))))
                .orElse(usual);
    }

    private int startupSecs() {
        long seconds = fields.whole("startup_timeout_secs", 0, MAX_STARTUP_SECS, DEFAULT_STARTUP_SECS);
        return seconds == 0 ? DEFAULT_STARTUP_SECS : (int) seconds; // 0 means the default, as in Runqy
    }

    private List<VaultRef> vaults() {
        List<VaultRef> vaults = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<YamlNode> items = fields.items("vaults", MAX_VAULTS, "vaults: [api-keys]");
        for (int i = 0; i < items.size(); i++) {
            YamlNode item = items.get(i);
            String name = "vaults[" + i + "]";
            fields.checked(item, name, DeploymentReader::vault).ifPresent(vault -> {
                if (!seen.add(Names.folded(vault.name()))) {
                    fields.wrong(item, name, " is listed before; keep one");
                }
                vaults.add(vault);
            });
        }
        return vaults;
    }

    private List<SecretRef> secrets() {
        List<SecretRef> secrets = new ArrayList<>();
        Set<String> variables = new HashSet<>();
        List<YamlNode> items = fields.items("secrets", MAX_SECRETS, "secrets: [{from: api-keys/KEY, env: KEY}]");
        for (int i = 0; i < items.size(); i++) {
            YamlNode item = items.get(i);
            String name = "secrets[" + i + "].";
            Fields.of(item.at(), fields.owner(), fields.path() + name, item, QueueFields.SECRET, fields.faults())
                    .flatMap(DeploymentReader::secret)
                    .ifPresent(secret -> {
                        if (!variables.add(secret.env())) {
                            fields.wrong(item, name + "env", " is used before; write another variable");
                        }
                        secrets.add(secret);
                    });
        }
        return secrets;
    }

    private static Optional<SecretRef> secret(Fields fields) {
        Optional<KeyRef> from = fields.required("from", DeploymentReader::from, "write <vault>/<key>");
        As as = fields.checked("as", DeploymentReader::as).orElse(As.ENV);
        Optional<String> env = fields.required(
                "env",
                name -> Names.requireVariable(as == As.FD ? withSuffix(name) : name),
                "write the variable that the worker reads, for example API_KEY");
        return from.isPresent() && env.isPresent()
                ? Optional.of(new SecretRef(from.get(), as, env.get()))
                : Optional.empty();
    }

    /** A number must not be taken for the value. */
    private static String withSuffix(String variable) {
        return variable.endsWith(FD_SUFFIX) ? variable : variable + FD_SUFFIX;
    }

    private static String command(String text) {
        String command = text.strip();
        if (command.length() > MAX_COMMAND || !PlainText.isVisible(command.replaceAll("[\t\r\n]", " "))) {
            throw bad("write at most " + MAX_COMMAND + " characters, each of them visible");
        }
        CommandLine.split(command);
        return command;
    }

    private static Mode mode(String text) {
        return switch (text) {
            case "long_running" -> Mode.LONG_RUNNING;
            case "one_shot" -> Mode.ONE_SHOT;
            default -> throw bad("write long_running or one_shot");
        };
    }

    private static As as(String text) {
        return switch (text) {
            case "env" -> As.ENV;
            case "file" -> As.FILE;
            case "fd" -> As.FD;
            default -> throw bad("write fd, file or env");
        };
    }

    private static VaultRef vault(String name) {
        return new VaultRef(Names.requireName("vault", name), "");
    }

    private static KeyRef from(String text) {
        if (text.contains("://")) {
            throw bad("write <vault>/<key>, without a scheme");
        }
        return key(text, "<vault>/<key>");
    }

    private static KeyRef gitToken(String text) {
        String scheme = "vault://";
        if (!text.startsWith(scheme)) {
            throw bad("write vault://<vault>/<key>; the token itself is deposited in that vault");
        }
        return key(text.substring(scheme.length()), "vault://<vault>/<key>");
    }

    private static KeyRef key(String text, String form) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw bad("write " + form);
        }
        return new KeyRef(vault(text.substring(0, slash)), Names.requireKey(text.substring(slash + 1)));
    }

    private static NightsafeException bad(String what) {
        return new NightsafeException(ProblemCode.INVALID_QUEUE, what);
    }
}
