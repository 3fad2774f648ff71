package dev.nightsafe.keeper.platform;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Closes connections that are too slow: Helidon has no read timeout, so a client that sends nothing, half a header or half
 * a body would stay for good. {@link #closeOverdue} has to be called about once a second. Thread-safe.
 */
public final class ReadDeadlines implements Http1ConnectionListener {
    /** Until a connection's bytes are noticed, until its thread is woken, and one more. */
    private static final int TURNS = 3;

    private final long headerNanos;
    private final long bodyNanos;
    private final Duration silence;
    private final Map<String, Deadline> byConnection = new ConcurrentHashMap<>();

    private static final class Deadline {
        private final ServerConnection connection;
        private volatile boolean armed = true;
        private volatile long at;
        private volatile boolean isLookedAt;

        private Deadline(ServerConnection connection, long at) {
            this.connection = connection;
            this.at = at;
        }

        private boolean isOver() {
            return armed && System.nanoTime() - at >= 0;
        }

        private void arm(long nanos) {
            at = System.nanoTime() + nanos;
            armed = true;
        }
    }

    /**
     * @param header from the connection's start, or from a request's first line, to the end of its headers
     * @param body from there to the end of the body
     * @param silence in the middle of a TLS handshake, or between two requests over TLS; longer than clients keep idle
     *     connections
     */
    public ReadDeadlines(Duration header, Duration body, Duration silence) {
        this.silence = silence;
        this.headerNanos = header.toNanos();
        this.bodyNanos = body.toNanos();
    }

    /** Closes what is overdue, soon. */
    public void closeOverdue() {
        for (Deadline deadline : byConnection.values()) {
            if (deadline.isOver() && !deadline.isLookedAt) {
                deadline.isLookedAt = true;
                Thread.ofVirtual().start(() -> closeInTurn(deadline));
            }
        }
    }

    /**
     * Behind everything that can run now: a request that is there and waits for a processor, as when thousands come at once
     * after an outage, is read first. That is not the client's slowness.
     */
    @SuppressWarnings("ThreadPriorityCheck") // to give way is all that it is for; nothing depends on it
    private static void closeInTurn(Deadline deadline) {
        for (int turn = 0; turn < TURNS; turn++) {
            Thread.yield();
        }
        if (deadline.isOver()) {
            deadline.armed = false;
            deadline.connection.close(true);
        }
        deadline.isLookedAt = false;
    }

    Duration silence() {
        return silence;
    }

    void bodyIsRead(String connection) {
        Deadline deadline = byConnection.get(connection);
        if (deadline != null) {
            deadline.armed = false;
        }
    }

    @Override
    public void prologue(ConnectionContext ctx, HttpPrologue prologue) {
        arm(ctx, headerNanos);
    }

    @Override
    public void headers(ConnectionContext ctx, Headers headers) {
        if (headers.contains(HeaderNames.CONTENT_LENGTH) || headers.contains(HeaderNames.TRANSFER_ENCODING)) {
            arm(ctx, bodyNanos);
        } else {
            bodyIsRead(ctx.childSocketId());
        }
    }

    private void arm(ConnectionContext ctx, long nanos) {
        Deadline deadline = byConnection.get(ctx.childSocketId());
        if (deadline != null) {
            deadline.arm(nanos);
        }
    }

    /** HTTP/1.1 whose connections are watched. */
    ServerConnectionSelector selector() {
        Http1ConnectionSelector http1 = Http1ConnectionSelector.builder()
                .config(Http1Config.builder().addReceiveListener(this).build())
                .build();
        return new ServerConnectionSelector() {
            @Override
            public int bytesToIdentifyConnection() {
                return http1.bytesToIdentifyConnection();
            }

            @Override
            public Support supports(BufferData data) {
                return http1.supports(data);
            }

            @Override
            public Set<String> supportedApplicationProtocols() {
                return http1.supportedApplicationProtocols();
            }

            @Override
            public ServerConnection connection(ConnectionContext ctx) {
                return watch(ctx.childSocketId(), http1.connection(ctx));
            }
        };
    }

    private ServerConnection watch(String id, ServerConnection connection) {
        byConnection.put(id, new Deadline(connection, System.nanoTime() + headerNanos));
        return new ServerConnection() {
            @Override
            public void handle(Limit limit) throws InterruptedException {
                try {
                    connection.handle(limit);
                } finally {
                    byConnection.remove(id);
                }
            }

            @Override
            public Duration idleTime() {
                return connection.idleTime();
            }

            @Override
            public void close(boolean interrupt) {
                connection.close(interrupt);
            }
        };
    }
}
