package dev.nightsafe.runner.isolation;

import java.nio.file.Path;
import java.util.List;

/**
 * How workers, and the steps that set them up, are kept from the runner, from each other and from the machine. What
 * {@code none} promises ends where a program wants to break it: it can write whatever the runner can.
 */
public sealed interface Isolation extends AutoCloseable permits Unconfined, OwnUser, OwnNamespace {
    /** Who a cell is for. */
    enum Tenant {
        /** Fetches and checks out; runs nothing of a repository. The same identity for a queue each time. */
        GIT,

        /** Installs, which runs code of the repository before anybody consented to it. A new identity each time. */
        SETUP,

        /** Runs the program. A new identity each time. */
        WORKER
    }

    /** As in {@code runner.yaml}: {@code none}, {@code user} or {@code namespace}. */
    String name();

    /** Where code and workers must live, so that they can be reached: {@code wanted}, unless that can't be. */
    Path workersFolder(Path wanted);

    /**
     * A place for one process after another of the same tenant, with an empty home. Its folders are made here.
     *
     * @param area the queue's folder
     * @param readable what the process may read besides the system
     * @param writable folders in the area that the process may change, made when absent
     */
    Cell cell(Path area, Tenant tenant, List<Path> readable, List<Path> writable);

    /**
     * Takes a folder away from the tenant that filled it, after its cell was closed: the queue's cells may read it and
     * none may write it.
     */
    void seal(Path area, Path folder);

    /** Deletes a folder of the area, after ending whoever may still write it. Absent is fine. */
    void discard(Path folder);

    /** True when workers can't reach the cloud's metadata endpoint. */
    boolean keepsFromMetadata();

    /** Takes back what it changed on the machine. */
    @Override
    void close();
}
