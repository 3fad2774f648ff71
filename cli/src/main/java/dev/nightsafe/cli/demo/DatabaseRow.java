package dev.nightsafe.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Looks at a secret's row as anyone with the database file can: with Python's own sqlite3. */
final class DatabaseRow {
    private static final String SCRIPT = """
            import pathlib, sqlite3, sys
            database = sqlite3.connect(pathlib.Path(sys.argv[1]).as_uri() + "?mode=ro", uri=True)
            print(*database.execute(
                "SELECT s.version, length(s.box), hex(substr(s.box, 1, 24)), s.plain_value IS NULL FROM secret s"
                " JOIN vault v ON v.id = s.vault_id WHERE v.name = ? AND s.key = ?", sys.argv[2:4]).fetchone())
            """;

    private DatabaseRow() {}

    /** @param start the first bytes of the box, in hex */
    record Row(long version, int boxLength, String start) {}

    /** Empty where it can't be read that way. */
    static Optional<Row> read(Path database, String vault, String key) {
        try {
            Process python = new ProcessBuilder("python3", "-I", "-c", SCRIPT, database.toString(), vault, key)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            python.getOutputStream().close();
            String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            String[] columns = said.strip().split(" ", -1);
            boolean ended = python.waitFor(10, TimeUnit.SECONDS);
            return ended && python.exitValue() == 0 && columns.length == 4 && columns[3].equals("1")
                    ? Optional.of(new Row(Long.parseLong(columns[0]), Integer.parseInt(columns[1]), columns[2]))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
