package dev.nightsafe.keeper.tasks;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.report.Reports;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A result's parts, encrypted before the commit so that the committer's thread needn't. */
final class EndContent {
    final boolean retry;
    private final boolean unfit;
    final @Nullable String commit;
    final byte @Nullable [] result;
    final byte @Nullable [] error;
    final byte @Nullable [] report;
    final @Nullable String withheld;

    /** @param said what is taken for what the runner {@code asked} to store */
    EndContent(TaskContent.Of parts, KeeperApi.TaskResult asked, KeeperApi.TaskResult said) {
        retry = said.retry();
        unfit = !said.outcome().equals(asked.outcome());
        commit = said.commit();
        result = parts.json(TaskContent.RESULT, said.result());
        error = parts.text(TaskContent.ERROR, said.error());
        report = parts.json(TaskContent.REPORT, Reports.fitting(said.report()));
        withheld = withheld(said.withheld());
    }

    private static @Nullable String withheld(@Nullable List<String> names) {
        if (names == null || names.isEmpty()) {
            return null;
        }
        if (!KeeperApi.TaskResult.WITHHOLDABLE.containsAll(names)) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'withheld' has a name that isn't known");
        }
        return names.stream().distinct().sorted().collect(Collectors.joining(","));
    }

    String why() {
        if (unfit) {
            return OutputCheck.INVALID + "its result doesn't fit the queue's output; its error names the field";
        }
        return retry ? "failed at its last attempt" : "failed and asked for no retry";
    }
}
