@NullMarked
package dev.nightsafe.cli.runner;

import org.jspecify.annotations.NullMarked;
