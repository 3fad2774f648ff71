package dev.nightsafe.console.platform;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.AbstractProcessor;
import org.apache.coyote.Constants;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 whose clients have so long for a request's line and headers together. Tomcat's own timeout begins anew with each
 * byte, so that one byte now and then would keep a connection for hours.
 */
public final class PromptHeaders extends Http11NioProtocol {
    private static final Duration LONGEST = Duration.ofSeconds(20);
    /** Where a request is while its headers are incomplete: in the middle of reading them, or waiting for more. */
    private static final Set<Integer> READING = Set.of(Constants.STAGE_PARSE, Constants.STAGE_ENDED);

    private final Duration longest;
    private @Nullable ScheduledFuture<?> watching;

    /** As the factory of web servers makes it. */
    public PromptHeaders() {
        this(LONGEST);
    }

    /** @param longest from a request's first byte to the end of its headers */
    PromptHeaders(Duration longest) {
        this.longest = longest;
    }

    @Override
    public void start() throws Exception {
        super.start();
        long every = Math.min(1000, longest.toMillis());
        watching = getUtilityExecutor().scheduleWithFixedDelay(this::closeOverdue, every, every, TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() throws Exception {
        if (watching != null) {
            watching.cancel(false);
        }
        super.stop();
    }

    private void closeOverdue() {
        for (SocketWrapperBase<?> connection : getEndpoint().getConnections()) {
            if (connection.getCurrentProcessor() instanceof AbstractProcessor processor
                    && isOverdue(processor.getRequest())) {
                connection.close();
            }
        }
    }

    private boolean isOverdue(Request request) {
        long begun = request.getStartTimeNanos();
        return begun >= 0
                && READING.contains(request.getRequestProcessor().getStage())
                && System.nanoTime() - begun > longest.toNanos();
    }
}
