package dev.nightsafe.core.config;

import dev.nightsafe.core.config.Settings.Setting;
import dev.nightsafe.core.yaml.Faults;
import dev.nightsafe.core.yaml.Yaml;
import dev.nightsafe.core.yaml.YamlNode;
import dev.nightsafe.core.yaml.YamlNode.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where settings come from, each as names with what was given. */
final class SettingSources {
    private static final String ARGUMENTS_EXPOSED =
            "every user of this machine can see a command's arguments; give it in the file or as a variable";

    private SettingSources() {}

    /** A file of {@code name: value} lines; none when it isn't there. One that can't be read stops the start. */
    static Map<String, Setting> file(Path path) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return Map.of();
        }
        Faults faults = new Faults();
        Map<String, Setting> settings = new LinkedHashMap<>();
        Optional<YamlNode> document = Yaml.readFile(path, faults);
        if (document.isPresent()) {
            if (document.get() instanceof YamlNode.Mapping mapping) {
                String exposed = exposed(path);
                mapping.entries().forEach(entry -> settings.put(entry.name(), setting(entry, exposed)));
            } else {
                faults.add(document.get().at(), "the file must have 'name: value' lines");
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(faults.text());
        }
        return settings;
    }

    static Map<String, Setting> environment(String prefix, Map<String, String> environment) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith(prefix)) {
                String name = variable.substring(prefix.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
                settings.put(name, new Setting(value, null, "the variable " + variable, null));
            }
        });
        return settings;
    }

    static Map<String, Setting> flags(String... arguments) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (!argument.startsWith("--")) {
                throw new IllegalArgumentException(
                        "argument " + (i + 1) + " must be a flag; write --name value or --name=value");
            }
            int equals = argument.indexOf('=');
            if (equals < 0 && i + 1 == arguments.length) {
                throw new IllegalArgumentException(argument + " needs a value; write " + argument + " value");
            }
            String name = equals < 0 ? argument.substring(2) : argument.substring(2, equals);
            String value = equals < 0 ? arguments[++i] : argument.substring(equals + 1);
            settings.put(name, new Setting(value, null, "--" + name, ARGUMENTS_EXPOSED));
        }
        return settings;
    }

    private static Setting setting(Entry entry, @Nullable String exposed) {
        String where = entry.at().toString();
        return entry.value() instanceof YamlNode.Scalar scalar
                ? new Setting(scalar.plain() == null ? "" : scalar.text(), null, where, exposed)
                : new Setting("", entry.value(), where, exposed);
    }

    private static @Nullable String exposed(Path file) {
        try {
            if (!Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                return null;
            }
        } catch (IOException e) {
            // Can't be decided (I7).
        }
        return "every user of this machine can read " + file + "; run: chmod o-r " + file;
    }
}
