package dev.nightsafe.database.console;

/** @param createdAt milliseconds since 1970 */
public record WorkspaceRow(String id, String name, long createdAt) {}
