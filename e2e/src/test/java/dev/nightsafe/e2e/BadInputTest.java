package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/** What people and programs send that they shouldn't: each is refused clearly, repeats nothing and breaks nothing. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadInputTest {
    private static final Playground PLAY = new Playground();
    private static final String CANARY = "canary5f2e91";
    private static final int MIB = 1 << 20;
    private static final List<String> NAMES_OF_NOTHING = List.of(
            "..",
            "%2e%2e",
            "%00",
            "a%00b",
            "a%0d%0ab",
            "a%2fb",
            "a%252fb",
            "a%5cb",
            "%2e%2e%2fdefault",
            "a%20b",
            "a;b",
            "%ff",
            "%c0%ae",
            "v%D0%B0ult",
            "%EF%BC%A1",
            "%E2%80%AEa",
            "x".repeat(200));

    private static String fingerprint = "";

    @BeforeAll
    static void start() {
        fingerprint = PLAY.program("fingerprint");
        PLAY.up(List.of(fingerprint));
        PLAY.set("values", "PRESENT", "present-value");
    }

    @AfterAll
    static void stop() {
        PLAY.close();
    }

    @Test
    void values_of_any_bytes_and_of_one_mebibyte_arrive_as_they_are() {
        byte[] allBytes = new byte[256];
        for (int i = 0; i < allBytes.length; i++) {
            allBytes[i] = (byte) i;
        }
        byte[] largest = new byte[MIB];
        Arrays.fill(largest, (byte) 0x80); // what padding begins with
        PLAY.set("values", "all.bytes", allBytes);
        PLAY.set("values", "largest", largest);
        PLAY.set("values", "nul", new byte[1]);
        PLAY.apply("bytes", fingerprint, "python main.py", "[]", """
                secrets:
                        - {from: values/all.bytes, as: file, env: ALL}
                        - {from: values/largest, as: file, env: LARGEST}
                        - {from: values/nul, as: file, env: NUL}
                """);
        JsonNode result = PLAY.ended(PLAY.submit("bytes", Map.of("files", List.of("ALL", "LARGEST", "NUL"))))
                .get("result");
        assertThat(result.get("ALL").asString()).isEqualTo(Digests.sha256Hex(allBytes));
        assertThat(result.get("LARGEST").asString()).isEqualTo(Digests.sha256Hex(largest));
        assertThat(result.get("NUL").asString()).isEqualTo(Digests.sha256Hex(new byte[1]));
    }

    @Test
    void an_empty_value_and_one_of_more_than_a_mebibyte_are_refused_and_nothing_is_stored() {
        byte[] tooLong = CANARY.repeat(MIB / CANARY.length() + 1).getBytes(StandardCharsets.UTF_8);
        requireRefused("the value is empty; give at least one byte", new byte[0]);
        requireRefused("a value has at most 1 MiB; store a reference instead", tooLong);
        ConsoleApi.Deposit good = deposit("values", "BIG", bytes("good-value"));
        String box = base64(new byte[1136 + MIB + (1 << 16)]); // what the next longer values would have
        assertThat(PLAY.call("PUT", secret("values", "BIG"), with(good, "box", box))
                        .problem(413, "value-too-large"))
                .contains("1 MiB");
        byte[] body = ("{\"box\": \"" + CANARY.repeat(4 * MIB / CANARY.length())).getBytes(StandardCharsets.UTF_8);
        assertThat(PLAY.call("PUT", secret("values", "BIG"), body).problem(413, "body-too-large"))
                .contains("larger than");
        assertThat(PLAY.get(Playground.DEFAULT + "/vaults/values").text()).doesNotContain("\"BIG\"", "REFUSED");
        requireNoCanary();
    }

    @Test
    void a_value_that_can_be_no_variable_leaves_the_task_waiting_with_what_to_do() {
        PLAY.set("odd", "KEY", ("with\0nul-" + CANARY).getBytes(StandardCharsets.UTF_8));
        PLAY.apply("odd", fingerprint, "python main.py", "[odd]", "");
        String task = PLAY.submit("odd", Map.of("variables", List.of("KEY")));
        String reason = PLAY.waiting(task, "holds a NUL byte").get("reason").asString();
        assertThat(reason).contains("'KEY' of vault 'odd'", "give it as a file");
        PLAY.set("odd", "KEY", (CANARY + "\u00ff").getBytes(StandardCharsets.ISO_8859_1));
        PLAY.waiting(task, "isn't UTF-8 text");
        requireNoCanary();
    }

    @Test
    void reserved_keys_and_variables_are_refused_in_any_case() {
        List<String> reserved = List.of(
                "PATH",
                "HOME",
                "LD_PRELOAD",
                "ld_library_path",
                "PYTHONPATH",
                "PythonStartup",
                "GIT_SSH",
                "git_dir",
                "https_proxy",
                "NIGHTSAFE_TOKEN",
                "BASH_ENV",
                "IFS");
        StringBuilder secrets = new StringBuilder("secrets:\n");
        for (String key : reserved) {
            assertThat(PLAY.get(secret("values", key) + "/lock").problem(400, "reserved-name"))
                    .contains("'" + key + "' is reserved", "use another name");
            PLAY.call("PUT", secret("values", key), someDeposit()).problem(400, "reserved-name");
            secrets.append("      - {from: values/PRESENT, env: ").append(key).append("}\n");
        }
        Installation.Outcome applied = apply(queue(secrets.toString()));
        assertThat(applied.exitCode()).isEqualTo(2);
        for (int i = 0; i < reserved.size(); i++) {
            assertThat(applied.stderr())
                    .contains("queue.yaml:" + (9 + i) + ":", "'" + reserved.get(i) + "' is reserved");
        }
        Installation.Outcome set = PLAY.nightsafe.attempt(
                CANARY.getBytes(StandardCharsets.UTF_8), "vault", "set", "values", "ld_preload", "--value-stdin");
        assertThat(set.exitCode()).isEqualTo(2);
        assertThat(set.stderr()).contains("'ld_preload' is reserved").doesNotContain(CANARY);
    }

    @Test
    void what_is_no_name_finds_and_makes_nothing_wherever_it_stands() {
        String before = PLAY.get(Playground.DEFAULT + "/vaults").text();
        for (String name : NAMES_OF_NOTHING) {
            for (String path : List.of(
                    "/api/v1/workspaces/" + name + "/vaults",
                    Playground.DEFAULT + "/vaults/" + name,
                    Playground.DEFAULT + "/vaults/" + name + "/secrets/KEY/lock",
                    secret("values", name) + "/lock",
                    Playground.DEFAULT + "/queues/" + name,
                    Playground.DEFAULT + "/tasks/" + name,
                    Playground.DEFAULT + "/runners/" + name)) {
                requireRefused("GET", path, new byte[0]);
            }
            requireRefused("PUT", secret("values", name), Json.write(someDeposit()));
            requireRefused("PUT", secret(name, "KEY"), Json.write(someDeposit()));
            requireRefused("PUT", Playground.DEFAULT + "/queues/" + name, bytes("{\"priority\": 1}"));
            requireRefused("POST", Playground.DEFAULT + "/queues/" + name + "/tasks", bytes("{\"payload\": 1}"));
            requireRefused("DELETE", Playground.DEFAULT + "/vaults/" + name, new byte[0]);
        }
        for (String name : List.of(
                "", "..", "a/b", "a\0b", "v\u0430ult", "\uff21", "-a", "a b", "a.b", "x".repeat(65), "\ud800", "a\n")) {
            assertThat(PLAY.call("POST", Playground.DEFAULT + "/vaults", Map.of("name", name))
                            .problem(400, "invalid-name"))
                    .contains("ASCII letters");
            assertThat(PLAY.call("POST", "/api/v1/workspaces", Map.of("name", name))
                            .problem(400, "invalid-name"))
                    .contains("ASCII letters");
        }
        assertThat(PLAY.get(Playground.DEFAULT + "/vaults").text()).isEqualTo(before);
    }

    @Test
    void names_that_look_like_others_are_shown_as_what_they_are() {
        Installation.Outcome outcome = PLAY.nightsafe.attempt(new byte[0], "vault", "show", "v\u0430lues");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.stderr()).contains("ASCII letters");
        Installation.Outcome queue =
                apply("queues:\n  v\u0430lues: {priority: 1, deployment: {git_url: /x, startup_cmd: x}}\n");
        assertThat(queue.exitCode()).isEqualTo(2);
        assertThat(queue.stderr()).contains("queue.yaml:2:3", "v\\u{430}lues", "ASCII letters");
    }

    @Test
    void malformed_boxes_are_refused_and_not_repeated() {
        ConsoleApi.Deposit good = deposit("values", "BOXED", bytes("good-value"));
        byte[] box = Base64.getDecoder().decode(good.box());
        for (String bad : List.of(
                "",
                CANARY + "!",
                good.box() + "=",
                good.box().replaceFirst("^...", " $0"),
                base64(Arrays.copyOf(box, box.length - 1)),
                base64(Arrays.copyOf(box, 1120)),
                base64(new byte[1]))) {
            PLAY.call("PUT", secret("values", "BOXED"), with(good, "box", bad)).problem(400, "invalid-box");
        }
        PLAY.call("PUT", secret("values", "BOXED"), with(good, "suite", CANARY)).problem(400, "invalid-box");
        PLAY.call("PUT", secret("values", "BOXED"), with(good, "lock", "0".repeat(64)))
                .problem(409, "lock-changed");
        for (long version : new long[] {0, -1, 2, Long.MAX_VALUE}) {
            int status = version < 1 ? 400 : 409;
            PLAY.call("PUT", secret("values", "BOXED"), with(good, "version", version))
                    .problem(status, status == 400 ? "bad-request" : "version-conflict");
        }
        PLAY.call("PUT", secret("values", "BOXED"), with(good, "secret", false)).problem(400, "bad-request");
        PLAY.call("PUT", secret("values", "BOXED"), with(good, CANARY, 1)).problem(400, "bad-request");
        assertThat(PLAY.get(secret("values", "BOXED") + "/lock")
                        .json()
                        .get("nextVersion")
                        .asLong())
                .isEqualTo(1);
        assertThat(PLAY.call("PUT", secret("values", "BOXED"), good).status()).isEqualTo(200);
        PLAY.call("PUT", secret("values", "BOXED"), good).problem(409, "version-conflict");
        requireNoCanary();
    }

    @Test
    void a_box_that_was_sealed_for_another_place_gives_no_worker_anything() {
        PLAY.set("elsewhere", "KEY", "value-of-elsewhere");
        ConsoleApi.Deposit forElsewhere = deposit("elsewhere", "OTHER", bytes("moved-" + CANARY));
        PLAY.set("here", "KEY", "value-of-here");
        PLAY.call("PUT", secret("here", "OTHER"), forElsewhere).problem(409, "lock-changed");

        ConsoleApi.Deposit forOther = deposit("here", "OTHER", bytes("moved-" + CANARY));
        assertThat(PLAY.call("PUT", secret("here", "MOVED"), forOther).status()).isEqualTo(200);
        PLAY.apply("moved", fingerprint, "python main.py", "[here]", "");
        String task = PLAY.submit("moved", Map.of("variables", List.of("KEY", "MOVED")));
        String reason = PLAY.waiting(task, "can't be opened").get("reason").asString();
        assertThat(reason).contains("here/MOVED", "deposit it again");
        assertThat(PLAY.audit()).contains("secret-unreadable");
        PLAY.set("here", "MOVED", "deposited again");
        JsonNode result = PLAY.ended(task).get("result");
        assertThat(result.get("KEY").asString()).isEqualTo(Digests.sha256Hex("value-of-here"));
        assertThat(result.get("MOVED").asString()).isEqualTo(Digests.sha256Hex("deposited again"));
        requireNoCanary();
    }

    @Test
    void queue_files_that_cost_too_much_are_refused_at_once_and_repeat_nothing() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [" + CANARY + "]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        Map<String, String> files = Map.ofEntries(
                Map.entry(bomb.toString(), "aliases unfold to too much"),
                Map.entry("queues: &q {" + CANARY + ": *q}\n", "aliases unfold to too much"),
                Map.entry("queues: [&a " + CANARY + ", " + "*a,".repeat(101), "more than 100 aliases"),
                Map.entry("queues: *" + CANARY, "an alias ('*…') without its anchor"),
                Map.entry("queues: " + "[".repeat(100_000) + CANARY, "deeper than 32 levels"),
                Map.entry("queues: " + "{a: ".repeat(5000) + CANARY, "deeper than 32 levels"),
                Map.entry("queues: [" + "1,".repeat(200_000) + "]", "more than 100000 values"),
                Map.entry("queues: {}\n# " + CANARY.repeat(MIB / 10), "larger than 1 MiB"),
                Map.entry("queues: !!java/object:" + CANARY + " {}\n", "tags"),
                Map.entry("queues:\n  a\0b: " + CANARY + "\n", "a character that YAML doesn't take"),
                Map.entry("queues:\n  a: \"" + CANARY + "\n", "not YAML"),
                Map.entry(queue("git_token: " + CANARY), "deployment.git_token: "),
                Map.entry(
                        "queues: {q: {priority: 1, deployment: {startup_cmd: x, git_url: 'https://u:" + CANARY
                                + "@h/x'}}}",
                        "credentials don't belong here"));
        Map<String, String> expected = new TreeMap<>();
        files.forEach((text, message) -> {
            String name = "folder/" + (char) ('a' + expected.size()) + ".yaml";
            PLAY.nightsafe.write(name, text);
            expected.put(name, message);
        });
        Installation.Outcome outcome = PLAY.nightsafe.attempt(
                new byte[0],
                "queue",
                "apply",
                PLAY.nightsafe.home.resolve("folder").toString());
        assertThat(outcome.exitCode()).isEqualTo(2);
        expected.forEach((name, message) -> assertThat(outcome.stderr().lines())
                .anySatisfy(line -> assertThat(line).contains(name + ":", message)));
        assertThat(outcome.stderr()).doesNotContain(CANARY);
    }

    @Test
    void json_that_is_too_deep_too_large_or_none_is_refused_and_not_repeated() {
        PLAY.apply("json", fingerprint, "python main.py", "[]", "");
        String tasks = Playground.DEFAULT + "/queues/json/tasks";
        for (String payload : List.of(
                "[".repeat(5000) + "]".repeat(5000), "{\"a\":".repeat(70) + "1" + "}".repeat(70), "9".repeat(1500))) {
            assertThat(PLAY.call("POST", tasks, "{\"payload\":" + payload + "}").problem(400, "bad-request"))
                    .containsAnyOf("64 levels", "digits");
        }
        for (String body : List.of(
                "",
                "{",
                "[]",
                "{\"payload\":" + CANARY,
                "{\"payload\":1,\"" + CANARY + "\":2}",
                "{\"payload\":1}" + CANARY)) {
            PLAY.call("POST", tasks, body)
                    .problem(body.isEmpty() ? 415 : 400, body.isEmpty() ? "unsupported-media-type" : "bad-request");
        }
        PLAY.call("POST", tasks, "{\"payload\":\"" + CANARY.repeat(2 * MIB / 10) + "\"}")
                .problem(413, "body-too-large");
        PLAY.call("PUT", Playground.DEFAULT + "/queues/json", "{\"a\":".repeat(5000))
                .problem(400, "bad-request");
        Installation.Outcome deep = PLAY.nightsafe.attempt(
                bytes("[".repeat(5000) + "]".repeat(5000)), "task", "submit", "json", "--payload", "-");
        assertThat(deep.exitCode()).isEqualTo(2);
        assertThat(deep.stderr()).contains("64 levels");
        Installation.Outcome none =
                PLAY.nightsafe.attempt(bytes("{\"key\": " + CANARY), "task", "submit", "json", "--payload", "-");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.stderr())
                .contains("the payload is not JSON at line 1, column")
                .doesNotContain(CANARY);
        requireNoCanary();
    }

    @Test
    void text_that_the_locale_would_damage_is_not_sent() {
        PLAY.nightsafe.environment.put("LC_ALL", "C");
        try {
            Installation.Outcome outcome = PLAY.nightsafe.attempt(
                    new byte[0], List.of("bash", "-c", "./nightsafe task submit json -p '{\"a\": \"\u00e4\u20ac\"}'"));
            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.stderr()).contains("this locale can't carry unchanged", "@FILE");
        } finally {
            PLAY.nightsafe.environment.remove("LC_ALL");
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void afterwards_the_main_job_is_done_and_the_audit_is_whole() {
        PLAY.requireWhole();
        requireNoCanary();
    }

    private static void requireRefused(String message, byte[] value) {
        Installation.Outcome outcome =
                PLAY.nightsafe.attempt(value, "vault", "set", "values", "REFUSED", "--value-stdin");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.stderr()).contains(message).doesNotContain(CANARY);
    }

    /** Refused as the caller's fault, by a problem document, whatever its code. */
    private static void requireRefused(String method, String path, byte[] body) {
        Playground.Answer answer = PLAY.call(method, path, body);
        assertThat(answer.status())
                .as(method + " " + path + ": " + answer.text())
                .isIn(400, 404);
        assertThat(answer.type()).startsWith("application/problem+json");
    }

    private static Installation.Outcome apply(String yaml) {
        Path file = PLAY.nightsafe.write("queue.yaml", yaml);
        return PLAY.nightsafe.attempt(new byte[0], "queue", "apply", file.toString());
    }

    private static String queue(String more) {
        return """
                queues:
                  bad:
                    priority: 1
                    deployment:
                      git_url: "%s"
                      startup_cmd: python main.py
                      vaults: [values]
                      %s
                """.formatted(fingerprint, more);
    }

    /** What was sent came back in no audit event and stands in no log. */
    private static void requireNoCanary() {
        assertThat(PLAY.audit()).doesNotContain(CANARY);
        assertThat(PLAY.logs()).doesNotContain(CANARY);
    }

    private static String secret(String vault, String key) {
        return Playground.DEFAULT + "/vaults/" + vault + "/secrets/" + key;
    }

    private static ConsoleApi.Deposit someDeposit() {
        return new ConsoleApi.Deposit(
                Suite.X_WING.id(), "0".repeat(64), 1, base64(new byte[1200]), true, null, null, null);
    }

    /** A value sealed as the command does it, as the next version of this key. */
    private static ConsoleApi.Deposit deposit(String vault, String key, byte[] value) {
        ConsoleApi.LockForDeposit offered =
                Json.MAPPER.treeToValue(PLAY.get(secret(vault, key) + "/lock").json(), ConsoleApi.LockForDeposit.class);
        Lock lock = new Lock(Suite.of(offered.suite()), Base64.getDecoder().decode(offered.publicKey()));
        long next = offered.nextVersion();
        DepositBinding binding = new DepositBinding(offered.workspaceId(), offered.vaultId(), key, next, true);
        try (SecretBytes secret = SecretBytes.takeFrom(value)) {
            String box = base64(Sealing.seal(lock, binding, secret));
            return new ConsoleApi.Deposit(lock.suite().id(), lock.id(), next, box, true, null, null, null);
        }
    }

    private static Map<String, Object> with(ConsoleApi.Deposit deposit, String field, Object value) {
        @SuppressWarnings("unchecked")
        Map<String, Object> fields = Json.MAPPER.convertValue(deposit, Map.class);
        fields.put(field, value);
        return fields;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
