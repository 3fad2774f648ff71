package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.signing.Digests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** The main job, through the command alone: put secrets in, release them, run tasks that use them. The same on each engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MainJobBehaviour {
    private static final Path PROGRAMS = Installation.SOURCE.resolve("e2e/src/test/resources/programs");

    final Installation nightsafe = new Installation();
    String fingerprint = "";
    private String other = "";
    private String watching = "";

    /** Chooses the database, before the first start. */
    abstract void prepare();

    @BeforeAll
    void start() {
        prepare();
        String runqy = nightsafe.repository("runqy");
        fingerprint = nightsafe.repositoryFrom(PROGRAMS.resolve("fingerprint"), "fingerprint");
        other = nightsafe.repositoryFrom(PROGRAMS.resolve("fingerprint"), "other");
        watching = nightsafe.repositoryFrom(PROGRAMS.resolve("watching"), "watching");
        nightsafe.write(
                "runner.yaml",
                "keeper: http://127.0.0.1:%d\nisolation: none\nallow:\n  git: [%s, %s, %s, %s]\n  queues: ['*']\n"
                        .formatted(nightsafe.keeperPort, runqy, fingerprint, other, watching));
        nightsafe.run("up");
    }

    @AfterAll
    void stop() {
        nightsafe.close();
    }

    @Test
    void a_program_on_unmodified_runqy_python_computes_with_the_secret() {
        set("openai", "OPENAI_API_KEY", "sk-for-runqy-0123456789");
        apply("runqy", "file://" + nightsafe.home.resolve("repositories/runqy"), "[openai]", "");
        JsonNode task = submit("runqy", "{\"text\": \"hello\"}");
        assertThat(task.get("state").asString()).isEqualTo("succeeded");
        assertThat(task.get("result").toString())
                .contains(Digests.sha256Hex("sk-for-runqy-0123456789" + "hello").substring(0, 8))
                .doesNotContain("sk-for-runqy");
    }

    @Test
    void the_later_of_two_vaults_with_the_same_key_wins() {
        set("shared", "TOKEN", "from-the-first-vault");
        set("project", "TOKEN", "from-the-second-vault");
        apply("merged", fingerprint, "[shared, project]", "");
        assertThat(variable("merged", "TOKEN")).isEqualTo(Digests.sha256Hex("from-the-second-vault"));
    }

    @Test
    void a_new_value_arrives_at_the_next_bootstrap() {
        set("rotating", "TOKEN", "value-number-one");
        apply("rotation", fingerprint, "[rotating]", "");
        assertThat(variable("rotation", "TOKEN")).isEqualTo(Digests.sha256Hex("value-number-one"));
        set("rotating", "TOKEN", "value-number-two");
        assertThat(variable("rotation", "TOKEN")).isEqualTo(Digests.sha256Hex("value-number-one"));
        apply("rotation", fingerprint, "[rotating]", "startup_timeout_secs: 59");
        assertThat(variable("rotation", "TOKEN")).isEqualTo(Digests.sha256Hex("value-number-two"));
    }

    @Test
    void a_new_value_calls_a_program_back_that_watches_it_in_the_middle_of_a_task() {
        set("live", "TOKEN", "value-number-one");
        apply(
                "live",
                watching,
                "[]",
                "on_change: live\n      secrets: [{from: live/TOKEN, as: file, env: TOKEN_FILE}]");
        String task = nightsafe
                .json("task", "submit", "live", "--payload", "{}")
                .get("id")
                .asString();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        JsonNode shown = nightsafe.json("task", "show", task);
        while (!shown.path("progress").asString("").equals("waiting") && System.nanoTime() < until) {
            shown = nightsafe.json("task", "show", task);
        }
        set("live", "TOKEN", "value-number-two");
        JsonNode result =
                nightsafe.json("task", "wait", task, "--timeout", "90").get("result");
        assertThat(result.get("before").asString()).isEqualTo(Digests.sha256Hex("value-number-one"));
        assertThat(result.get("after").asString()).isEqualTo(Digests.sha256Hex("value-number-two"));
        long deposited = Instant.parse(nightsafe
                        .json("vault", "history", "live", "TOKEN")
                        .get(0)
                        .get("depositedAt")
                        .asString())
                .toEpochMilli();
        long took = result.get("at").asLong() - deposited;
        System.out.println("from deposit to callback: " + took + " ms");
        assertThat(took).isBetween(-1000L, 60_000L);
    }

    @Test
    void I3_a_queue_whose_repository_was_changed_without_vault_release_gets_nothing_until_consent() {
        set("guarded", "TOKEN", "guarded-value-0001");
        apply("guard", fingerprint, "[guarded]", "");
        assertThat(variable("guard", "TOKEN")).isEqualTo(Digests.sha256Hex("guarded-value-0001"));
        String lookedAt = deployment("guard");

        JsonNode created =
                nightsafe.json("token", "create", "editor", "--permission", "queue.edit", "--permission", "queue.read");
        nightsafe.environment.put("NIGHTSAFE_TOKEN", created.get("token").asString());
        try {
            Installation.Outcome outcome = nightsafe.attempt(
                    new byte[0],
                    "queue",
                    "apply",
                    queueFile("guard", other, "[guarded]", "").toString());
            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.text() + outcome.stderr()).contains("guarded").contains("vault.release");
        } finally {
            nightsafe.environment.remove("NIGHTSAFE_TOKEN");
        }
        assertThat(stateAfterSixSeconds("guard")).isEqualTo("pending");
        assertThat(nightsafe.json("audit", "tail").toString()).contains("not-released");

        Installation.Outcome blind = nightsafe.attempt(
                new byte[0], "vault", "allow", "guarded", "--queue", "guard", "--deployment", lookedAt);
        assertThat(blind.exitCode()).as(blind.stderr()).isEqualTo(5);
        nightsafe.run("vault", "allow", "guarded", "--queue", "guard", "--deployment", deployment("guard"));
        assertThat(variable("guard", "TOKEN")).isEqualTo(Digests.sha256Hex("guarded-value-0001"));
    }

    @Test
    void no_part_lets_a_debugger_attach_or_leaves_a_core_dump() throws Exception {
        String jcmd = System.getProperty("java.home") + "/bin/jcmd";
        for (String part : List.of("console", "keeper", "runner")) {
            long pid = nightsafe.pid(part);
            Process attach = new ProcessBuilder(jcmd, Long.toString(pid), "GC.heap_info").start();
            assertThat(attach.waitFor()).as(part).isNotZero();
            assertThat(Files.readString(Path.of("/proc/" + pid + "/limits")))
                    .as(part)
                    .containsPattern("Max core file size +0 +0 ");
        }
    }

    /** The digest of what runs there now. */
    private String deployment(String queue) {
        return nightsafe.json("queue", "show", queue).get("deploymentDigest").asString();
    }

    @Test
    void bytes_arrive_as_they_were_put_in_under_any_locale() {
        byte[] pem = "-----BEGIN X-----\nä€\n-----END X-----\n".getBytes(StandardCharsets.UTF_8);
        nightsafe.attempt(new byte[0], "vault", "create", "files");
        nightsafe.environment.put("LC_ALL", "C");
        try {
            assertThat(nightsafe
                            .attempt(pem, "vault", "set", "files", "key.pem", "--value-stdin")
                            .exitCode())
                    .isZero();
            assertThat(nightsafe
                            .attempt(pem, "vault", "set", "files", "AS_VARIABLE", "--value-stdin")
                            .exitCode())
                    .isZero();
        } finally {
            nightsafe.environment.remove("LC_ALL");
        }
        apply("files", fingerprint, "[files]", "secrets: [{from: files/key.pem, as: file, env: KEY_FILE}]");
        JsonNode task = submit("files", "{\"variables\": [\"AS_VARIABLE\"], \"files\": [\"KEY_FILE\"]}");
        assertThat(task.get("result").get("KEY_FILE").asString()).isEqualTo(Digests.sha256Hex(pem));
        assertThat(task.get("result").get("AS_VARIABLE").asString()).isEqualTo(Digests.sha256Hex(pem));
    }

    @Test
    void a_vault_that_does_not_exist_is_an_error_at_apply() {
        Installation.Outcome outcome = nightsafe.attempt(
                new byte[0],
                "queue",
                "apply",
                queueFile("nothing", fingerprint, "[missing-vault]", "").toString());
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.stderr())
                .contains("vault not found")
                .contains("missing-vault")
                .contains("nothing");
    }

    @Test
    void the_audit_chains_are_whole_and_name_each_grant() {
        set("audited", "TOKEN", "audited-value-0001");
        apply("audited", fingerprint, "[audited]", "");
        variable("audited", "TOKEN");
        assertThat(nightsafe.run("audit", "verify").text()).contains("console").contains("keeper");
        assertThat(nightsafe.json("audit", "tail").toString())
                .contains("audited")
                .doesNotContain("audited-value-0001");
    }

    void set(String vault, String key, String value) {
        nightsafe.attempt(new byte[0], "vault", "create", vault);
        Installation.Outcome outcome =
                nightsafe.attempt(value.getBytes(StandardCharsets.UTF_8), "vault", "set", vault, key, "--value-stdin");
        assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
    }

    private Path queueFile(String queue, String gitUrl, String vaults, String more) {
        return nightsafe.write(queue + ".queue.yaml", """
                queues:
                  %s:
                    priority: 1
                    deployment:
                      git_url: "%s"
                      branch: main
                      startup_cmd: python main.py
                      vaults: %s
                      %s
                """.formatted(queue, gitUrl, vaults, more));
    }

    void apply(String queue, String gitUrl, String vaults, String more) {
        nightsafe.run("queue", "apply", queueFile(queue, gitUrl, vaults, more).toString());
    }

    private JsonNode submit(String queue, String payload) {
        return nightsafe.json("task", "submit", queue, "--payload", payload, "--wait", "--timeout", "90");
    }

    String variable(String queue, String name) {
        JsonNode task = submit(queue, "{\"variables\": [\"" + name + "\"]}");
        assertThat(task.get("state").asString()).as(task.toString()).isEqualTo("succeeded");
        return task.get("result").get(name).asString();
    }

    private String stateAfterSixSeconds(String queue) {
        nightsafe.attempt(new byte[0], "task", "submit", queue, "--payload", "{}", "--wait", "--timeout", "6");
        return nightsafe
                .json("task", "list", "--queue", queue)
                .get(0)
                .get("state")
                .asString();
    }
}
