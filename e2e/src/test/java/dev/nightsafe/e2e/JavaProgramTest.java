package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.protocol.report.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code examples/summarize-java} as its users run it: the runner brings the SDK, the secret is used, people see the report. */
class JavaProgramTest {
    private static final Path EXAMPLE = Installation.SOURCE.resolve("examples/summarize-java");
    private static final String KEY = "sk-for-java-0123456789";

    private final Installation nightsafe = new Installation();

    @AfterEach
    void stop() {
        nightsafe.close();
    }

    @Test
    void a_java_program_gets_the_sdk_from_the_runner_and_computes_with_the_secret() throws Exception {
        String repository = nightsafe.repository("summarize-java");
        nightsafe.write(
                "runner.yaml",
                "keeper: http://127.0.0.1:%d\nisolation: none\nallow:\n  git: [%s]\n  queues: ['*']\n"
                        .formatted(nightsafe.keeperPort, repository));
        nightsafe.run("up");
        nightsafe.run("vault", "create", "api-keys");
        nightsafe.attempt(
                KEY.getBytes(StandardCharsets.UTF_8), "vault", "set", "api-keys", "OPENAI_API_KEY", "--value-stdin");
        nightsafe.run("queue", "apply", queueFile(repository).toString());

        JsonNode task = nightsafe.json(
                "task",
                "submit",
                "summarize-java",
                "--type",
                "summarize",
                "--payload",
                "@" + EXAMPLE + "/task.json",
                "--wait",
                "--timeout",
                "120");
        assertThat(task.get("state").asString()).as(task.toString()).isEqualTo("succeeded");
        JsonNode result = task.get("result");
        assertThat(result.get("sentences").toString()).contains("\"read\":7").contains("\"kept\":2");
        assertThat(result.get("signature").asString())
                .isEqualTo(signature(result.get("summary").asString()));
        Report report = Report.read(task.get("report"));
        assertThat(report.summary()).isEqualTo("Kept 2 of 7 sentences.");
        assertThat(report.steps()).extracting(Report.Step::outcome).containsExactly("passed", "passed", "passed");
        assertThat(task.toString()).doesNotContain(KEY);

        String shown = nightsafe.run("task", "show", task.get("id").asString()).text();
        assertThat(shown).contains("Kept 2 of 7 sentences.").contains("Steps (3 passed)");
    }

    private Path queueFile(String repository) throws IOException {
        String yaml = Files.readString(EXAMPLE.resolve("queue.yaml"));
        assertThat(yaml).contains("https://example.com/you/summarize-java.git");
        return nightsafe.write("queue.yaml", yaml.replace("https://example.com/you/summarize-java.git", repository));
    }

    private static String signature(String summary) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(summary.getBytes(StandardCharsets.UTF_8)));
    }
}
