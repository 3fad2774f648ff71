package dev.nightsafe.keeper.tasks;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.task.TaskFields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds results to what their queue's {@code output} said when the task was submitted. */
final class OutputCheck {
    /** How the reason of a task begins whose result didn't fit. */
    static final String INVALID = "output-invalid: ";

    private static final int MOST_FIELDS = 1000;
    private static final int LONGEST_NAME = 128;

    private OutputCheck() {}

    /** As it is kept with each task; null for no fields. Throws {@code BAD_REQUEST}. */
    static @Nullable String store(@Nullable List<InternalApi.OutputField> fields) {
        List<InternalApi.OutputField> given = Encoded.required("output", fields);
        if (given.size() > MOST_FIELDS) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'output' has at most " + MOST_FIELDS + " fields");
        }
        for (InternalApi.OutputField field : given) {
            Encoded.text("output.name", Encoded.required("output", field).name(), LONGEST_NAME);
            Encoded.required("output.types", field.types());
        }
        return given.isEmpty() ? null : new String(Json.write(given), StandardCharsets.UTF_8);
    }

    /** The result as it came, one that its runner withholds too, or the failure that it is when it doesn't fit: another attempt would give the same. */
    static KeeperApi.TaskResult held(@Nullable String output, KeeperApi.TaskResult result) {
        boolean unknown = result.withheld() != null && result.withheld().contains("result");
        if (output == null || unknown || !result.outcome().equals("succeeded")) {
            return result;
        }
        InternalApi.OutputField[] fields =
                Json.read(output.getBytes(StandardCharsets.UTF_8), InternalApi.OutputField[].class);
        return TaskFields.problem(
                        List.of(fields).stream()
                                .map(InternalApi.OutputField::field)
                                .toList(),
                        result.result())
                .map(problem -> new KeeperApi.TaskResult(
                        result.fencing(),
                        "failed",
                        null,
                        INVALID + "the result doesn't fit the queue's output: " + problem,
                        false,
                        result.report(),
                        result.commit(),
                        result.withheld(),
                        null))
                .orElse(result);
    }
}
