package dev.nightsafe.runner.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SentRecordTest {
    @TempDir
    Path folder;

    @Test
    void each_call_is_one_line_with_the_words_that_left() throws IOException {
        SentRecord sent = new SentRecord(folder);
        byte[] body = "{\"result\": \"two\\nlines\"}".getBytes(StandardCharsets.UTF_8);
        sent.add("POST", "/v1/token", 12, null);
        sent.add("POST", "/v1/task-leases/1/result", body.length, body);
        List<JsonNode> lines = lines("sent.jsonl");
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst().has("body")).isFalse();
        assertThat(lines.getLast().get("body").asString()).isEqualTo(new String(body, StandardCharsets.UTF_8));
        assertThat(lines.getLast().get("sha256").asString()).isEqualTo(Digests.sha256Hex(body));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("sent.jsonl"))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_long_body_is_cut_and_known_by_its_digest() throws IOException {
        byte[] body = "x".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        new SentRecord(folder).add("POST", "/p", body.length, body);
        JsonNode line = lines("sent.jsonl").getFirst();
        assertThat(line.get("body").asString()).hasSize(4096);
        assertThat(line.get("bytes").asInt()).isEqualTo(100_000);
        assertThat(line.get("sha256").asString()).isEqualTo(Digests.sha256Hex(body));
    }

    @Test
    void ten_files_are_kept_and_nothing_is_missing_between_them() throws IOException {
        SentRecord sent = new SentRecord(folder, 500);
        for (int i = 0; i < 200; i++) {
            sent.add("POST", "/call/" + i, 0, null);
        }
        List<Integer> numbers = new ArrayList<>();
        for (int file = 9; file >= 0; file--) {
            for (JsonNode line : lines(file == 0 ? "sent.jsonl" : "sent.jsonl." + file)) {
                numbers.add(Integer.parseInt(line.get("path").asString().substring("/call/".length())));
            }
        }
        assertThat(numbers)
                .hasSizeBetween(20, 199)
                .isEqualTo(
                        IntStream.rangeClosed(numbers.getFirst(), 199).boxed().toList());
        assertThat(folder.resolve("sent.jsonl.10")).doesNotExist();
    }

    @Test
    void a_file_that_somebody_took_away_is_begun_anew() throws IOException {
        SentRecord sent = new SentRecord(folder);
        sent.add("POST", "/before", 0, null);
        Files.move(folder.resolve("sent.jsonl"), folder.resolve("kept"));
        sent.add("POST", "/after", 0, null);
        assertThat(lines("kept")).hasSize(1);
        assertThat(lines("sent.jsonl").getFirst().get("path").asString()).isEqualTo("/after");
    }

    @Test
    void a_line_that_was_cut_off_is_ended_first() throws IOException {
        Files.writeString(folder.resolve("sent.jsonl"), "{\"time\": ");
        new SentRecord(folder).add("POST", "/after", 0, null);
        assertThat(Files.readAllLines(folder.resolve("sent.jsonl")))
                .hasSize(2)
                .first()
                .isEqualTo("{\"time\": ");
    }

    private List<JsonNode> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file)).stream()
                .map(line -> Json.readTree(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }
}
