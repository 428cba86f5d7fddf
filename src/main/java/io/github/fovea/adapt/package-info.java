/// Level 6: keeping a frame rate while the machine's free processors and memory change. Takes operating points with
/// their costs, measured frame times and what the machine reports, gives the point of the next frame. Knows neither
/// frames nor networks; all times come from the caller, so that a virtual clock tests it.
package io.github.fovea.adapt;
