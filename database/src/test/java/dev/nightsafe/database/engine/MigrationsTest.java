package dev.nightsafe.database.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class MigrationsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Schema.class)
    void both_engines_get_the_same_tables(Schema schema) throws SQLException {
        SortedMap<String, SortedSet<String>> sqlite = migrated(Peer.Sqlite.in(folder), schema);
        SortedMap<String, SortedSet<String>> postgresql = postgresql(schema);
        assertThat(sqlite).isNotEmpty().isEqualTo(postgresql);
    }

    @ParameterizedTest
    @EnumSource(Schema.class)
    void the_program_knows_its_own_version(Schema schema) throws SQLException {
        Peer peer = Peer.Sqlite.in(folder);
        Databases.open(peer.parsed(), schema).close();
        try (Connection connection = peer.intruder(schema);
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("SELECT version FROM flyway_schema_history ORDER BY installed_rank DESC")) {
            rows.next();
            assertThat(rows.getString(1)).isEqualTo(schema.version());
        }
    }

    private static SortedMap<String, SortedSet<String>> postgresql(Schema schema) throws SQLException {
        Peer peer = Peer.Postgresql.fresh();
        try {
            return migrated(peer, schema);
        } finally {
            peer.giveBack();
        }
    }

    private static SortedMap<String, SortedSet<String>> migrated(Peer peer, Schema schema) throws SQLException {
        Databases.open(peer.parsed(), schema).close();
        try (Connection connection = peer.intruder(schema)) {
            return tables(connection.getMetaData(), peer.parsed().engine() == Engine.SQLITE ? null : schema.id());
        }
    }

    private static SortedMap<String, SortedSet<String>> tables(DatabaseMetaData data, @Nullable String schema)
            throws SQLException {
        SortedMap<String, SortedSet<String>> tables = new TreeMap<>();
        try (ResultSet rows = data.getTables(null, schema, "%", new String[] {"TABLE"})) {
            while (rows.next()) {
                String table = rows.getString("TABLE_NAME");
                if (!table.startsWith("flyway_") && !table.startsWith("sqlite_")) {
                    tables.put(table, new TreeSet<>());
                }
            }
        }
        for (Map.Entry<String, SortedSet<String>> table : tables.entrySet()) {
            columns(data, schema, table.getKey(), table.getValue());
            keys(data, schema, table.getKey(), table.getValue());
            indexes(data, schema, table.getKey(), table.getValue());
        }
        return tables;
    }

    private static void columns(DatabaseMetaData data, @Nullable String schema, String table, SortedSet<String> facts)
            throws SQLException {
        SortedSet<String> primary = new TreeSet<>();
        try (ResultSet rows = data.getPrimaryKeys(null, schema, table)) {
            while (rows.next()) {
                primary.add(rows.getString("COLUMN_NAME"));
            }
        }
        facts.add("primary key " + primary);
        try (ResultSet rows = data.getColumns(null, schema, table, "%")) {
            while (rows.next()) {
                String name = rows.getString("COLUMN_NAME");
                // SQLite lets a primary key be null unless told otherwise.
                boolean nullable = rows.getString("IS_NULLABLE").equals("YES") && !primary.contains(name);
                facts.add(name + " " + type(rows.getString("TYPE_NAME")) + (nullable ? "" : " not null"));
            }
        }
    }

    private static String type(String engines) {
        return switch (engines.toLowerCase(Locale.ROOT)) {
            case "bytea", "blob" -> "bytes";
            case "int8", "bigint" -> "integer";
            case "bool", "boolean" -> "boolean";
            default -> engines.toLowerCase(Locale.ROOT);
        };
    }

    private static void keys(DatabaseMetaData data, @Nullable String schema, String table, SortedSet<String> facts)
            throws SQLException {
        try (ResultSet rows = data.getImportedKeys(null, schema, table)) {
            while (rows.next()) {
                facts.add(rows.getString("FKCOLUMN_NAME") + " references " + rows.getString("PKTABLE_NAME") + "."
                        + rows.getString("PKCOLUMN_NAME") + " on delete " + rows.getShort("DELETE_RULE"));
            }
        }
    }

    private static void indexes(DatabaseMetaData data, @Nullable String schema, String table, SortedSet<String> facts)
            throws SQLException {
        SortedMap<String, String> indexes = new TreeMap<>();
        try (ResultSet rows = data.getIndexInfo(null, schema, table, false, true)) {
            while (rows.next()) {
                indexes.merge(
                        rows.getString("INDEX_NAME"),
                        (rows.getBoolean("NON_UNIQUE") ? "index " : "unique ") + rows.getString("COLUMN_NAME"),
                        (columns, next) -> columns + next.substring(next.indexOf(' ')));
            }
        }
        facts.addAll(indexes.values());
    }
}
