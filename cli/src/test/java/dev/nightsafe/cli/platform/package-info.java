@NullMarked
package dev.nightsafe.cli.platform;

import org.jspecify.annotations.NullMarked;
