package dev.nightsafe.cli.machine;

import dev.nightsafe.core.yaml.Faults;
import dev.nightsafe.core.yaml.Yaml;
import dev.nightsafe.core.yaml.YamlNode;
import java.nio.file.Files;
import java.nio.file.Path;

/** A part's settings file, seen from outside. */
final class SettingsFile {
    private SettingsFile() {}

    /** Whether a file sets this. What else may be wrong with it the part says better. */
    static boolean has(Path file, String name) {
        return Files.exists(file)
                && Yaml.readFile(file, new Faults()).orElse(null) instanceof YamlNode.Mapping mapping
                && mapping.find(name).isPresent();
    }
}
