package dev.nightsafe.keeper;

import dev.nightsafe.core.address.Ids;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One keeper for all tests of a class, a workspace for each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KeeperTestCase extends KeeperLifeCase {
    @BeforeAll
    void startKeeper(@TempDir Path folder) {
        home = folder;
        start(Map.of());
    }

    @BeforeEach
    void newWorkspace() {
        workspace = console.workspace("ws-" + Ids.next());
    }

    @AfterAll
    void stopKeeper() {
        stop();
    }
}
