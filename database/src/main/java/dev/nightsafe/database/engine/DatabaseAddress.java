package dev.nightsafe.database.engine;

import dev.nightsafe.core.config.Settings;
import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.secret.SecretBytes;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Where a database is. Its {@code toString} never shows a password. */
public sealed interface DatabaseAddress {
    Engine engine();

    /**
     * Reads a setting, see {@link #parse}. A password in the address must stand where other users of this machine can't
     * read it.
     *
     * @throws IllegalArgumentException naming the setting that is wrong, without repeating it
     * @throws dev.nightsafe.core.problem.NightsafeException {@code KEY_UNUSABLE} for a password file that is
     */
    static DatabaseAddress of(Settings settings, String name) {
        String address = settings.get(name);
        DatabaseAddress parsed;
        try {
            parsed = parse(address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("setting '" + name + "': " + e.getMessage());
        }
        if (Postgresql.holdsPassword(address)) {
            settings.requirePrivate(name);
        }
        return parsed;
    }

    /**
     * Reads {@code sqlite:/path/file.db} or {@code postgresql://user:password@host:port/database[?sslmode=…]}; user and
     * password are percent-encoded. {@code password-file=/path} among the parameters is where the password stands
     * instead, alone in a file of mode 0600; it is read here.
     *
     * @throws IllegalArgumentException for anything else; its message doesn't repeat the address
     * @throws dev.nightsafe.core.problem.NightsafeException {@code KEY_UNUSABLE} for a password file that can't be read or
     *     that others may use
     */
    static DatabaseAddress parse(String address) {
        if (address.startsWith("sqlite:")) {
            return Sqlite.of(address.substring("sqlite:".length()));
        }
        if (address.startsWith("postgresql://")) {
            return Postgresql.of(address);
        }
        throw new IllegalArgumentException("a database's address starts with sqlite: or postgresql://");
    }

    /** A file of this machine. */
    record Sqlite(Path file) implements DatabaseAddress {
        private static Sqlite of(String path) {
            // SQLite and its driver give ?, file: and :memory: a meaning of their own.
            if (path.isBlank() || path.contains("?") || path.startsWith("file:") || path.startsWith(":")) {
                throw new IllegalArgumentException("write sqlite:/path/file.db, without parameters");
            }
            return new Sqlite(Path.of(path).toAbsolutePath().normalize());
        }

        @Override
        public Engine engine() {
            return Engine.SQLITE;
        }

        @Override
        public String toString() {
            return "sqlite:" + file;
        }
    }

    /**
     * A database of a PostgreSQL server.
     *
     * @param parameters the driver's own of {@link #PARAMETERS}
     */
    record Postgresql(
            String host, int port, String database, String user, String password, Map<String, String> parameters)
            implements DatabaseAddress {
        private static final String PASSWORD_FILE = "password-file";

        /** What may stand after the question mark. */
        public static final Set<String> PARAMETERS = Set.of(
                PASSWORD_FILE, "sslmode", "sslrootcert", "sslcert", "sslkey", "channelBinding", "connectTimeout");

        private static final String FORM =
                "write postgresql://user:password@host:port/database," + " with user and password percent-encoded";

        public Postgresql {
            parameters = Map.copyOf(parameters);
        }

        private static Postgresql of(String address) {
            URI uri = uri(address);
            String userInfo = uri.getRawUserInfo();
            String path = uri.getRawPath();
            if (uri.getHost() == null || userInfo == null || path.length() < 2 || path.indexOf('/', 1) > 0) {
                throw new IllegalArgumentException(FORM);
            }
            int colon = userInfo.indexOf(':');
            Map<String, String> parameters = parameters(uri.getRawQuery() == null ? "" : uri.getRawQuery());
            String file = parameters.remove(PASSWORD_FILE);
            if (file != null && colon >= 0) {
                throw new IllegalArgumentException("a database's address has a password or a password-file, not both");
            }
            String password = colon < 0 ? "" : decode(userInfo.substring(colon + 1));
            return new Postgresql(
                    uri.getHost(),
                    uri.getPort() < 0 ? 5432 : uri.getPort(),
                    decode(path.substring(1)),
                    decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                    file == null ? password : readPassword(Path.of(file)),
                    parameters);
        }

        /** Without the end of its line. */
        private static String readPassword(Path file) {
            if (!file.isAbsolute()) {
                throw new IllegalArgumentException("a database's password-file is an absolute path");
            }
            try (SecretBytes content = KeyFile.read(file)) {
                String password = content.exposing(bytes -> new String(bytes, StandardCharsets.UTF_8));
                return password.endsWith("\n") ? password.substring(0, password.length() - 1) : password;
            }
        }

        /** True when the password stands in this address. */
        private static boolean holdsPassword(String address) {
            return address.startsWith("postgresql://")
                    && uri(address).getRawUserInfo().indexOf(':') >= 0;
        }

        private static URI uri(String address) {
            try {
                return new URI(address);
            } catch (URISyntaxException e) {
                // Not the cause: its message repeats the address, password included.
                throw new IllegalArgumentException(FORM);
            }
        }

        private static Map<String, String> parameters(String query) {
            Map<String, String> parameters = new TreeMap<>();
            for (String parameter : query.isEmpty() ? new String[0] : query.split("&", -1)) {
                int equals = parameter.indexOf('=');
                String name = equals < 0 ? parameter : parameter.substring(0, equals);
                if (equals < 0 || !PARAMETERS.contains(name)) {
                    throw new IllegalArgumentException("a database's address takes only these parameters: "
                            + String.join(", ", PARAMETERS.stream().sorted().toList()));
                }
                parameters.put(name, decode(parameter.substring(equals + 1)));
            }
            return parameters;
        }

        private static String decode(String text) {
            try {
                return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(FORM);
            }
        }

        @Override
        public Engine engine() {
            return Engine.POSTGRESQL;
        }

        @Override
        public String toString() {
            return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
        }
    }
}
