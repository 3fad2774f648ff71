package dev.nightsafe.database.engine;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteReadingTest extends ReadingBehaviour {
    @TempDir
    private Path folder;

    @Override
    Peer makePeer() {
        return Peer.Sqlite.in(folder);
    }
}
