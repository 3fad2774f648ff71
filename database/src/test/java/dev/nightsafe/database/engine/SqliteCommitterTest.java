package dev.nightsafe.database.engine;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteCommitterTest extends CommitterBehaviour {
    @TempDir
    private Path folder;

    @Override
    Peer freshPeer() {
        return new Peer.Sqlite(folder.resolve("console/console.db"));
    }
}
