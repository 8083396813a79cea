#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace pump::core {

/// 8-bit RGBA, rows from top to bottom, `width * height * 4` bytes, colours sRGB-encoded.
struct Image {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgba;

    std::uint8_t* pixel(int x, int y) {
        return rgba.data() +
               (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) *
                   4;
    }
    const std::uint8_t* pixel(int x, int y) const { return const_cast<Image*>(this)->pixel(x, y); }
};

/// Throws Error(Usage) with path and reason when the file cannot be written.
void writePng(const std::filesystem::path& path, const Image& image);

/// Throws Error(Asset) with path and reason.
Image readPng(const std::filesystem::path& path);

/// How far two pictures of one size are apart.
struct ImageDifference {
    int maximum = 0;       ///< largest channel difference, 0-255
    double meanSquare = 0; ///< mean of squared channel differences
    double outsideShare =
        0; ///< share of pixels outside the other's 3x3 min/max +- 4, the larger of both ways
};

/// Throws Error(Asset) when the sizes differ.
ImageDifference compareImages(const Image& actual, const Image& expected);

/// Per-pixel heat map of the difference (black: equal, red to white: far apart), for failure reports.
Image differenceHeatMap(const Image& actual, const Image& expected);

} // namespace pump::core
