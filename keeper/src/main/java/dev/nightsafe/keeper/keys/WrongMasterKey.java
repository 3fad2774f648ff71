package dev.nightsafe.keeper.keys;

/** The master key isn't the one that the stored opening keys are wrapped under. */
public final class WrongMasterKey extends RuntimeException {
    private WrongMasterKey(String message) {
        super(message);
    }

    WrongMasterKey(int version) {
        this("the master key is not the one that keys.db was made with (version " + version
                + "): bring back the right key, or start with an empty data folder");
    }

    /** The ring has right keys, but not one of those that are needed. */
    static WrongMasterKey missing(int version, long openingKeys) {
        return new WrongMasterKey("the key ring has no master key of version " + version + ", under which "
                + openingKeys + (openingKeys == 1 ? " opening key is" : " opening keys are")
                + " wrapped: bring back the ring that has it");
    }
}
