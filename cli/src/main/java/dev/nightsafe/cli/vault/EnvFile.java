package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.secret.SecretBytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code .env} file, read as bytes: {@code KEY=value} lines, {@code export} before them if you like, {@code #}
 * comments. Unquoted values end at the line's end or at {@code #} after a space, without space around them; single
 * quotes keep everything; double quotes know {@code \n \r \t \" \\ \$}; quoted values may span lines. Nothing is
 * expanded. Errors name the line, never its content beyond the key.
 */
final class EnvFile implements AutoCloseable {
    /** One line. */
    record Entry(String key, SecretBytes value, int line) {}

    private final List<Entry> entries = new ArrayList<>();

    private EnvFile() {}

    /**
     * Reads all of it or nothing.
     *
     * @param name how errors call the file
     */
    static EnvFile parse(String name, byte[] bytes) {
        EnvFile file = new EnvFile();
        try {
            new Parser(name, bytes, file.entries).parse();
            return file;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    List<Entry> entries() {
        return entries;
    }

    /** Wipes the values. */
    @Override
    public void close() {
        entries.forEach(entry -> entry.value().close());
    }

    private static final class Parser {
        private final String name;
        private final EnvScanner scanner;
        private final List<Entry> entries;
        private final Map<String, Integer> seen = new HashMap<>();

        Parser(String name, byte[] bytes, List<Entry> entries) {
            this.name = name;
            this.scanner = new EnvScanner(bytes);
            this.entries = entries;
        }

        void parse() {
            while (scanner.toNextStatement()) {
                int line = scanner.line();
                try {
                    String key = requireNew(Names.requireKey(scanner.key()), line);
                    SecretBytes value = scanner.value();
                    entries.add(new Entry(key, value, line));
                    requireSize(key, value);
                } catch (NightsafeException | EnvScanner.Malformed e) {
                    throw CliException.usage(
                            name + ", line " + line + ": " + e.getMessage(),
                            "nothing was imported; mend it and try again");
                }
            }
        }

        private String requireNew(String key, int line) {
            Integer before = seen.putIfAbsent(Names.folded(key), line);
            if (before != null) {
                throw new EnvScanner.Malformed("'" + key + "' stands on line " + before + " already");
            }
            return key;
        }

        private static void requireSize(String key, SecretBytes value) {
            try {
                Sealing.requireSize(value.length());
            } catch (NightsafeException e) {
                throw new EnvScanner.Malformed("'" + key + "': " + e.getMessage());
            }
        }
    }
}
