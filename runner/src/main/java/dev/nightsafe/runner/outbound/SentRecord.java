package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.runner.local.RecordFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this runner sent, one JSON object a line in {@code sent.jsonl}: {@code time} (ISO 8601), {@code method},
 * {@code path}, {@code bytes} (length of the body) and, where a task's words left, {@code body}: as sent, after
 * redaction, cut at 4 KiB, and {@code sha256} of all of it. At 10 MiB the file becomes {@code sent.jsonl.1} and so on to
 * {@code .9}, the oldest. A line is written before its call is made. Thread-safe.
 */
final class SentRecord {
    private static final long LARGEST = 10 << 20;
    private static final int LONGEST_BODY = 4 << 10;
    private static final int KEPT = 9;

    private final RecordFile record;

    SentRecord(Path folder) {
        this(folder, LARGEST);
    }

    /** @param largest so many bytes of a file are enough */
    SentRecord(Path folder, long largest) {
        this.record = new RecordFile(folder.resolve("sent.jsonl"), largest, KEPT);
    }

    /** @param body null when it holds nothing of a task's */
    void add(String method, String path, int bytes, byte @Nullable [] body) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", Instant.now().toString());
        line.put("method", method);
        line.put("path", path);
        line.put("bytes", bytes);
        if (body != null) {
            line.put(
                    "body",
                    new String(Arrays.copyOf(body, Math.min(body.length, LONGEST_BODY)), StandardCharsets.UTF_8));
            line.put("sha256", Digests.sha256Hex(body));
        }
        record.add(new String(Json.write(line), StandardCharsets.UTF_8));
    }
}
