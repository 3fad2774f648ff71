package dev.nightsafe.database.engine;

import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlAuditTest extends AuditBehaviour {
    @Override
    Peer makePeer() {
        return Peer.Postgresql.fresh();
    }
}
