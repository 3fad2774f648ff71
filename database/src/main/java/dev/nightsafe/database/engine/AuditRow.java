package dev.nightsafe.database.engine;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.audit.SignedEvent;
import dev.nightsafe.core.queue.CanonicalJson;
import dev.nightsafe.core.signing.Ed25519;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A row of {@code audit_event}: an event as it stands there, intact or not. */
record AuditRow(ChainedEvent event, byte @Nullable [] signature) {
    static final String COLUMNS =
            "chain, seq, at, workspace_id, actor, action, object, outcome, details, previous, hash, signature";

    private static final JsonFactory JSON = new JsonFactory();

    static AuditRow read(ResultSet row) throws SQLException {
        AuditEvent event = new AuditEvent(
                row.getString("workspace_id"),
                row.getString("actor"),
                row.getString("action"),
                row.getString("object"),
                row.getString("outcome"),
                details(row.getString("details")));
        ChainedEvent chained = new ChainedEvent(
                row.getString("chain"),
                row.getLong("seq"),
                row.getLong("at"),
                event,
                row.getString("previous"),
                row.getString("hash"));
        return new AuditRow(chained, row.getBytes("signature"));
    }

    SignedEvent signed() {
        return new SignedEvent(event, signature);
    }

    boolean isSignedBy(Ed25519.PublicKey key) {
        return event.isIntact() && signature != null && key.verifies(event.signedMessage(), signature);
    }

    /** What isn't exactly as the committer writes it is kept as it stands, under a name that makes the hash wrong. */
    private static SortedMap<String, String> details(String json) {
        SortedMap<String, String> details = new TreeMap<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                details.put(parser.currentName(), parser.nextStringValue());
            }
        } catch (JacksonException | NullPointerException e) {
            details.clear();
        }
        if (!CanonicalJson.write(details).equals(json)) {
            details.clear();
            details.put("unreadable", json);
        }
        return details;
    }
}
