package dev.nightsafe.keeper.platform;

import dev.nightsafe.core.access.Gate;
import dev.nightsafe.core.access.Route;
import dev.nightsafe.core.budget.Shares;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.json.Json;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRoute;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One listener's routes: exactly the rows of the permission table, each behind the gate that its row asks for. Everything
 * else is a problem document.
 */
public final class Router {
    private static final System.Logger LOG = System.getLogger(Router.class.getName());
    private static final int SMALL_BODY = BodyBudget.SMALL;
    private static final int LARGE_BODY = 8 << 20;

    private static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
    private static final Header NOT_STORED = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");

    private final List<HttpRoute> routes = new ArrayList<>();
    private final Answering.RunnerGate runnerGate;
    private final ReadDeadlines deadlines;
    private final Budgets budgets;

    /**
     * What a listener's callers have at once.
     *
     * @param bodies large ones
     * @param requests of a runner, parked polls too
     */
    public record Budgets(BodyBudget bodies, Shares requests) {}

    /**
     * @param table the listener's rows
     * @param handlers by {@code METHOD path}, as in the table
     * @throws IllegalArgumentException unless there is exactly one handler for each row, of the kind that its gate needs
     */
    public Router(
            List<Route> table,
            Map<String, Answering> handlers,
            Answering.RunnerGate runnerGate,
            ReadDeadlines deadlines,
            Budgets budgets) {
        this.runnerGate = runnerGate;
        this.deadlines = deadlines;
        this.budgets = budgets;
        Set<String> left = new HashSet<>(handlers.keySet());
        for (Route route : table) {
            String name = route.method() + " " + route.path();
            Answering handler = handlers.get(name);
            if (handler == null || route.gate() instanceof Gate.Runner == handler instanceof Answering.Anyone) {
                throw new IllegalArgumentException("no handler, or one of another kind, for " + name);
            }
            left.remove(name);
            routes.add(httpRoute(route, handler));
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("handlers without a row in the permission table: " + left);
        }
    }

    /** The routes that answer, for the test that walks them. */
    public List<HttpRoute> routes() {
        return List.copyOf(routes);
    }

    /** What a listener is given. */
    HttpRouting.Builder routing() {
        HttpRouting.Builder routing = HttpRouting.builder();
        routes.forEach(routing::route);
        routing.any(this::notRouted);
        return routing;
    }

    private HttpRoute httpRoute(Route route, Answering handler) {
        int maxBody =
                route.gate() instanceof Gate.Runner || route.gate() instanceof Gate.Console ? LARGE_BODY : SMALL_BODY;
        return HttpRoute.builder()
                .methods(Method.create(route.method()))
                .path(route.path())
                .handler((request, response) -> {
                    boolean known = !(route.gate() instanceof Gate.Console)
                            || request.remotePeer().tlsCertificates().isPresent();
                    try (Call call = new Call(request, maxBody, deadlines, budgets.bodies())) {
                        answer(handler, known, call, response);
                    }
                })
                .build();
    }

    private void answer(Answering handler, boolean known, Call call, ServerResponse response) {
        try {
            if (!known) {
                throw new NightsafeException(ProblemCode.UNAUTHENTICATED, "a client certificate is needed here");
            }
            Object body = switch (handler) {
                case Answering.Anyone anyone -> anyone.answer(call);
                case Answering.ForRunner forRunner ->
                    ofCaller(
                            call,
                            caller -> forRunner.answer(call, caller.runner().get()));
                case Answering.ForCaller forCaller -> ofCaller(call, caller -> forCaller.answer(call, caller));
            };
            send(response, body);
        } catch (NightsafeException e) {
            if (e.code() == ProblemCode.INTERNAL) {
                LOG.log(System.Logger.Level.ERROR, "answered 'internal'", e);
            }
            Problems.send(response, e);
        } catch (UncheckedIOException e) {
            // The connection ended while its body was read; there is nobody to answer.
            throw e;
        } catch (RuntimeException e) {
            Problems.send(response, Problems.unexpected(LOG, e));
        }
    }

    private @Nullable Object ofCaller(Call call, Function<Answering.Caller, @Nullable Object> handler) {
        Answering.Caller caller = runnerGate.require(call.bearer().orElse(null));
        call.by(caller.runnerId());
        try (Shares.Share share = budgets.requests().take(caller.runnerId(), 1)) {
            return handler.apply(caller);
        }
    }

    private static void send(ServerResponse response, @Nullable Object body) {
        if (body == null) {
            response.status(204).send();
            return;
        }
        response.header(JSON).header(NOT_STORED).send(Json.write(body));
    }

    private void notRouted(ServerRequest request, ServerResponse response) {
        Set<String> allowed = new TreeSet<>();
        for (HttpRoute route : routes) {
            for (Method method : List.of(Method.GET, Method.POST, Method.DELETE, Method.PUT)) {
                if (route.accepts(io.helidon.http.HttpPrologue.create(
                                "HTTP/1.1",
                                "HTTP",
                                "1.1",
                                method,
                                request.prologue().uriPath(),
                                request.prologue().query(),
                                request.prologue().fragment()))
                        .accepted()) {
                    allowed.add(method.text());
                }
            }
        }
        if (allowed.isEmpty()) {
            Problems.send(
                    response,
                    new NightsafeException(ProblemCode.NOT_FOUND, "there is nothing here; see spec/ for the API"));
        } else {
            response.header(HeaderNames.ALLOW, String.join(", ", allowed));
            Problems.send(
                    response,
                    new NightsafeException(
                            ProblemCode.METHOD_NOT_ALLOWED, "use " + String.join(" or ", allowed) + " here"));
        }
    }
}
