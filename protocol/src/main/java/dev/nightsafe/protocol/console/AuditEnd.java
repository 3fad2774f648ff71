package dev.nightsafe.protocol.console;

import dev.nightsafe.core.audit.SignedHead;

/** The last line of a chain in an export: the last of its events, which is signed. */
public record AuditEnd(SignedHead end) {}
