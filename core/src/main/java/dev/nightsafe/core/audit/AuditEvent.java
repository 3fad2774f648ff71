package dev.nightsafe.core.audit;

import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, before it is chained. Never holds a value, a token or a password.
 *
 * @param workspaceId null for what concerns no workspace
 * @param actor who: {@code token:<id>}, {@code runner:<id>}, {@code local:<user>}, {@code console}, {@code anonymous}
 * @param action what, for example {@code secret.deposit}
 * @param object on what, for example {@code vault:<id>/OPENAI_API_KEY}
 * @param outcome {@code ok}, or a problem code
 * @param details names, versions, commits; sorted
 */
public record AuditEvent(
        @Nullable String workspaceId,
        String actor,
        String action,
        String object,
        String outcome,
        SortedMap<String, String> details) {

    public AuditEvent {
        details = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(details));
    }
}
