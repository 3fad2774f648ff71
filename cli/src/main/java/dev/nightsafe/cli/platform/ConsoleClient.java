package dev.nightsafe.cli.platform;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.yaml.Faults;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.http.ApiClient;
import dev.nightsafe.protocol.json.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;

/** The console's API, in one workspace, as one token. Failures are {@code NightsafeException}s. Thread-safe. */
public final class ConsoleClient implements AutoCloseable {
    private static final String API = "/api/v1/";
    private static final Pattern SEGMENT = Pattern.compile("(?!\\.)[A-Za-z0-9._-]{1,128}");

    private final ApiClient api;
    private final String workspace;

    public ConsoleClient(URI server, String workspace, String token) {
        this.api = new ApiClient(server, null, null, () -> Optional.of(token));
        this.workspace = workspace;
    }

    public ConsoleApi.Status status() {
        return api.get(API + "status", ConsoleApi.Status.class);
    }

    public ConsoleApi.WhoAmI whoami() {
        return api.get(API + "whoami", ConsoleApi.WhoAmI.class);
    }

    public List<ConsoleApi.Workspace> workspaces() {
        return items(API + "workspaces", ConsoleApi.Workspace.class);
    }

    public ConsoleApi.Workspace createWorkspace(String name) {
        return api.post(API + "workspaces", new ConsoleApi.NewWorkspace(name), ConsoleApi.Workspace.class);
    }

    /** One thing of the workspace; {@code segments} are encoded and joined by {@code /}. */
    public <T> T get(Class<T> type, String... segments) {
        return api.get(path(segments), type);
    }

    /** As {@link #get}, with a query such as {@code ?wait=20}, which makes the server take up to {@code wait}. */
    public <T> T get(Class<T> type, Duration wait, String query, String... segments) {
        return api.call("GET", path(segments) + query, null, type, wait);
    }

    /** Things of the workspace. */
    public <T> List<T> list(Class<T> type, String query, String... segments) {
        return items(path(segments) + query, type);
    }

    public <T> T post(Object body, Class<T> type, String... segments) {
        return api.post(path(segments), body, type);
    }

    public <T> T put(Object body, Class<T> type, String... segments) {
        return api.put(path(segments), body, type);
    }

    /** A POST without a body. */
    public <T> T post(Class<T> type, String... segments) {
        return api.call("POST", path(segments), null, type, Duration.ZERO);
    }

    public void delete(String... segments) {
        api.delete(path(segments));
    }

    public void deleteWith(String query, String... segments) {
        api.delete(path(segments) + query);
    }

    /**
     * Server-sent events, each a record; see {@link ApiClient#lines}.
     *
     * @param event gets each event's name and content, and says whether it wants more
     */
    public <T> boolean events(Class<T> type, Duration limit, BiPredicate<String, T> event, String... segments) {
        String[] name = {""};
        return api.lines(path(segments), limit, line -> {
            if (line.startsWith("event: ")) {
                name[0] = line.substring("event: ".length());
            }
            return !line.startsWith("data: ")
                    || event.test(
                            name[0],
                            Json.read(line.substring("data: ".length()).getBytes(StandardCharsets.UTF_8), type));
        });
    }

    private <T> List<T> items(String path, Class<T> type) {
        byte[] body = api.send("GET", path, null, Duration.ZERO);
        JavaType items = Json.MAPPER.getTypeFactory().constructParametricType(ConsoleApi.Items.class, type);
        try {
            ConsoleApi.Items<T> read = Json.MAPPER.readValue(body, items);
            return read.items();
        } catch (JacksonException e) {
            throw Json.unreadable(e);
        }
    }

    private String path(String... segments) {
        StringBuilder path = new StringBuilder(API).append("workspaces/").append(requireSegment(workspace));
        for (String segment : segments) {
            path.append('/').append(requireSegment(segment));
        }
        return path.toString();
    }

    /** Names, keys and ids are ASCII without a slash: what looks like one but isn't is said, rather than not found. */
    private static String requireSegment(String segment) {
        if (!SEGMENT.matcher(segment).matches()) {
            throw new NightsafeException(
                    ProblemCode.INVALID_NAME,
                    Faults.quoted(segment)
                            + " can't be the name of anything; names have ASCII letters, digits, '.', '_' and '-' only");
        }
        return segment;
    }

    @Override
    public void close() {
        api.close();
    }
}
