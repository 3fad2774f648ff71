package dev.nightsafe.cli.machine;

import dev.nightsafe.cli.platform.CliException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where this program is installed, as its script says.
 *
 * @param command the script {@code nightsafe}
 * @param source the folder with {@code examples}
 */
public record Installation(Path command, Path source) {
    /** From {@code NIGHTSAFE_COMMAND} and {@code NIGHTSAFE_SOURCE}. */
    public static Installation of(Map<String, String> environment) {
        String command = environment.get("NIGHTSAFE_COMMAND");
        String source = environment.get("NIGHTSAFE_SOURCE");
        if (command == null || source == null) {
            throw CliException.failed(
                    "this program doesn't know where it is installed", "start it by the script 'nightsafe'");
        }
        return new Installation(Path.of(command), Path.of(source));
    }
}
