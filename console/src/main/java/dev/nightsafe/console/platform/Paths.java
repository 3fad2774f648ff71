package dev.nightsafe.console.platform;

/** Beginnings of paths that several resources share; see {@link dev.nightsafe.core.access.Routes}. */
public final class Paths {
    public static final String API = "/api/v1";
    public static final String WORKSPACE = API + "/workspaces/{workspace}";
    public static final String VAULT = WORKSPACE + "/vaults/{vault}";

    private Paths() {}
}
