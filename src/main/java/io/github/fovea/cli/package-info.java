/// Level 10: the command line. Commands parse options, call the public interface and `train`, and print: data on
/// standard output, messages and progress on standard error. Only this package prints and ends the JVM.
package io.github.fovea.cli;
