/// Level 5: which part of a frame takes which path. A frame's luma (or a route map that came with the video) and the
/// description of a dynamic model come in, the path of every cell and rectangles of cells of one path go out.
package io.github.fovea.route;
