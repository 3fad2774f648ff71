package dev.nightsafe.keeper.platform;

import dev.nightsafe.core.budget.Shares;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.json.Json;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request, as a handler sees it. */
public final class Call implements AutoCloseable {
    private static final String BEARER = "Bearer ";

    private final ServerRequest request;
    private final int maxBody;
    private final ReadDeadlines deadlines;
    private final BodyBudget budget;
    private Shares.@Nullable Share share;
    private String caller = "";

    Call(ServerRequest request, int maxBody, ReadDeadlines deadlines, BodyBudget budget) {
        this.request = request;
        this.maxBody = maxBody;
        this.deadlines = deadlines;
        this.budget = budget;
    }

    /** Says who calls, before the body is read. */
    void by(String who) {
        caller = who;
    }

    /** A parameter of the path. */
    public String path(String name) {
        return request.path().pathParameters().get(name);
    }

    /** A parameter of the query that may be left out. Throws {@link ProblemCode#BAD_REQUEST} when it stands twice. */
    public Optional<String> query(String name) {
        List<String> values = request.query().contains(name) ? request.query().all(name) : List.of();
        if (values.size() > 1) {
            throw bad("'" + name + "' stands twice in the query");
        }
        return values.stream().filter(value -> !value.isEmpty()).findFirst();
    }

    /** A parameter of the query. Throws {@link ProblemCode#BAD_REQUEST} when it is missing. */
    public String requiredQuery(String name) {
        return query(name).orElseThrow(() -> bad("'" + name + "' is missing in the query"));
    }

    /** A number of the query. Throws {@link ProblemCode#BAD_REQUEST} when it is none or out of range. */
    public long number(String name, long least, long most, long otherwise) {
        Optional<String> value = query(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // falls through: the same answer
        }
        throw bad("'" + name + "' must be a number from " + least + " to " + most);
    }

    /** The JSON body. Throws {@link ProblemCode#BAD_REQUEST} or {@link ProblemCode#BODY_TOO_LARGE}. */
    public <T> T body(Class<T> type) {
        return Json.read(bytes(), type);
    }

    /** The token of an {@code Authorization: Bearer} header. */
    Optional<String> bearer() {
        return request.headers()
                .first(HeaderNames.AUTHORIZATION)
                .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(value -> value.substring(BEARER.length()));
    }

    private byte[] bytes() {
        if (!request.content().hasEntity()) {
            throw bad("a JSON body is missing");
        }
        long declared = request.headers().contentLength().orElse(maxBody);
        share = budget.take(caller, Math.min(declared, maxBody));
        try (InputStream in = request.content().inputStream()) {
            // Where the length isn't known, it is read in pieces of 16 KB.
            byte[] bytes = in.readNBytes((int) Math.min(declared, maxBody) + 1);
            if (bytes.length > maxBody) {
                throw new NightsafeException(
                        ProblemCode.BODY_TOO_LARGE, "the body is larger than " + maxBody + " bytes");
            }
            deadlines.bodyIsRead(request.socketId());
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NightsafeException e) {
            throw e;
        } catch (RuntimeException e) {
            // The server's own exceptions for a connection that ended; which one depends on where it was.
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /** Gives back what its body held. */
    @Override
    public void close() {
        if (share != null) {
            share.close();
        }
    }

    private static NightsafeException bad(String message) {
        return new NightsafeException(ProblemCode.BAD_REQUEST, message);
    }
}
