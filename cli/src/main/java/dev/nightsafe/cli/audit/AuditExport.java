package dev.nightsafe.cli.audit;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.NewPrivateFile;
import dev.nightsafe.cli.platform.Query;
import dev.nightsafe.cli.platform.Session;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.audit.Witness;
import dev.nightsafe.protocol.console.AuditEnd;
import dev.nightsafe.protocol.console.AuditLine;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes chains as JSON lines, a page at a time: each event whole, and an end line for each chain. */
final class AuditExport {
    private static final int PAGE = 500;

    private final Session session;
    private final List<String> parts;
    private final long from;
    private final long to;
    /** The highest number that the chains so far name of each other chain. */
    private final Map<String, Long> named = new HashMap<>();

    /**
     * @param range chains begin with the last event before its start, and go on to the first signature at or after its end
     */
    AuditExport(Session session, AuditRange range) {
        this.session = session;
        this.parts = range.parts();
        Instant start = range.from();
        this.from = start == null ? 0 : Math.max(0, start.toEpochMilli());
        Instant end = range.to();
        this.to = end == null ? Long.MAX_VALUE : end.toEpochMilli();
    }

    /**
     * How many events were written.
     *
     * @param file a new one, there as a whole or not at all; null for standard output
     */
    long run(@Nullable Path file) {
        try {
            if (file == null) {
                OutputStream out = session.terminal().out();
                long events = write(out);
                out.flush();
                return events;
            }
            long[] events = new long[1];
            NewPrivateFile.write(file, out -> events[0] = write(out));
            return events[0];
        } catch (FileAlreadyExistsException e) {
            throw new CliException(ExitCode.CONFLICT, file + " is there already", "remove it, or name another", e);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "can't write the export: " + e.getMessage(), "is there room?", e);
        }
    }

    /**
     * Chains go on while they are written, and each names heads of the other: the last chain's head is asked for before the first
     * one's, and what the first ones name beyond it is written, too. So no chain names what isn't in the file.
     */
    private long write(OutputStream out) throws IOException {
        Map<String, SignedHead> heads = new HashMap<>();
        for (String part : parts.reversed()) {
            SignedHead head = page(part, Long.MAX_VALUE, 0).head();
            if (head != null) {
                heads.put(part, head);
            }
        }
        long events = 0;
        for (String part : parts) {
            SignedHead head = heads.get(part);
            events += head == null ? 0 : write(part, head, out);
        }
        return events;
    }

    /**
     * Up to this head, or the last one that another chain named. What was signed after the range's end shows that nothing is
     * missing before it.
     */
    private long write(String part, SignedHead head, OutputStream out) throws IOException {
        long until = Math.max(head.seq(), named.getOrDefault(head.chain(), 0L));
        ConsoleApi.AuditPage page = first(part, head);
        AuditLine last = null;
        long events = 0;
        while (!page.events().isEmpty()) {
            for (AuditLine line : page.events()) {
                if (line.seq() > until) {
                    return end(last, head, events, out);
                }
                line(line, out);
                Witness.seen(line.action(), line.details())
                        .ifPresent(seen -> named.merge(seen.chain(), seen.seq(), Math::max));
                last = line;
                events++;
                if (line.at() >= to && line.signature() != null) {
                    return end(last, head, events, out);
                }
            }
            page = page(part, page.events().getLast().seq(), 0);
        }
        return end(last, head, events, out);
    }

    /** Begins with the last event before, to which the next one is chained: so nobody can take away what follows. */
    private ConsoleApi.AuditPage first(String part, SignedHead head) {
        ConsoleApi.AuditPage page = page(part, 0, from);
        if (from == 0) {
            return page;
        }
        long begin = page.events().isEmpty()
                ? head.seq() + 1
                : page.events().getFirst().seq();
        return begin <= 1 ? page : page(part, begin - 2, 0);
    }

    private static long end(@Nullable AuditLine last, SignedHead head, long events, OutputStream out)
            throws IOException {
        if (last != null && last.signature() != null) {
            line(
                    new AuditEnd(new SignedHead(last.chain(), last.seq(), last.hash(), last.signature(), head.key())),
                    out);
        }
        return events;
    }

    private ConsoleApi.AuditPage page(String part, long after, long fromMillis) {
        String query = new Query()
                .add("chain", part)
                .add("after", after)
                .add("from", fromMillis)
                .add("limit", PAGE)
                .toString();
        return session.console().get(ConsoleApi.AuditPage.class, Duration.ZERO, query, "audit", "export");
    }

    private static void line(Object line, OutputStream out) throws IOException {
        out.write(Json.write(line));
        out.write('\n');
    }
}
