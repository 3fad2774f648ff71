package dev.nightsafe.sdk;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The handlers and the loader of one process. */
final class Program {
    private final Map<String, Route> named = new LinkedHashMap<>();
    private @Nullable Route any;
    private @Nullable Callable<?> loader;
    private @Nullable Object loaded;
    private final Watches watches = new Watches();

    /** A handler, whatever its kind. */
    @FunctionalInterface
    interface Invocation {
        @Nullable
        Object answer(@Nullable Object payload, Task task, @Nullable Object loaded) throws Exception;
    }

    private static final class Route {
        private final Class<?> payload;
        private final Invocation handler;
        private Payloads.Converter converter = (value, place) -> value;

        private Route(Class<?> payload, Invocation handler) {
            this.payload = payload;
            this.handler = handler;
        }
    }

    /** The payload as a handler's class, a primitive one too. */
    @SuppressWarnings({"unchecked", "NullAway"}) // a converter made it: only Object's may give null
    static <P> P cast(Class<P> type, @Nullable Object payload) {
        return type.isPrimitive() ? (P) payload : type.cast(payload);
    }

    /** Adds a handler for a type; null is for every type that has none of its own. */
    void handle(@Nullable String type, Class<?> payload, Invocation handler) {
        Route route = new Route(Objects.requireNonNull(payload, "payload"), handler);
        if (type == null) {
            if (any != null) {
                throw new IllegalStateException("there already is a handler for every type; give this one a type");
            }
            any = route;
            return;
        }
        if (type.isEmpty()) {
            throw new IllegalArgumentException("a task type isn't empty");
        }
        if (named.putIfAbsent(type, route) != null) {
            throw new IllegalStateException("task type '" + type + "' already has a handler");
        }
    }

    Watches watches() {
        return watches;
    }

    void load(Callable<?> loads) {
        loader = loads;
    }

    /** Sees that every payload can be made, then loads. Throws {@link ProgramException}, or what the loader throws. */
    void start() throws Exception {
        if (any == null && named.isEmpty()) {
            throw new ProgramException("the program has no handler; call handle(…) before run()");
        }
        named.values().forEach(route -> route.converter = Payloads.converterFor(route.payload));
        if (any != null) {
            any.converter = Payloads.converterFor(any.payload);
        }
        if (loader != null) {
            loaded = loader.call();
        }
    }

    /** What the task's handler returns. Throws {@link PayloadException}, or whatever the handler throws. */
    @Nullable
    Object answer(@Nullable Object payload, Task task) throws Exception {
        Route route = route(task.type());
        return route.handler.answer(route.converter.convert(payload, "payload"), task, loaded);
    }

    private Route route(String type) {
        Route route = named.getOrDefault(type, any);
        if (route == null && type.isEmpty() && named.size() == 1) {
            route = named.values().iterator().next();
        }
        if (route == null) {
            String asked = type.isEmpty() ? "a task without a type" : "task type '" + Texts.cut(type, 100) + "'";
            throw new PayloadException("no handler for " + asked + "; this program has "
                    + named.keySet().stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ")));
        }
        return route;
    }
}
