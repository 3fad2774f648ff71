package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.nightsafe.core.access.Route;
import dev.nightsafe.core.access.Routes;
import dev.nightsafe.protocol.Problem;
import dev.nightsafe.protocol.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code spec/console-api.yaml}, and whether an answer keeps to it. */
final class Spec {
    static final Path FILE = Path.of("..", "spec", "console-api.yaml");

    private static final Spec INSTANCE = new Spec();

    private final JsonNode root;
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();

    private Spec() {
        try {
            root = Json.MAPPER.valueToTree(
                    new Load(LoadSettings.builder().build()).loadFromString(Files.readString(FILE)));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Spec get() {
        return INSTANCE;
    }

    /** {@code GET /path} of each operation. */
    List<String> operations() {
        return root.get("paths")
                .propertyStream()
                .flatMap(path -> path.getValue()
                        .propertyStream()
                        .map(Map.Entry::getKey)
                        .filter(name -> !name.equals("parameters"))
                        .map(method -> method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey()))
                .toList();
    }

    /** The route of a request line, or empty for what no route is. */
    static Optional<Route> route(String method, String path) {
        String bare = path.replaceFirst("\\?.*", "");
        return Routes.CONSOLE.stream()
                .filter(route -> route.method().equals(method)
                        && bare.matches(route.path().replaceAll("\\{[a-z]+}", "[^/]+")))
                .findFirst();
    }

    /** Throws unless the answer is one that the description has for this route. */
    void check(String method, String path, Answer answer) {
        if (method.equals("HEAD")) {
            return;
        }
        Optional<Route> route = route(method, path);
        if (answer.status() >= 400) {
            checkProblem(route, answer);
        } else {
            checkSuccess(route.orElseThrow(), answer);
        }
    }

    private void checkProblem(Optional<Route> route, Answer answer) {
        assertThat(answer.headers().get("content-type")).containsExactly(Problem.MEDIA_TYPE);
        assertThat(errors(root.at("/components/schemas/Problem"), Json.readTree(answer.body())))
                .isEmpty();
        Stream<JsonNode> common = root.get("x-common-problems").valueStream();
        Stream<JsonNode> own = route.map(this::operation)
                .map(operation -> operation.path("x-problems").valueStream())
                .orElseGet(Stream::empty);
        assertThat(Stream.concat(common, own).map(JsonNode::stringValue))
                .as("the problems of " + route)
                .contains(answer.problem().code());
    }

    private void checkSuccess(Route route, Answer answer) {
        JsonNode response = operation(route).path("responses").path(Integer.toString(answer.status()));
        assertThat(response.isObject())
                .as(route + " answers " + answer.status())
                .isTrue();
        JsonNode content = response.path("content");
        if (content.isMissingNode()) {
            assertThat(answer.body()).isEmpty();
            return;
        }
        String mediaType = content.propertyNames().iterator().next();
        assertThat(answer.headers().get("content-type")).containsExactly(mediaType);
        if (mediaType.endsWith("json")) {
            assertThat(errors(content.get(mediaType).get("schema"), Json.readTree(answer.body())))
                    .as(answer.text())
                    .isEmpty();
        }
    }

    private JsonNode operation(Route route) {
        return root.get("paths").get(route.path()).get(route.method().toLowerCase(java.util.Locale.ROOT));
    }

    private List<String> errors(JsonNode schema, JsonNode instance) {
        return schemas.computeIfAbsent(schema, this::compile).validate(instance).stream()
                .map(Object::toString)
                .toList();
    }

    private Schema compile(JsonNode schema) {
        ObjectNode whole = ((ObjectNode) schema).deepCopy();
        whole.set("components", root.get("components"));
        return registry.getSchema(whole);
    }
}
