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
import tools.jackson.databind.JsonNode;

/**
 * User ids that belong to nobody else on the machine. Each queue has one that stays, the group of its processes and the
 * user of its git. Setup and workers get the next ones of a circle, so that none meets again what an earlier one left
 * anywhere; {@code users.json} remembers both. Thread-safe.
 */
final class UserIds {
    /** Ids for queues; those for cells follow. */
    static final int QUEUES = 1024;

    private static final int ALL = 64 * QUEUES;

    /** Where no distribution, container tool or systemd allocates (systemd's UIDS-GIDS documentation: unused). */
    private static final long UNUSED = 1_900_000_000L;

    private static final int RUNNERS = 2_000;

    /** So many are handed out between two writes of the file. */
    private static final int STRIDE = 256;

    private final Path file;
    private final int base;
    private final int last;
    private final Map<String, Integer> queues = new TreeMap<>();
    private int next = QUEUES;
    private int reserved = QUEUES;

    /**
     * @param folder the runner's; by its name runners on one machine get other ids
     * @param mapped the highest id that this machine (or its container) has, {@code /proc/self/uid_map}
     */
    UserIds(Path folder, long mapped) {
        this.file = folder.resolve("users.json");
        int runner =
                Integer.parseUnsignedInt(Digests.sha256Hex(folder.toString()).substring(0, 7), 16) % RUNNERS;
        long wanted = UNUSED + (long) runner * ALL;
        boolean fits = wanted + ALL <= mapped;
        this.base = (int) (fits ? wanted : mapped - ALL / 2);
        this.last = base + (fits ? ALL : ALL / 2) - 1;
        read();
    }

    /** The queue's id, the same at each call. */
    synchronized int queue(String queueId) {
        Integer known = queues.get(queueId);
        if (known == null) {
            known = queues.size();
            if (known >= QUEUES) {
                throw new IllegalStateException("this runner has served " + known
                        + " queues and has no more user ids; empty its folder and enrol it anew");
            }
            queues.put(queueId, known);
            write();
        }
        return base + known;
    }

    /** The first of two ids that were handed out longest ago, or never. */
    synchronized int fresh() {
        if (base + next + 1 > last) {
            next = QUEUES;
            reserved = QUEUES;
        }
        int taken = next;
        next += 2;
        if (next > reserved) {
            reserved = next + STRIDE;
            write();
        }
        return base + taken;
    }

    /** True for an id that {@link #fresh} hands out. */
    boolean isFresh(int id) {
        return id >= base + QUEUES && id <= last;
    }

    int first() {
        return base;
    }

    int last() {
        return last;
    }

    /** The highest id of the first range in a {@code uid_map}. */
    static long mapped(String uidMap) {
        String[] fields = uidMap.strip().split("\\s+", -1);
        return Long.parseLong(fields[0]) + Long.parseLong(fields[2]) - 1;
    }

    private void write() {
        KeyFile.write(file, Json.write(Map.of("queues", queues, "next", reserved)));
    }

    private void read() {
        if (!Files.exists(file)) {
            return;
        }
        try {
            JsonNode known = Json.readTree(Files.readAllBytes(file));
            known.path("queues")
                    .properties()
                    .forEach(
                            entry -> queues.put(entry.getKey(), entry.getValue().asInt()));
            next = Math.max(QUEUES, known.path("next").asInt(QUEUES));
            reserved = next;
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }
}
