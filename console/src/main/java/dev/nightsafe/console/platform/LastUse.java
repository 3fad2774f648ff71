package dev.nightsafe.console.platform;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.database.console.ApiTokenRepository;
import dev.nightsafe.database.console.ApiTokenRow;
import dev.nightsafe.database.engine.Committer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Records when a token was last used, to the minute, beside the requests: none waits for it. Thread-safe. */
final class LastUse {
    private static final System.Logger LOG = System.getLogger(LastUse.class.getName());
    private static final long MINUTE = 60_000;

    private final Committer committer;
    /** By token id; holds valid tokens only, so it can't be filled from outside. */
    private final ConcurrentMap<String, Long> marked = new ConcurrentHashMap<>();

    LastUse(Committer committer) {
        this.committer = committer;
    }

    void mark(ApiTokenRow token, long now) {
        Long stored = token.lastUsedAt();
        if (stored != null && now - stored < MINUTE) {
            return;
        }
        Long before = marked.put(token.id(), now);
        if (before != null && now - before < MINUTE) {
            marked.put(token.id(), before);
            return;
        }
        Thread.ofVirtual().name("last-use").start(() -> store(token.id(), now));
    }

    private void store(String id, long now) {
        try {
            committer.commit(transaction -> {
                ApiTokenRepository.used(transaction.handle(), id, now);
                return id;
            });
        } catch (NightsafeException e) {
            LOG.log(System.Logger.Level.WARNING, "a token's last use was not recorded: " + e.getMessage());
        }
    }
}
