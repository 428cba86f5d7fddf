package io.github.fovea.sample;

import java.awt.geom.Path2D;
import java.util.Map;

/// Letters as strokes on a grid of 4 by 6: system fonts differ from machine to machine, these do not.
final class Lettering {
    private static final Map<Character, String> STROKES = Map.ofEntries(
            Map.entry('A', "06 20 46|14 34"),
            Map.entry('B', "00 06 26 35 44 33 03|00 20 31 32 23"),
            Map.entry('C', "41 30 10 01 05 16 36 45"),
            Map.entry('E', "40 00 06 46|03 33"),
            Map.entry('F', "40 00 06|03 33"),
            Map.entry('H', "00 06|40 46|03 43"),
            Map.entry('I', "20 26"),
            Map.entry('K', "00 06|40 03 46"),
            Map.entry('M', "06 00 23 40 46"),
            Map.entry('N', "06 00 46 40"),
            Map.entry('O', "10 30 41 45 36 16 05 01 10"),
            Map.entry('R', "06 00 30 41 42 33 03|23 46"),
            Map.entry('S', "41 30 10 01 02 13 33 44 45 36 16 05"),
            Map.entry('T', "00 40|20 26"),
            Map.entry('U', "00 05 16 36 45 40"),
            Map.entry('V', "00 26 40"),
            Map.entry('Y', "00 23 40|23 26"));

    private Lettering() {
    }

    /// {@return how wide a text is}
    ///
    /// @param text   capital letters and spaces
    /// @param height the height of a letter
    static double width(String text, double height) {
        return (text.length() * 5.6 - 1.6) * height / 6;
    }

    /// Writes a text.
    ///
    /// @param canvas where
    /// @param text   capital letters and spaces
    /// @param center abscissa of the middle of the text
    /// @param top    ordinate of the tops of the letters
    /// @param height the height of a letter
    /// @param weight the width of the strokes
    /// @param color  0xRRGGBB
    static void write(Canvas canvas, String text, double center, double top, double height, double weight, int color) {
        double unit = height / 6;
        double x = center - width(text, height) / 2;
        for (char letter : text.toCharArray()) {
            if (letter != ' ') {
                Path2D path = new Path2D.Double();
                for (String stroke : STROKES.get(letter).split("\\|")) {
                    boolean first = true;
                    for (String point : stroke.split(" ")) {
                        double px = x + (point.charAt(0) - '0') * unit;
                        double py = top + (point.charAt(1) - '0') * unit;
                        if (first) {
                            path.moveTo(px, py);
                        } else {
                            path.lineTo(px, py);
                        }
                        first = false;
                    }
                }
                canvas.draw(path, weight, color);
            }
            x += 5.6 * unit;
        }
    }
}
