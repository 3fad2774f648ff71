package dev.nightsafe.database.engine;

import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlReadingTest extends ReadingBehaviour {
    @Override
    Peer makePeer() {
        return Peer.Postgresql.fresh();
    }
}
