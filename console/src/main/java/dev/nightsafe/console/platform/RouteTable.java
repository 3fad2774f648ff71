package dev.nightsafe.console.platform;

import dev.nightsafe.core.access.Route;
import dev.nightsafe.core.access.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** {@link Routes#CONSOLE}, matched by the same parser as Spring MVC's own mappings, so that the two can't disagree. */
final class RouteTable {
    /** What a request's method and path mean. */
    sealed interface Result {}

    /** @param variables the path's parameters, decoded */
    record Found(Route route, Map<String, String> variables) implements Result {}

    /** @param methods that this path has */
    record OtherMethod(List<String> methods) implements Result {}

    /** No route has this path. */
    record Unknown() implements Result {}

    private record Entry(Route route, PathPattern pattern) {}

    private final List<Entry> entries;

    RouteTable() {
        PathPatternParser parser = PathPatternParser.defaultInstance;
        entries = Routes.CONSOLE.stream()
                .map(route -> new Entry(route, parser.parse(route.path())))
                .toList();
    }

    Result match(String method, PathContainer path) {
        List<String> others = new ArrayList<>();
        for (Entry entry : entries) {
            if (!entry.pattern().matches(path)) {
                continue;
            }
            if (entry.route().method().equals(method)) {
                return new Found(
                        entry.route(),
                        Objects.requireNonNull(entry.pattern().matchAndExtract(path))
                                .getUriVariables());
            }
            others.add(entry.route().method());
        }
        return others.isEmpty() ? new Unknown() : new OtherMethod(others);
    }
}
