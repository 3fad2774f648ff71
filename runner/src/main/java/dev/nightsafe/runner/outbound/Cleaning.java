package dev.nightsafe.runner.outbound;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Redaction and sanitizing together. Values are looked for before, since a rule that replaced a part of one would let the
 * rest pass, and after, since a value that was broken up with control characters is whole once they are gone. Thread-safe.
 */
final class Cleaning {
    private final KnownValues known;
    private final Sanitizer sanitizer;

    Cleaning(KnownValues known, Sanitizer sanitizer) {
        this.known = known;
        this.sanitizer = sanitizer;
    }

    /** A text for people. */
    @Nullable
    String text(@Nullable String text) {
        String redacted = known.clean(text);
        return redacted == null ? null : known.clean(sanitizer.text(redacted));
    }

    /** Texts for people, in JSON. */
    @Nullable
    JsonNode texts(@Nullable JsonNode node) {
        JsonNode redacted = known.clean(node);
        return redacted == null ? null : known.clean(sanitizer.texts(redacted));
    }

    /** Data for programs. */
    @Nullable
    JsonNode data(@Nullable JsonNode node) {
        JsonNode redacted = known.clean(node);
        return redacted == null || !sanitizer.hasRules() ? redacted : known.clean(sanitizer.data(redacted));
    }
}
