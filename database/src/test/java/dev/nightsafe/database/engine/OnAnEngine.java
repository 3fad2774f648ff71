package dev.nightsafe.database.engine;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** Tests that say what holds on every engine; each has a subclass for each engine. */
abstract class OnAnEngine {
    private final List<Peer> peers = new ArrayList<>();

    abstract Peer makePeer();

    /** A database of the test's own, for as long as the test runs. */
    final Peer freshPeer() {
        Peer peer = makePeer();
        peers.add(peer);
        return peer;
    }

    /** After what the subclass closes. */
    @AfterEach
    void giveBack() {
        peers.forEach(Peer::giveBack);
    }
}
