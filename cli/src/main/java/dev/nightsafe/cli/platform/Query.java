package dev.nightsafe.cli.platform;

import dev.nightsafe.protocol.http.ApiClient;
import org.jspecify.annotations.Nullable;

/** A URL's query, {@code ""} while nothing was added. */
public final class Query {
    private final StringBuilder text = new StringBuilder();

    /** Adds a parameter unless it is null. */
    public Query add(String name, @Nullable Object value) {
        if (value != null) {
            text.append(text.isEmpty() ? '?' : '&').append(name).append('=');
            text.append(ApiClient.segment(value.toString()));
        }
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
