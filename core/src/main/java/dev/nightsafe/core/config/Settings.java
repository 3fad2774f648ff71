package dev.nightsafe.core.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The settings of one part, from weakest to strongest: its defaults, the file {@code <home>/<part>.yaml}, variables
 * {@code NIGHTSAFE_<PART>_<NAME>}, flags. Names are lower-case with '-' ({@code internal-listen} is
 * {@code NIGHTSAFE_KEEPER_INTERNAL_LISTEN}, {@code --internal-listen}). A name that the part doesn't know stops the
 * start. Immutable.
 */
public final class Settings {
    private final Path home;
    private final Map<String, String> values;

    private Settings(Path home, Map<String, String> values) {
        this.home = home;
        this.values = Map.copyOf(values);
    }

    /**
     * Gathers a part's settings.
     *
     * @param defaults every name that the part knows, {@code ""} for none; {@code ${home}} stands for the data folder
     * @param arguments {@code --name value} or {@code --name=value}
     * @throws IllegalArgumentException naming the unknown or malformed setting and where it stands
     */
    public static Settings load(
            String part, Map<String, String> defaults, Map<String, String> environment, String... arguments) {
        Path home = home(environment);
        Map<String, String> values = new HashMap<>();
        defaults.forEach((name, value) -> values.put(name, value.replace("${home}", home.toString())));
        Path file = home.resolve(part + ".yaml");
        readFile(file).forEach((name, value) -> put(values, name, value, file.toString()));
        String prefix = "NIGHTSAFE_" + part.toUpperCase(Locale.ROOT) + "_";
        environment.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                String setting =
                        name.substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '-');
                put(values, setting, value, "the environment (" + name + ")");
            }
        });
        readFlags(arguments).forEach((name, value) -> put(values, name, value, "the command line"));
        return new Settings(home, values);
    }

    /** The data folder: {@code NIGHTSAFE_HOME}, or {@code ~/.nightsafe}. */
    public static Path home(Map<String, String> environment) {
        String home = environment.get("NIGHTSAFE_HOME");
        return home != null && !home.isBlank()
                ? Path.of(home).toAbsolutePath().normalize()
                : Path.of(System.getProperty("user.home"), ".nightsafe");
    }

    public Path home() {
        return home;
    }

    public String get(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("setting '" + name + "' is missing"));
    }

    public Path path(String name) {
        return Path.of(get(name)).toAbsolutePath().normalize();
    }

    /** The value, or empty when neither given nor defaulted (a default of {@code ""} means none). */
    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    private static void put(Map<String, String> values, String name, String value, String where) {
        if (!values.containsKey(name)) {
            throw new IllegalArgumentException("unknown setting '" + name + "' in " + where + "; known are "
                    + String.join(", ", values.keySet().stream().sorted().toList()));
        }
        values.put(name, value);
    }

    private static Map<String, String> readFile(Path file) {
        if (!Files.exists(file)) {
            return Map.of();
        }
        Map<String, String> read = new HashMap<>();
        try {
            Object document = new Load(
                            LoadSettings.builder().setLabel(file.toString()).build())
                    .loadFromString(Files.readString(file));
            if (document instanceof Map<?, ?> map) {
                map.forEach(
                        (name, value) -> read.put(String.valueOf(name), value == null ? "" : String.valueOf(value)));
            } else if (document != null) {
                throw new IllegalArgumentException(file + " must hold 'name: value' lines");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
        return read;
    }

    private static Map<String, String> readFlags(String... arguments) {
        Map<String, String> flags = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (!argument.startsWith("--")) {
                throw new IllegalArgumentException("expected --name value, not '" + argument + "'");
            }
            int equals = argument.indexOf('=');
            if (equals > 0) {
                flags.put(argument.substring(2, equals), argument.substring(equals + 1));
            } else if (i + 1 < arguments.length) {
                flags.put(argument.substring(2), arguments[++i]);
            } else {
                throw new IllegalArgumentException(argument + " needs a value");
            }
        }
        return flags;
    }
}
