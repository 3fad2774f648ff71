package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.Problem;
import dev.nightsafe.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/** @param headers without the date */
record Answer(int status, Map<String, List<String>> headers, byte[] body) {
    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    <T> T as(Class<T> type) {
        assertThat(status / 100).as(text()).isEqualTo(2);
        return Json.read(body, type);
    }

    <T> T as(TypeReference<T> type) {
        assertThat(status / 100).as(text()).isEqualTo(2);
        return Json.MAPPER.readValue(body, type);
    }

    Problem problem() {
        return Json.read(body, Problem.class);
    }

    /** Asserts that this is a problem with this code and its status. */
    Problem is(ProblemCode code) {
        assertThat(status + " " + text()).startsWith(code.status() + " ").contains("\"" + code.code() + "\"");
        assertThat(headers.get("content-type")).containsExactly(Problem.MEDIA_TYPE);
        assertThat(problem().status()).isEqualTo(status);
        return problem();
    }
}
