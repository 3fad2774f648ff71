package dev.nightsafe.protocol.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.fuzz.Bounds;
import dev.nightsafe.protocol.json.Json;

class ReportFuzzTest {
    @FuzzTest
    void report(byte[] bytes) {
        Bounds.parsed(() -> Json.readTree(bytes), ProblemCode.BAD_REQUEST)
                .flatMap(tree -> Bounds.parsed(() -> Json.write(fitting(tree)), _ -> false))
                .ifPresent(written -> {
                    assertThat(written.length).isLessThanOrEqualTo(Report.MOST_BYTES);
                    assertThat(Json.write(fitting(Json.readTree(written)))).isEqualTo(written);
                });
    }

    private static Object fitting(tools.jackson.databind.JsonNode tree) {
        var fitting = Reports.fitting(tree);
        return fitting == null ? Json.MAPPER.nullNode() : fitting;
    }
}
