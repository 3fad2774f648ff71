package dev.nightsafe.keeper.grants;

import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.core.signing.Message;
import dev.nightsafe.protocol.keeper.GrantBundle;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was opened for a minute (I1), so that workers which start together cost one opening. A bundle is found again
 * only for the very same deposits: whether they may be had is decided before, each time. Thread-safe.
 */
public final class OpenedBundles implements AutoCloseable {
    private static final long KEPT_MILLIS = Duration.ofMinutes(1).toMillis();
    /** Of all that is kept; what would be more is opened each time. */
    private static final long MOST_BYTES = 16 << 20;

    private static final int STRIPES = 64;

    private final Function<List<Released>, GrantBundle> opening;
    private final InstantSource clock;
    private final Map<String, Opened> kept = new HashMap<>();
    /** Only one opens a bundle that many ask for at once. */
    private final Object[] stripes =
            IntStream.range(0, STRIPES).mapToObj(_ -> new Object()).toArray();

    private long bytes;
    private boolean closed;

    private record Opened(SecretBytes bundle, long at) {
        /** Also when the clock was set back. */
        boolean isOver(long now) {
            return now - at >= KEPT_MILLIS || now < at;
        }
    }

    /** @param opening gives a bundle that is closed after use, {@link Opening#open} */
    public OpenedBundles(Function<List<Released>, GrantBundle> opening, InstantSource clock) {
        this.opening = opening;
        this.clock = clock;
    }

    /** {@link GrantBundle#encode} of these deposits; the caller closes it. Throws what opening them does. */
    SecretBytes open(List<Released> released) {
        String id = id(released);
        SecretBytes there = kept(id);
        if (there != null) {
            return there;
        }
        synchronized (stripes[Math.floorMod(id.hashCode(), STRIPES)]) {
            SecretBytes meanwhile = kept(id);
            if (meanwhile != null) {
                return meanwhile;
            }
            try (GrantBundle bundle = opening.apply(released)) {
                SecretBytes encoded = bundle.encode();
                keep(id, encoded);
                return encoded;
            }
        }
    }

    /** Wipes what is a minute old. */
    public synchronized void forgetExpired() {
        long now = clock.millis();
        for (Iterator<Opened> all = kept.values().iterator(); all.hasNext(); ) {
            Opened one = all.next();
            if (one.isOver(now)) {
                all.remove();
                wipe(one);
            }
        }
    }

    /** Wipes all: what could be opened before may not be openable any more. */
    public synchronized void forget() {
        kept.values().forEach(this::wipe);
        kept.clear();
    }

    /** Wipes all; nothing is kept from now on. */
    @Override
    public synchronized void close() {
        closed = true;
        forget();
    }

    synchronized int size() {
        return kept.size();
    }

    private synchronized @Nullable SecretBytes kept(String id) {
        Opened found = kept.get(id);
        return found == null || found.isOver(clock.millis())
                ? null
                : found.bundle().copy();
    }

    private synchronized void keep(String id, SecretBytes encoded) {
        forgetExpired();
        if (!closed && bytes + encoded.length() <= MOST_BYTES) {
            bytes += encoded.length();
            kept.put(id, new Opened(encoded.copy(), clock.millis()));
        }
    }

    private void wipe(Opened one) {
        bytes -= one.bundle().length();
        one.bundle().close();
    }

    /** Everything that the console's acceptance is over, and what stands in the database now. */
    private static String id(List<Released> released) {
        Message message = Message.of("nightsafe/opened/1");
        for (Released one : released) {
            message.add(one.vault().workspaceId())
                    .add(one.vault().id())
                    .add(one.vault().name())
                    .add(one.secret().key())
                    .add(one.secret().version())
                    .add(one.secret().isSecret() ? 1 : 0)
                    .add(one.secret().lockId())
                    .add(one.secret().boxHash())
                    .add(one.secret().acceptedMac())
                    .add(one.secret().expiresAt())
                    .add(Digests.sha256(one.secret().box()));
        }
        return Digests.sha256Hex(message.bytes());
    }
}
