package dev.nightsafe.cli.platform;

/** What {@code -o} takes. */
public enum OutputFormat {
    TABLE,
    JSON;

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
