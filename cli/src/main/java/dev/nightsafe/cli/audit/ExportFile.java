package dev.nightsafe.cli.audit;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.core.audit.SignedEvent;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.protocol.console.AuditEnd;
import dev.nightsafe.protocol.console.AuditLine;
import dev.nightsafe.protocol.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/** A file of JSON lines, read as often as needed, one line in memory at a time. */
record ExportFile(Path path) {
    private static final String END = "{\"end\":";

    /** What an export has. */
    interface Visitor {
        void event(SignedEvent event);

        void end(SignedHead end);
    }

    void read(Visitor visitor) {
        lines((number, line) -> {
            if (line.startsWith(END)) {
                visitor.end(complete(parse(number, line, AuditEnd.class).end(), number));
            } else {
                visitor.event(event(number, parse(number, line, AuditLine.class)));
            }
        });
    }

    /** Each line as a record, with its number. */
    <T> void records(Class<T> type, BiConsumer<Integer, T> consumer) {
        lines((number, line) -> consumer.accept(number, parse(number, line, type)));
    }

    /** The head, unless something of it is missing. */
    SignedHead complete(SignedHead head, int number) {
        if (head == null
                || head.chain() == null
                || head.hash() == null
                || head.signature() == null
                || head.key() == null) {
            throw unreadable(number);
        }
        return head;
    }

    private SignedEvent event(int number, AuditLine line) {
        try {
            return line.event();
        } catch (NightsafeException e) {
            throw unreadable(number);
        }
    }

    private <T> T parse(int number, String line, Class<T> type) {
        try {
            return Json.read(line.getBytes(StandardCharsets.UTF_8), type);
        } catch (NightsafeException e) {
            throw unreadable(number);
        }
    }

    private void lines(BiConsumer<Integer, String> consumer) {
        try (BufferedReader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                consumer.accept(++number, line);
            }
        } catch (IOException e) {
            throw CliException.failed("can't read " + path + ": " + e.getMessage(), "is it a file of JSON lines?");
        }
    }

    private CliException unreadable(int number) {
        return CliException.failed(
                "line " + number + " of " + path + " is not what it should be: it was altered, or cut off",
                "get a whole copy of it again");
    }
}
