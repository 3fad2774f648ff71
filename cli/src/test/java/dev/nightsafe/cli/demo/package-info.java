@NullMarked
package dev.nightsafe.cli.demo;

import org.jspecify.annotations.NullMarked;
