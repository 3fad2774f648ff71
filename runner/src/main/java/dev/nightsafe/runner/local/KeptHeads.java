package dev.nightsafe.runner.local;

import dev.nightsafe.core.audit.SeenHead;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.audit.Witness;
import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeptHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The heads of the platform's audit chains that this runner saw, in {@code heads.jsonl}: one JSON object a line, {@code time}
 * (ISO 8601), {@code chain}, {@code seq}, {@code hash}, {@code signature}, {@code key}, {@code contradicts}. At 4 MiB the file becomes {@code
 * heads.jsonl.1} and so on to {@code .24}. A head that contradicts one that was kept is written to {@code
 * heads-contradicted}, too, and said until somebody moves that file away. Thread-safe.
 */
public final class KeptHeads {
    private static final System.Logger LOG = System.getLogger("nightsafe.runner");
    private static final long LARGEST = 4 << 20;
    private static final int KEPT = 24;

    private final RecordFile record;
    private final Path contradicted;
    private final Map<String, SignedHead> newest = new TreeMap<>();

    public KeptHeads(Path folder) {
        this.record = new RecordFile(folder.resolve("heads.jsonl"), LARGEST, KEPT);
        this.contradicted = folder.resolve("heads-contradicted");
        read(record.numbered(1));
        read(record.path());
    }

    /** The newest of each chain. */
    public synchronized List<SignedHead> newest() {
        return List.copyOf(newest.values());
    }

    /**
     * Keeps a head whose signature and key were verified.
     *
     * @param asked what {@link #newest} was when it was asked for: answers may overtake each other
     * @param standing what the chain has now at the number that was kept, as in {@link Witness#contradiction}
     */
    public synchronized void take(SignedHead told, List<SignedHead> asked, @Nullable String standing) {
        Optional<SignedHead> kept = of(told.chain(), asked);
        Optional<String> contradiction = kept.flatMap(head -> Witness.contradiction(head, told, standing));
        SignedHead now = newest.get(told.chain());
        boolean overtaken = contradiction.isEmpty() && now != null && told.seq() < now.seq();
        if (overtaken || told.equals(now)) {
            return;
        }
        newest.put(told.chain(), told);
        record.add(line(told, contradiction.orElse(null)));
        contradiction.ifPresent(this::contradicted);
    }

    /** What was found, as long as nobody moved the file away. */
    public Optional<String> contradiction() {
        try {
            return Files.exists(contradicted)
                    ? Files.readString(contradicted).lines().findFirst()
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of("can't read " + contradicted.getFileName() + ": " + e.getMessage());
        }
    }

    /** Without their proof, for the keeper. */
    public static List<SeenHead> seen(List<SignedHead> heads) {
        return heads.stream().map(SignedHead::seen).toList();
    }

    private void contradicted(String what) {
        LOG.log(System.Logger.Level.ERROR, "AUDIT: {0}; see {1}", what, record.path());
        KeyFile.write(contradicted, (what + "\n" + Instant.now() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<SignedHead> of(String chain, List<SignedHead> heads) {
        return heads.stream().filter(head -> head.chain().equals(chain)).findFirst();
    }

    private static String line(SignedHead head, @Nullable String contradiction) {
        KeptHead kept = KeptHead.of(Instant.now().toString(), head, contradiction);
        return new String(Json.write(kept), StandardCharsets.UTF_8);
    }

    /** A line that was cut off when the machine lost its power says nothing; what is wrong otherwise is logged. */
    private void read(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                try {
                    KeptHead head = Json.read(line.getBytes(StandardCharsets.UTF_8), KeptHead.class);
                    newest.put(head.chain(), head.head());
                } catch (NightsafeException e) {
                    LOG.log(System.Logger.Level.WARNING, "a line of {0} can''t be read", file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }
}
