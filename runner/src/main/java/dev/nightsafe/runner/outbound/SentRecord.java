package dev.nightsafe.runner.outbound;

import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.runner.local.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this runner sent, one JSON object a line in {@code sent.jsonl}: {@code time} (ISO 8601), {@code method},
 * {@code path}, {@code bytes} (length of the body) and, where a task's words left, {@code body}: as sent, after
 * redaction, cut at 4 KiB. At 10 MiB the file becomes {@code sent.jsonl.1}. A line is written before its call is made.
 */
final class SentRecord {
    private static final long LARGEST = 10 << 20;
    private static final int LONGEST_BODY = 4 << 10;

    private final Path file;

    SentRecord(Path folder) {
        file = folder.resolve("sent.jsonl");
    }

    /** @param body null when it holds nothing of a task's */
    synchronized void add(String method, String path, int bytes, byte @Nullable [] body) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", Instant.now().toString());
        line.put("method", method);
        line.put("path", path);
        line.put("bytes", bytes);
        if (body != null) {
            line.put(
                    "body",
                    new String(Arrays.copyOf(body, Math.min(body.length, LONGEST_BODY)), StandardCharsets.UTF_8));
        }
        try {
            if (Files.exists(file) && Files.size(file) > LARGEST) {
                Files.move(file, file.resolveSibling("sent.jsonl.1"), StandardCopyOption.REPLACE_EXISTING);
            }
            PrivateFiles.createIfAbsent(file);
            Files.writeString(
                    file, new String(Json.write(line), StandardCharsets.UTF_8) + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            System.getLogger("nightsafe.runner")
                    .log(System.Logger.Level.WARNING, "can''t write {0}: {1}", file, e.getMessage());
        }
    }
}
