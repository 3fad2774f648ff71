package dev.nightsafe.e2e;

/** The main job on SQLite, the default. */
class MainJobTest extends MainJobBehaviour {
    @Override
    void prepare() {}
}
