package dev.nightsafe.core.config;

import dev.nightsafe.core.yaml.Faults;
import dev.nightsafe.core.yaml.Spelling;
import dev.nightsafe.core.yaml.YamlNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one part, from weakest to strongest: its defaults, the file {@code <home>/<part>.yaml}, variables
 * {@code NIGHTSAFE_<PART>_<NAME>}, flags. Names are lower-case with '-' ({@code internal-listen} is
 * {@code NIGHTSAFE_KEEPER_INTERNAL_LISTEN}, {@code --internal-listen}). A name that the part doesn't know stops the
 * start. An empty value means none. Immutable.
 *
 * <p>Errors are {@link IllegalArgumentException}; they name the setting and where it stands ({@code file:line:column},
 * the variable, the flag) and never repeat a value, which may hold a password.
 */
public final class Settings {
    private final String part;
    private final Path home;
    private final Map<String, Setting> settings;

    /**
     * @param value what was given, {@code ""} for none
     * @param structure what the file has, when that is a list or fields
     * @param where how an error names its place
     * @param exposed who else can read it there and what to do about that; null when nobody can
     */
    record Setting(
            String value,
            @Nullable YamlNode structure,
            String where,
            @Nullable String exposed) {
        /** Without the value. */
        @Override
        public String toString() {
            return "from " + where;
        }
    }

    private Settings(String part, Path home, Map<String, Setting> settings) {
        this.part = part;
        this.home = home;
        this.settings = Map.copyOf(settings);
    }

    /**
     * Gathers a part's settings.
     *
     * @param defaults every name that the part knows, {@code ""} for none; {@code ${home}} stands for the data folder
     * @param arguments {@code --name value} or {@code --name=value}
     * @throws IllegalArgumentException for an unknown or malformed setting
     */
    public static Settings load(
            String part, Map<String, String> defaults, Map<String, String> environment, String... arguments) {
        Path home = home(environment);
        Map<String, Setting> settings = new HashMap<>();
        defaults.forEach((name, value) ->
                settings.put(name, new Setting(value.replace("${home}", home.toString()), null, "its default", null)));
        SettingSources.file(home.resolve(part + ".yaml")).forEach((name, setting) -> put(settings, name, setting));
        SettingSources.environment(prefix(part), environment).forEach((name, setting) -> put(settings, name, setting));
        SettingSources.flags(arguments).forEach((name, setting) -> put(settings, name, setting));
        return new Settings(part, home, settings);
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

    /** The value of a setting that must be there. */
    public String get(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("setting '" + name + "' is missing; give it in "
                        + home.resolve(part + ".yaml") + ", as " + prefix(part)
                        + name.toUpperCase(Locale.ROOT).replace('-', '_') + " or as --" + name));
    }

    public Path path(String name) {
        return Path.of(get(name)).toAbsolutePath().normalize();
    }

    /** A whole number from {@code least} to {@code most}. */
    public int number(String name, int least, int most) {
        try {
            int number = Integer.parseInt(get(name));
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, without the value.
        }
        throw bad(name, "must be a whole number from " + least + " to " + most);
    }

    /** The value, or empty when neither given nor defaulted (a default of {@code ""} means none). */
    public Optional<String> find(String name) {
        Setting setting = settings.get(name);
        if (setting != null && setting.structure() != null) {
            throw bad(name, "must be one value, not " + setting.structure().kind());
        }
        return Optional.ofNullable(setting).map(Setting::value).filter(value -> !value.isEmpty());
    }

    /** What the file has under this name when it is a list or fields, for a part that takes such a setting. */
    public Optional<YamlNode> structure(String name) {
        return Optional.ofNullable(settings.get(name)).map(Setting::structure);
    }

    /** For a setting whose value has a password: throws when other users of this machine can read it where it stands. */
    public void requirePrivate(String name) {
        Setting setting = settings.get(name);
        if (setting != null && setting.exposed() != null) {
            throw bad(name, "has a password, and " + setting.exposed());
        }
    }

    private IllegalArgumentException bad(String name, String what) {
        Setting setting = settings.get(name);
        return new IllegalArgumentException((setting == null ? "" : setting.where() + ": ") + "'" + name + "' " + what);
    }

    private static String prefix(String part) {
        return "NIGHTSAFE_" + part.toUpperCase(Locale.ROOT) + "_";
    }

    private static void put(Map<String, Setting> settings, String name, Setting setting) {
        if (!settings.containsKey(name)) {
            throw new IllegalArgumentException(setting.where() + ": unknown setting " + Faults.quoted(name) + "; "
                    + Spelling.hint(name, settings.keySet()));
        }
        settings.put(name, setting);
    }
}
