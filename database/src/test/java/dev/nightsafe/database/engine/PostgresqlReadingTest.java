package dev.nightsafe.database.engine;

import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlReadingTest extends ReadingBehaviour {
    @Override
    Peer freshPeer() {
        return Peer.Postgresql.fresh();
    }
}
