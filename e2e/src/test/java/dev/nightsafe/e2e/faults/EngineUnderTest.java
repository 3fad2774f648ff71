package dev.nightsafe.e2e.faults;

/** Where console and keeper store. */
enum EngineUnderTest {
    SQLITE,
    POSTGRESQL
}
