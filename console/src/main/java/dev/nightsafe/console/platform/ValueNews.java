package dev.nightsafe.console.platform;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.DisposableBean;
import tools.jackson.core.type.TypeReference;

/**
 * Tells the keeper which vaults have new values, so that workers that wait for them needn't until it looks by itself. Best
 * effort, and never in the way of whoever deposits: one call at a time, which takes along all that came meanwhile. Thread-safe.
 */
public final class ValueNews implements DisposableBean {
    private static final System.Logger LOG = System.getLogger(ValueNews.class.getName());
    private static final int MOST = 1000;
    /** Between two calls: a flood of deposits costs little, and the first of them is told at once. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Keeper keeper;
    private final Set<String> vaults = new LinkedHashSet<>();
    private boolean telling;
    private boolean closed;

    public ValueNews(Keeper keeper) {
        this.keeper = keeper;
    }

    /** After the commit. Returns at once. */
    public synchronized void of(String vaultId) {
        if (closed || (vaults.size() >= MOST && !vaults.contains(vaultId))) {
            return; // the keeper looks by itself within a second
        }
        vaults.add(vaultId);
        if (!telling) {
            telling = true;
            Thread.ofVirtual().name("news for the keeper").start(this::tell);
        }
    }

    private void tell() {
        for (List<String> next = next(); !next.isEmpty(); next = next()) {
            try {
                keeper.post(
                        "/internal/v1/new-values",
                        new InternalApi.NewValues(next),
                        new TypeReference<InternalApi.Count>() {});
            } catch (NightsafeException e) {
                LOG.log(System.Logger.Level.DEBUG, "the keeper wasn''t told of new values: {0}", e.getMessage());
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "telling the keeper of new values failed", e);
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized List<String> next() {
        List<String> next = List.copyOf(vaults);
        vaults.clear();
        telling = !next.isEmpty();
        return next;
    }

    @Override
    public synchronized void destroy() {
        closed = true;
        vaults.clear();
    }
}
