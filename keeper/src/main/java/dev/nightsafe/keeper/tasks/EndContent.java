package dev.nightsafe.keeper.tasks;

import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.report.Reports;
import org.jspecify.annotations.Nullable;

/** A result's parts, encrypted before the commit so that the committer's thread needn't. */
final class EndContent {
    final boolean retry;
    private final boolean unfit;
    final @Nullable String commit;
    final byte @Nullable [] result;
    final byte @Nullable [] error;
    final byte @Nullable [] report;

    /** @param said what is taken for what the runner {@code asked} to store */
    EndContent(TaskContent.Of parts, KeeperApi.TaskResult asked, KeeperApi.TaskResult said) {
        retry = said.retry();
        unfit = !said.outcome().equals(asked.outcome());
        commit = said.commit();
        result = parts.json(TaskContent.RESULT, said.result());
        error = parts.text(TaskContent.ERROR, said.error());
        report = parts.json(TaskContent.REPORT, Reports.fitting(said.report()));
    }

    String why() {
        if (unfit) {
            return OutputCheck.INVALID + "its result doesn't fit the queue's output; its error names the field";
        }
        return retry ? "failed at its last attempt" : "failed and asked for no retry";
    }
}
