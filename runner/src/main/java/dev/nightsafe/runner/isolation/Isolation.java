package dev.nightsafe.runner.isolation;

import java.nio.file.Path;
import java.util.List;

/** How workers, and the steps that set them up, are kept from the runner, from each other and from the machine. */
public sealed interface Isolation extends AutoCloseable permits Unconfined, OwnUser, OwnNamespace {
    /** As in {@code runner.yaml}: {@code none}, {@code user} or {@code namespace}. */
    String name();

    /** Where code and workers must live, so that they can be reached: {@code wanted}, unless that can't be. */
    Path workersFolder(Path wanted);

    /**
     * A place for one process after another of the same tenant. Its folders are made here.
     *
     * @param area the queue's folder
     * @param tenant 0 for setup (git, pip), from 1 for workers
     * @param readable what the process may read besides the system
     * @param writable folders that the process may change, made when absent
     */
    Cell cell(Path area, int tenant, List<Path> readable, List<Path> writable);

    /** True when workers can't reach the cloud's metadata endpoint. */
    boolean keepsFromMetadata();

    /** Takes back what it changed on the machine. */
    @Override
    void close();
}
