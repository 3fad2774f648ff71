package dev.nightsafe.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.Seeds;
import dev.nightsafe.core.queue.Deployment.VaultRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DeploymentTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @Test
    void digests_are_those_of_the_committed_vectors() throws IOException {
        JsonNode vectors = MAPPER.readTree(Files.readString(Path.of("../spec/vectors/deployment-digest.json")));
        assertThat(vectors.get("vectors").size()).isPositive();
        for (JsonNode vector : vectors.get("vectors")) {
            Deployment deployment = Deployment.fromMap(map(vector.get("deployment")));
            assertThat(CanonicalJson.write(deployment.toMap()))
                    .isEqualTo(vector.get("canonical").asString());
            assertThat(deployment.digest()).isEqualTo(vector.get("sha256").asString());
        }
    }

    @Test
    void a_deployment_survives_being_a_map_and_being_json() {
        Seeds.forEach(500, random -> {
            Deployment deployment = deployment(random);
            assertThat(Deployment.fromMap(deployment.toMap())).isEqualTo(deployment);
            Map<String, Object> json = map(MAPPER.readTree(MAPPER.writeValueAsString(deployment.toMap())));
            assertThat(Deployment.fromMap(json)).isEqualTo(deployment);
            assertThat(Deployment.fromMap(json).digest()).isEqualTo(deployment.digest());
        });
    }

    @Test
    void the_order_of_fields_does_not_change_the_digest() {
        Seeds.forEach(500, random -> {
            Deployment deployment = deployment(random);
            assertThat(CanonicalJson.write(shuffled(deployment.toMap(), random)))
                    .isEqualTo(CanonicalJson.write(deployment.toMap()));
        });
    }

    @Test
    void another_deployment_has_another_digest() {
        Seeds.forEach(500, random -> {
            Deployment one = deployment(random);
            Deployment other = deployment(random);
            assertThat(one.digest().equals(other.digest())).isEqualTo(one.equals(other));
        });
    }

    @Test
    void the_order_of_vaults_and_their_ids_change_the_digest() {
        Deployment deployment = deployment(List.of(new VaultRef("a", "1"), new VaultRef("b", "2")));
        assertThat(deployment.digest())
                .isNotEqualTo(deployment(List.of(new VaultRef("b", "2"), new VaultRef("a", "1")))
                        .digest())
                .isNotEqualTo(deployment(List.of(new VaultRef("a", "1"), new VaultRef("b", "3")))
                        .digest());
    }

    @Test
    void a_map_that_is_no_deployment_is_refused() {
        for (String field : deployment(List.of()).toMap().keySet()) {
            Map<String, Object> map = new HashMap<>(deployment(List.of()).toMap());
            map.put(field, Map.of("no", "deployment"));
            assertThatThrownBy(() -> Deployment.fromMap(map)).isInstanceOf(IllegalArgumentException.class);
            map.remove(field);
            assertThatThrownBy(() -> Deployment.fromMap(map)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static Deployment deployment(Random random) {
        QueueDefinition queue =
                QueueYaml.parseOne("q", MAPPER.writeValueAsString(new RandomQueues(random).definition()));
        return queue.deployment();
    }

    private static Deployment deployment(List<VaultRef> vaults) {
        return new Deployment(
                "https://host/a",
                "main",
                "",
                "x",
                Deployment.Mode.ONE_SHOT,
                60,
                false,
                vaults,
                List.of(),
                null,
                Disclosure.USUAL,
                Renewal.USUAL);
    }

    private static Map<String, Object> shuffled(Map<String, Object> map, Random random) {
        List<String> names = new ArrayList<>(map.keySet());
        Collections.shuffle(names, random);
        Map<String, Object> shuffled = new LinkedHashMap<>();
        names.forEach(name -> shuffled.put(name, map.get(name)));
        return shuffled;
    }

    private static Map<String, Object> map(JsonNode node) {
        return MAPPER.convertValue(node, new TypeReference<Map<String, Object>>() {});
    }
}
