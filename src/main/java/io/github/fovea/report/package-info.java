/// Level 8: one self-contained HTML page of figures, charts and pictures. Sections come in, a file goes out.
package io.github.fovea.report;
