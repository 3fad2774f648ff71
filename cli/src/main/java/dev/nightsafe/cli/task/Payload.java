package dev.nightsafe.cli.task;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Terminal;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A task's payload: JSON, {@code @file}, {@code -} for standard input, or nothing for an empty object. */
final class Payload {
    private static final int MAX_BYTES = 8 << 20;

    private Payload() {}

    static JsonNode read(Terminal terminal, @Nullable String given) {
        if (given == null) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            return Json.readTree(bytes(terminal, given));
        } catch (NightsafeException e) {
            if (Json.OVER_LIMIT.equals(e.getMessage())) {
                throw CliException.usage(Json.OVER_LIMIT, "store what is large elsewhere and send where it is");
            }
            throw new CliException(
                    ExitCode.USAGE,
                    "the payload is not JSON" + where(String.valueOf(e.getMessage())),
                    "quote it for the shell: -p '{\"text\": \"hello\"}', or give a file: -p @payload.json",
                    e);
        }
    }

    /** What is given, or the file after {@code @}, or standard input for {@code -}. */
    static byte[] bytes(Terminal terminal, String given) {
        try {
            if (given.equals("-")) {
                return terminal.in().readNBytes(MAX_BYTES + 1);
            }
            return given.startsWith("@")
                    ? Files.readAllBytes(Path.of(given.substring(1)))
                    : given.getBytes(StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new CliException(ExitCode.USAGE, "no such file: " + given.substring(1), "check the path", e);
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "can't read the payload", "check that you may read it", e);
        }
    }

    private static String where(String message) {
        int at = message.indexOf(" at line");
        int end = message.indexOf(';', at);
        return at < 0 || end < 0 ? "" : message.substring(at, end);
    }
}
