package dev.nightsafe.core.queue;

import dev.nightsafe.core.queue.Deployment.As;
import dev.nightsafe.core.queue.Deployment.KeyRef;
import dev.nightsafe.core.queue.Deployment.Mode;
import dev.nightsafe.core.queue.Deployment.SecretRef;
import dev.nightsafe.core.queue.Deployment.VaultRef;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as the maps and lists that its JSON and its digest are made of. What has a default and was added later
 * stands there only when it is another, so that digests of queues that don't say it stay as they are.
 */
final class DeploymentMap {
    private DeploymentMap() {}

    static Map<String, Object> toMap(Deployment deployment) {
        Map<String, Object> map = new TreeMap<>();
        map.put("git_url", deployment.gitUrl());
        map.put("branch", deployment.branch());
        map.put("code_path", deployment.codePath());
        map.put("startup_cmd", deployment.startupCmd());
        map.put("mode", lower(deployment.mode()));
        map.put("startup_timeout_secs", deployment.startupTimeoutSecs());
        map.put("redis_storage", deployment.redisStorage());
        map.put("vaults", deployment.vaults().stream().map(DeploymentMap::vault).toList());
        map.put(
                "secrets",
                deployment.secrets().stream().map(DeploymentMap::secret).toList());
        if (deployment.gitToken() != null) {
            map.put("git_token", key(deployment.gitToken()));
        }
        putUnless(
                Disclosure.USUAL.results(),
                map,
                "results",
                deployment.disclosure().results());
        putUnless(
                Disclosure.USUAL.errors(),
                map,
                "errors",
                deployment.disclosure().errors());
        putUnless(Disclosure.USUAL.logs(), map, "logs", deployment.disclosure().logs());
        putUnless(
                Renewal.USUAL.onChange(), map, "on_change", deployment.renewal().onChange());
        if (deployment.renewal().signal() != Renewal.USUAL.signal()) {
            map.put("signal", deployment.renewal().signal().name());
        }
        putUnless(
                Renewal.USUAL.versions(), map, "versions", deployment.renewal().versions());
        return map;
    }

    private static void putUnless(Enum<?> usual, Map<String, Object> map, String name, Enum<?> choice) {
        if (choice != usual) {
            map.put(name, lower(choice));
        }
    }

    static Deployment fromMap(Map<String, Object> map) {
        return new Deployment(
                text(map, "git_url"),
                text(map, "branch"),
                text(map, "code_path"),
                text(map, "startup_cmd"),
                Mode.valueOf(text(map, "mode").toUpperCase(Locale.ROOT)),
                get(map, "startup_timeout_secs", Number.class).intValue(),
                get(map, "redis_storage", Boolean.class),
                maps(map, "vaults").stream().map(DeploymentMap::vault).toList(),
                maps(map, "secrets").stream().map(DeploymentMap::secret).toList(),
                gitToken(map.get("git_token")),
                new Disclosure(
                        choice(map, "results", Disclosure.USUAL.results()),
                        choice(map, "errors", Disclosure.USUAL.errors()),
                        choice(map, "logs", Disclosure.USUAL.logs())),
                new Renewal(
                        choice(map, "on_change", Renewal.USUAL.onChange()),
                        map.containsKey("signal")
                                ? Renewal.Signal.valueOf(text(map, "signal"))
                                : Renewal.USUAL.signal(),
                        choice(map, "versions", Renewal.USUAL.versions())));
    }

    private static <E extends Enum<E>> E choice(Map<String, Object> map, String name, E usual) {
        return map.containsKey(name)
                ? Enum.valueOf(usual.getDeclaringClass(), text(map, name).toUpperCase(Locale.ROOT))
                : usual;
    }

    private static @Nullable KeyRef gitToken(@Nullable Object value) {
        return value == null ? null : key(asMap(value));
    }

    private static Map<String, Object> vault(VaultRef vault) {
        return Map.of("name", vault.name(), "id", vault.id());
    }

    private static VaultRef vault(Map<String, Object> map) {
        return new VaultRef(text(map, "name"), text(map, "id"));
    }

    private static Map<String, Object> key(KeyRef ref) {
        return Map.of("vault", vault(ref.vault()), "key", ref.key());
    }

    private static KeyRef key(Map<String, Object> map) {
        return new KeyRef(vault(asMap(map.get("vault"))), text(map, "key"));
    }

    private static Map<String, Object> secret(SecretRef secret) {
        return Map.of("from", key(secret.from()), "as", lower(secret.as()), "env", secret.env());
    }

    private static SecretRef secret(Map<String, Object> map) {
        As as = As.valueOf(text(map, "as").toUpperCase(Locale.ROOT));
        return new SecretRef(key(asMap(map.get("from"))), as, text(map, "env"));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String text(Map<String, Object> map, String name) {
        return get(map, name, String.class);
    }

    private static <T> T get(Map<String, Object> map, String name, Class<T> type) {
        Object value = map.get(name);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("a deployment's '" + name + "' is missing or of another type");
        }
        return type.cast(value);
    }

    private static List<Map<String, Object>> maps(Map<String, Object> map, String name) {
        return ((List<?>) get(map, name, List.class))
                .stream().map(DeploymentMap::asMap).toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(@Nullable Object value) {
        if (!(value instanceof Map)) {
            throw new IllegalArgumentException("a deployment's part is not an object");
        }
        return (Map<String, Object>) value;
    }
}
