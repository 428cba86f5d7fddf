package io.github.fovea.media;

import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import java.awt.Image;
import java.awt.Rectangle;
import java.awt.image.ColorModel;
import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.awt.image.SampleModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Vector;

/// A picture that exists one band of rows at a time: tiles as wide as the picture, made by a [BandSource] when somebody
/// reads them. Only the latest band is kept, so reading from top to bottom makes each once.
///
/// Reads throw [UncheckedIOException] where the source fails. Not safe for use by several threads.
public final class BandImage implements RenderedImage {
    private final FrameFormat format;
    private final int bandRows;
    private final BandSource source;
    private final ColorModel colors;
    private final SampleModel samples;
    private WritableRaster band;
    private int bandIndex = -1;

    /// Makes the image; no rows are asked for yet.
    ///
    /// @param format   size, layout (grey, grey-alpha, RGB, RGBA) and bit depth (8 or 16)
    /// @param metadata holds the colour profile, which becomes the colour space
    /// @param bandRows rows of a band, at least 1
    /// @param source   makes the rows
    public BandImage(FrameFormat format, PictureMetadata metadata, int bandRows, BandSource source) {
        if (bandRows < 1) {
            throw new IllegalArgumentException("bands of " + bandRows + " rows, wanted at least 1");
        }
        if (format.layout().isYCbCr() || format.bitDepth() != 8 && format.bitDepth() != 16) {
            throw new IllegalArgumentException("format is " + format.layout() + " of " + format.bitDepth()
                    + " bit, wanted grey or RGB of 8 or 16");
        }
        this.format = format;
        this.bandRows = Math.min(bandRows, format.height());
        this.source = Objects.requireNonNull(source, "source");
        this.colors = RasterSamples.colorModel(format, metadata);
        this.samples = colors.createCompatibleSampleModel(format.width(), this.bandRows);
    }

    private Raster band(int index) {
        if (index != bandIndex) {
            int y = index * bandRows;
            int rows = Math.min(bandRows, format.height() - y);
            Frame frame;
            try {
                frame = source.rows(y, rows);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            FrameFormat got = frame.format();
            if (got.width() != format.width() || got.height() != rows || got.layout() != format.layout()
                    || got.bitDepth() != format.bitDepth()) {
                throw new IllegalStateException("rows " + y + " to " + (y + rows) + " came as " + got + ", wanted "
                        + format.withSize(format.width(), rows));
            }
            bandIndex = -1;
            if (band == null || band.getHeight() != rows) {
                band = RasterSamples.raster(format, rows);
            }
            RasterSamples.store(frame, 0, band, colors);
            bandIndex = index;
        }
        return band.createTranslatedChild(0, index * bandRows);
    }

    @Override
    public Raster getData(Rectangle area) {
        int first = area.y / bandRows;
        int last = (area.y + area.height - 1) / bandRows;
        if (area.x < 0 || area.y < 0 || area.width < 1 || area.height < 1
                || area.x + area.width > format.width() || area.y + area.height > format.height()) {
            throw new IllegalArgumentException(area + " leaves the picture of " + format.width() + "x"
                    + format.height());
        }
        if (first == last) {
            return band(first).createChild(area.x, area.y, area.width, area.height, area.x, area.y, null);
        }
        WritableRaster whole = colors.createCompatibleWritableRaster(area.width, area.height)
                .createWritableTranslatedChild(area.x, area.y);
        for (int index = first; index <= last; index++) {
            Raster part = band(index);
            Rectangle shared = area.intersection(part.getBounds());
            whole.setRect(part.createChild(shared.x, shared.y, shared.width, shared.height, shared.x, shared.y, null));
        }
        return whole;
    }

    @Override
    public Raster getData() {
        return getData(new Rectangle(format.width(), format.height()));
    }

    @Override
    public WritableRaster copyData(WritableRaster raster) {
        WritableRaster target = raster == null
                ? colors.createCompatibleWritableRaster(format.width(), format.height()) : raster;
        target.setRect(getData(target.getBounds()));
        return target;
    }

    @Override
    public Raster getTile(int tileX, int tileY) {
        if (tileX != 0 || tileY < 0 || tileY >= getNumYTiles()) {
            throw new IllegalArgumentException("tile (" + tileX + ", " + tileY + "), there are 1 x " + getNumYTiles());
        }
        return getData(new Rectangle(0, tileY * bandRows, format.width(),
                Math.min(bandRows, format.height() - tileY * bandRows)));
    }

    @Override
    public Vector<RenderedImage> getSources() {
        return null;
    }

    @Override
    public Object getProperty(String name) {
        return Image.UndefinedProperty;
    }

    @Override
    public String[] getPropertyNames() {
        return null;
    }

    @Override
    public ColorModel getColorModel() {
        return colors;
    }

    @Override
    public SampleModel getSampleModel() {
        return samples;
    }

    @Override
    public int getWidth() {
        return format.width();
    }

    @Override
    public int getHeight() {
        return format.height();
    }

    @Override
    public int getMinX() {
        return 0;
    }

    @Override
    public int getMinY() {
        return 0;
    }

    @Override
    public int getNumXTiles() {
        return 1;
    }

    @Override
    public int getNumYTiles() {
        return (format.height() + bandRows - 1) / bandRows;
    }

    @Override
    public int getMinTileX() {
        return 0;
    }

    @Override
    public int getMinTileY() {
        return 0;
    }

    @Override
    public int getTileWidth() {
        return format.width();
    }

    @Override
    public int getTileHeight() {
        return bandRows;
    }

    @Override
    public int getTileGridXOffset() {
        return 0;
    }

    @Override
    public int getTileGridYOffset() {
        return 0;
    }
}
