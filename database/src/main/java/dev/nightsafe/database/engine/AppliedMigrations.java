package dev.nightsafe.database.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.zip.CRC32;
import javax.sql.DataSource;

/**
 * Says without Flyway that Flyway would find nothing to do: loading it takes a tenth of a second of each start. Whatever
 * isn't exactly as this program's migrations leave it is left to Flyway to judge.
 */
final class AppliedMigrations {
    private AppliedMigrations() {}

    /**
     * True when each migration in the history succeeded, is still what it was, and the last is this program's version.
     *
     * @param location the folder of migrations, as the class path has it
     */
    static boolean areAll(DataSource source, String location, String version) {
        String last = "";
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT version, script, checksum, success"
                        + " FROM flyway_schema_history ORDER BY installed_rank")) {
            while (rows.next()) {
                Optional<Integer> checksum = checksum(location + "/" + rows.getString("script"));
                if (!rows.getBoolean("success") || !checksum.equals(Optional.of(rows.getInt("checksum")))) {
                    return false;
                }
                last = rows.getString("version");
            }
        } catch (SQLException | IOException e) {
            return false; // a new database has no history
        }
        return version.equals(last);
    }

    /** As Flyway reckons it: over the lines without their ends. Empty when there is no such file. */
    private static Optional<Integer> checksum(String resource) throws IOException {
        InputStream in = AppliedMigrations.class.getClassLoader().getResourceAsStream(resource);
        if (in == null) {
            return Optional.empty();
        }
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            CRC32 sum = new CRC32();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                sum.update(line.getBytes(StandardCharsets.UTF_8));
            }
            return Optional.of((int) sum.getValue());
        }
    }
}
