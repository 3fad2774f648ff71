@NullMarked
package dev.nightsafe.database.engine;

import org.jspecify.annotations.NullMarked;
