package io.github.fovea.pipeline;

import io.github.fovea.adapt.FrameWatch;
import io.github.fovea.adapt.OperatingPoint;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.model.TexturePoint;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.route.Grid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Lock;

/// Points that send every texture class of a frame down a path of its own.
final class TexturedFrames implements PointStage {
    private final FrameFormat input;
    private final RoutedNetwork network;
    private final RoutedFrameUpscaler stage;
    private final byte[] usualClasses;
    /// Cost of an LR pixel on each path: in nanoseconds once measured, in multiply-adds before.
    private final double[] perPixel;
    private final Frame blank;
    private final Frame scratch;
    private byte[][] maps;
    private double[] usualCost;

    /// Prepares all paths.
    ///
    /// @param input   format of the frames that come
    /// @param width   output width
    /// @param height  output height
    /// @param ladder  paths and points
    /// @param workers the threads that do it
    TexturedFrames(FrameFormat input, int width, int height, TextureLadder ladder, Workers workers) {
        this.input = input;
        network = ladder.network();
        stage = new RoutedFrameUpscaler(input, width, height, network, ladder.routes(), ResampleKernel.BICUBIC,
                workers);
        usualClasses = landscape(stage.grid(), ladder.shares());
        blank = Frame.allocate(input);
        scratch = Frame.allocate(stage.output());
        perPixel = new double[network.paths()];
        // Until they are measured.
        long[] macs = network.macs();
        for (int path = 0; path < macs.length; path++) {
            perPixel[path] = 1 + macs[path];
        }
        network.warmUp();
    }

    /// {@return the class of every cell of a frame with given shares of classes, in patches as nature has them: a
    /// smooth field, cut at its quantiles}
    ///
    /// @param grid   the cells
    /// @param shares share of each class
    static byte[] landscape(Grid grid, List<Double> shares) {
        int cells = grid.cells().size();
        int across = grid.columns();
        List<Integer> order = new ArrayList<>();
        double[] field = new double[cells];
        for (int cell = 0; cell < cells; cell++) {
            double x = (cell % across + 0.5) / across;
            double y = (cell / across + 0.5) / grid.rows();
            field[cell] = Math.cos(7 * x + 2 * y) + Math.cos(3 * x - 8 * y + 1) + 0.7 * Math.cos(17 * x + 5 * y + 2)
                    + 0.7 * Math.cos(6 * x - 19 * y + 3) + 0.4 * Math.cos(31 * x + 27 * y);
            order.add(cell);
        }
        order.sort(Comparator.comparingDouble(cell -> field[cell]));
        byte[] classes = new byte[cells];
        double below = 0;
        int next = 0;
        for (int c = 0; c < shares.size(); c++) {
            below += shares.get(c);
            int end = c == shares.size() - 1 ? cells : (int) Math.round(below * cells);
            for (; next < end; next++) {
                classes[order.get(next)] = (byte) c;
            }
        }
        return classes;
    }

    /// Measures paths and points.
    ///
    /// @param points the points
    /// @param turn   held for every run by itself, so that other sessions go on meanwhile
    /// @return them as they cost on this machine, for a frame with the usual shares of classes
    List<OperatingPoint> measure(List<TexturePoint> points, Lock turn) {
        List<byte[]> maps = new ArrayList<>();
        for (int path = 0; path < perPixel.length; path++) {
            byte[] one = new byte[network.classes()];
            Arrays.fill(one, (byte) path);
            maps.add(one);
        }
        points.forEach(point -> maps.add(map(point)));
        long[] nanos = PointTimes.measure(maps.stream().<Runnable>map(map -> () -> {
            stage.take(map);
            stage.pretend(blank, usualClasses);
            stage.enlarge(scratch, null);
        }).toList(), turn);
        double pixels = (double) input.width() * input.height();
        for (int path = 0; path < perPixel.length; path++) {
            perPixel[path] = nanos[path] / pixels;
        }
        double[] macs = Arrays.stream(network.macs()).asDoubleStream().toArray();
        long[] pathBytes = stage.pathBytes();
        List<OperatingPoint> measured = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            // Halos counted.
            double macsPerPixel = stage.cost(map(points.get(i)), macs) / pixels;
            long bytes = points.get(i).paths().stream().mapToLong(path -> pathBytes[path]).max().orElseThrow();
            measured.add(new OperatingPoint(points.get(i).name(), Math.round(macsPerPixel), bytes, points.get(i).psnr(),
                    nanos[perPixel.length + i]));
        }
        return measured;
    }

    private static byte[] map(TexturePoint point) {
        byte[] map = new byte[point.paths().size()];
        for (int c = 0; c < map.length; c++) {
            map[c] = point.paths().get(c).byteValue();
        }
        return map;
    }

    /// Numbers the points as the ladder does.
    ///
    /// @param points the points in order
    void number(List<TexturePoint> points) {
        maps = points.stream().map(TexturedFrames::map).toArray(byte[][]::new);
        usualCost = new double[maps.length];
        stage.pretend(blank, usualClasses);
        for (int i = 0; i < maps.length; i++) {
            usualCost[i] = stage.cost(maps[i], perPixel);
        }
    }

    @Override
    public FrameFormat output() {
        return stage.output();
    }

    @Override
    public void seek(int frame) {
        stage.seek(frame);
    }

    @Override
    public void look(Frame from) {
        stage.look(from);
    }

    @Override
    public double content(int point) {
        return stage.cost(maps[point], perPixel) / usualCost[point];
    }

    @Override
    public void upscale(Frame from, Frame to, int point, FrameWatch watch) {
        stage.take(maps[point]);
        stage.enlarge(to, watch);
    }

    @Override
    public void limitMemory(double share) {
        stage.limitRectangles(share);
    }
}
