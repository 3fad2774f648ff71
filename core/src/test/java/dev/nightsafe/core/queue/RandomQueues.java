package dev.nightsafe.core.queue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Makes queue definitions that are right, each field there or not. */
final class RandomQueues {
    private final Random random;

    RandomQueues(Random random) {
        this.random = random;
    }

    Map<String, Object> definition() {
        Map<String, Object> queue = new LinkedHashMap<>();
        if (random.nextBoolean()) {
            queue.put("priority", 1L + random.nextInt(100));
        } else {
            queue.put("sub_queues", numbered("lane", i -> Map.of("name", "lane" + i, "priority", 1L + i)));
        }
        queue.put("deployment", deployment());
        maybe(queue, "input", () -> numbered("in", this::field));
        maybe(queue, "output", () -> numbered("out", this::field));
        return queue;
    }

    private Map<String, Object> deployment() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("git_url", one("https://github.com/example/a.git", "git@host:team/a", "dir:/srv/a b", "file:///srv/a"));
        map.put("startup_cmd", one("python main.py", "sh -c 'echo \"$HOME\"'", "  python  -m x ", "a\\ b \"\" c"));
        maybe(map, "branch", () -> one("main", "release/1.0", "fix-ü"));
        maybe(map, "code_path", () -> one("", ".", "a/b", "./a//b/", "ünï/code"));
        maybe(map, "mode", () -> one("long_running", "one_shot"));
        maybe(map, "startup_timeout_secs", () -> (long) random.nextInt(3_600));
        maybe(map, "redis_storage", random::nextBoolean);
        maybe(map, "vaults", () -> numbered("vault", i -> "vault-" + i));
        maybe(map, "secrets", () -> numbered("secret", this::secret));
        maybe(map, "git_token", () -> "vault://git_access/token.2");
        maybe(map, "results", () -> one("full", "summary", "status"));
        maybe(map, "errors", () -> one("type", "message", "traceback"));
        maybe(map, "logs", () -> one("local", "transmit"));
        maybe(map, "on_change", () -> one("next_bootstrap", "restart"));
        maybe(map, "versions", () -> one("newest", "same"));
        if (random.nextInt(4) == 0) {
            inPlace(map);
        }
        maybe(map, "limits", this::limits);
        return map;
    }

    private Object secret(int i) {
        return random.nextBoolean()
                ? Map.of("from", "vault-" + i + "/KEY", "env", "KEY_" + i)
                : Map.of("from", "v/key.pem", "as", one("file", "env", "fd"), "env", "KEY_" + i);
    }

    /** Where files are replaced, there is nothing but files. */
    private void inPlace(Map<String, Object> map) {
        map.remove("vaults");
        map.put("secrets", numbered("secret", i -> Map.of("from", "v/k" + i, "as", "file", "env", "FILE_" + i)));
        map.put("on_change", one("signal", "live"));
        if (map.get("on_change").equals("signal")) {
            maybe(map, "signal", () -> one("SIGHUP", "SIGUSR1", "SIGUSR2"));
        }
    }

    private Map<String, Object> limits() {
        Map<String, Object> map = new LinkedHashMap<>();
        maybe(map, "max_retry", () -> (long) random.nextInt(10));
        for (String name : List.of("ttl_completed", "ttl_archived", "pending_timeout", "active_timeout")) {
            maybe(
                    map,
                    name,
                    () -> random.nextBoolean() ? (Object) (long) random.nextInt(9_999) : one("24h", "1d12h", "0s"));
        }
        return map;
    }

    private Object field(int i) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", "field " + i);
        maybe(map, "required", random::nextBoolean);
        maybe(map, "description", this::text);
        if (random.nextBoolean()) {
            map.put("type", random.nextBoolean() ? "object" : List.of("array", "object"));
            maybe(map, "default", () -> Map.of(text(), json(0)));
        } else {
            maybe(map, "default", () -> json(0));
        }
        return map;
    }

    private Object json(int depth) {
        return switch (random.nextInt(depth > 3 ? 4 : 6)) {
            case 0 -> text();
            case 1 -> random.nextLong();
            case 2 -> random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300);
            case 3 -> random.nextBoolean();
            case 4 -> numbered("item", _ -> json(depth + 1));
            default -> Map.of("a", json(depth + 1), text() + "x", json(depth + 1));
        };
    }

    private String text() {
        int[] letters = "ab \"\\/'#:-?{}[],&*!|>%@`\n\t\r<=~0ü\u00a0\u2028\ufeff😀"
                .codePoints()
                .toArray();
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(letters[random.nextInt(letters.length)]);
        }
        return text.toString();
    }

    private List<Object> numbered(String what, java.util.function.IntFunction<Object> item) {
        List<Object> list = new ArrayList<>();
        int count = what.equals("lane") ? 1 + random.nextInt(3) : random.nextInt(4);
        for (int i = 0; i < count; i++) {
            list.add(item.apply(i));
        }
        return list;
    }

    private void maybe(Map<String, Object> map, String name, Supplier<Object> value) {
        if (random.nextBoolean()) {
            map.put(name, value.get());
        }
    }

    private Object one(Object... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
