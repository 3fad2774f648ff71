package dev.nightsafe.database.audit;

import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest head of the other's chain, outside of the database: {@code <chain> <seq> <hash> <signature> <key>}, and on a
 * second line the contradiction that was found, until somebody moves the file away.
 */
record PeerFile(Path path) {
    /** @param head null when none was seen yet */
    record Kept(@Nullable SignedHead head, @Nullable String contradiction) {}

    /** Throws {@code KEY_UNUSABLE} for a file that isn't like that: without it nobody could tell what was seen (I7). */
    Kept read() {
        try {
            List<String> lines = Files.readAllLines(path);
            String[] fields = lines.getFirst().split(" ", -1);
            SignedHead head = new SignedHead(fields[0], Long.parseLong(fields[1]), fields[2], fields[3], fields[4]);
            return new Kept(head, lines.size() > 1 ? lines.get(1) : null);
        } catch (NoSuchFileException e) {
            return new Kept(null, null);
        } catch (IOException | RuntimeException e) {
            throw new NightsafeException(
                    ProblemCode.KEY_UNUSABLE,
                    "can't read " + path
                            + ", what was seen of the other part's audit chain; bring it back from a backup,"
                            + " or move it away to begin anew",
                    e);
        }
    }

    void write(Kept kept) {
        SignedHead head = kept.head();
        if (head != null) {
            String line =
                    "%s %d %s %s %s%n".formatted(head.chain(), head.seq(), head.hash(), head.signature(), head.key());
            String text = kept.contradiction() == null ? line : line + kept.contradiction() + "\n";
            KeyFile.write(path, text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
