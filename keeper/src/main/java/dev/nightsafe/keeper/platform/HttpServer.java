package dev.nightsafe.keeper.platform;

import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The keeper's two listeners, with limits: Helidon's own defaults are unlimited. */
public final class HttpServer implements AutoCloseable {
    private static final String INTERNAL = "internal";
    /** 10,000 runners with two polls each, and some more; fewer where the limit on open files is lower. */
    public static final int MAX_CONNECTIONS = 24_576;

    private static final int MAX_PAYLOAD = 8 << 20;
    /** Thousands may come at once. Linux has no more unless it is told so. */
    private static final int BACKLOG = 4096;

    /** Above the longest poll: a connection that is idle for longer than this is closed after its answer. */
    private static final Duration IDLE = Duration.ofMinutes(2);

    private final WebServer server;

    /**
     * Starts both.
     *
     * @param tls of the runners' listener, null for none
     * @param link of the console's listener; a client certificate is required
     */
    public HttpServer(
            Router runners,
            InetSocketAddress runnersAddress,
            @Nullable SSLContext tls,
            Router internal,
            InetSocketAddress internalAddress,
            SSLContext link,
            ReadDeadlines deadlines) {
        int files = OpenFiles.most();
        int mostRunners = OpenFiles.runners(files);
        int mostInternal = OpenFiles.internal(files);
        server = WebServer.builder()
                .shutdownHook(false)
                .update(builder -> limit(builder, runnersAddress, mostRunners, deadlines))
                .update(builder -> {
                    if (tls != null) {
                        secure(builder, tls, false, deadlines);
                    }
                })
                .routing(runners.routing())
                .putSocket(
                        INTERNAL,
                        ListenerConfig.builder()
                                .name(INTERNAL)
                                .update(builder -> limit(builder, internalAddress, mostInternal, deadlines))
                                .update(builder -> secure(builder, link, true, deadlines))
                                .routing(internal.routing())
                                .build())
                .build();
        server.start();
        if (!server.isRunning()) {
            // Helidon logs why and returns.
            throw new IllegalArgumentException("can't listen on " + runnersAddress + " and " + internalAddress
                    + "; is another keeper running, or are these not this machine's addresses?");
        }
    }

    /** Where the runners' listener is. */
    public int port() {
        return server.port();
    }

    /** Where the console's listener is. */
    public int internalPort() {
        return server.port(INTERNAL);
    }

    /** Stops both; parked polls must have been woken before, they would be interrupted. */
    @Override
    public void close() {
        server.stop();
    }

    private static void limit(
            ListenerConfig.BuilderBase<?, ?> builder, InetSocketAddress address, int most, ReadDeadlines deadlines) {
        builder.address(address.getAddress())
                .port(address.getPort())
                // What comes beyond waits unaccepted until one of the others ends.
                .backlog(BACKLOG)
                .maxTcpConnections(most)
                .maxConcurrentRequests(most)
                .maxPayloadSize(MAX_PAYLOAD)
                .idleConnectionTimeout(IDLE)
                // A parked poll costs a third less, over TLS three quarters, and there a read timeout works.
                .useNio(false)
                .shutdownGracePeriod(Duration.ofMillis(500))
                .protocolsDiscoverServices(false)
                .addConnectionSelector(deadlines.selector())
                .directHandlers(Problems.direct());
    }

    private static void secure(
            ListenerConfig.BuilderBase<?, ?> builder, SSLContext context, boolean mutual, ReadDeadlines deadlines) {
        builder.tls(StrictTls.of(context, mutual, deadlines.silence()));
    }
}
