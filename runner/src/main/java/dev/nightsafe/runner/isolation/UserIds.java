package dev.nightsafe.runner.isolation;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * User ids that belong to nobody else on the machine: for each queue a block of its own, remembered in
 * {@code users.json}, since its files stay. The first of a block is for setup and the group of all; worker n has the n-th
 * after it. Thread-safe.
 */
final class UserIds {
    /** Ids of one queue. */
    static final int BLOCK = 64;

    private static final int QUEUES = 1024;

    /** Where no distribution, container tool or systemd allocates (systemd's UIDS-GIDS documentation: unused). */
    private static final long UNUSED = 1_900_000_000L;

    private static final int RUNNERS = 2_000;

    private final Path file;
    private final int base;
    private final Map<String, Integer> blocks = new TreeMap<>();

    /**
     * @param folder the runner's, where the blocks are remembered; by its name runners on one machine get other ids
     * @param mapped the highest id that this machine (or its container) has, {@code /proc/self/uid_map}
     */
    UserIds(Path folder, long mapped) {
        this.file = folder.resolve("users.json");
        int runner =
                Integer.parseUnsignedInt(Digests.sha256Hex(folder.toString()).substring(0, 7), 16) % RUNNERS;
        long wanted = UNUSED + (long) runner * QUEUES * BLOCK;
        this.base = (int) (wanted + (long) QUEUES * BLOCK <= mapped ? wanted : mapped - (long) QUEUES * BLOCK / 2);
        read();
    }

    /** The first id of the queue's block. */
    synchronized int block(String queueId) {
        Integer known = blocks.get(queueId);
        if (known == null) {
            known = blocks.size();
            if (known >= QUEUES / 2) {
                throw new IllegalStateException("this runner has served " + known
                        + " queues and has no more user ids; empty its folder and enrol it anew");
            }
            blocks.put(queueId, known);
            KeyFile.write(file, Json.write(blocks));
        }
        return base + known * BLOCK;
    }

    int first() {
        return base;
    }

    int last() {
        return base + QUEUES * BLOCK - 1;
    }

    /** The highest id of the first range in a {@code uid_map}. */
    static long mapped(String uidMap) {
        String[] fields = uidMap.strip().split("\\s+", -1);
        return Long.parseLong(fields[0]) + Long.parseLong(fields[2]) - 1;
    }

    private void read() {
        if (!Files.exists(file)) {
            return;
        }
        try {
            Json.readTree(Files.readAllBytes(file))
                    .properties()
                    .forEach(
                            entry -> blocks.put(entry.getKey(), entry.getValue().asInt()));
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }
}
