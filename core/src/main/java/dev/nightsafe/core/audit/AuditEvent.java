package dev.nightsafe.core.audit;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, before it is chained. Never holds a value, a token or a password. What isn't printable text
 * (control characters, broken surrogates) is replaced by U+FFFD, so that each event can be stored, hashed and shown.
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
        workspaceId = workspaceId == null || workspaceId.isEmpty() ? null : text(workspaceId);
        actor = text(actor);
        action = text(action);
        object = text(object);
        outcome = text(outcome);
        SortedMap<String, String> copy = new TreeMap<>();
        details.forEach((name, value) -> copy.put(text(name), text(value)));
        details = Collections.unmodifiableSortedMap(copy);
    }

    private static String text(String given) {
        StringBuilder out = new StringBuilder(given.length());
        given.codePoints().map(AuditEvent::printable).forEach(out::appendCodePoint);
        return out.toString();
    }

    private static int printable(int codePoint) {
        boolean broken = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        return broken || Character.isISOControl(codePoint) ? 0xfffd : codePoint;
    }
}
