package dev.nightsafe.database.engine;

import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlCommitterTest extends CommitterBehaviour {
    @Override
    Peer freshPeer() {
        return Peer.Postgresql.fresh();
    }
}
