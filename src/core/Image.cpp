#include "core/Image.h"

#include "core/Error.h"

#include <stb/stb_image.h>
#include <stb/stb_image_write.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace pump::core {
namespace {

void requireSameSize(const Image& a, const Image& b) {
    if (a.width != b.width || a.height != b.height) {
        throw Error(ErrorKind::Asset, "cannot compare pictures of {}x{} and {}x{}", a.width, a.height,
                    b.width, b.height);
    }
}

/// Share of the pixels of `a` that lie outside the 3x3 neighbourhood of `b`, widened by 4.
double shareOutside(const Image& a, const Image& b) {
    std::size_t outside = 0;
    for (int y = 0; y < a.height; ++y) {
        for (int x = 0; x < a.width; ++x) {
            bool inside = true;
            for (int channel = 0; channel < 3 && inside; ++channel) {
                int low = 255, high = 0;
                for (int dy = -1; dy <= 1; ++dy) {
                    for (int dx = -1; dx <= 1; ++dx) {
                        const int value = b.pixel(std::clamp(x + dx, 0, b.width - 1),
                                                  std::clamp(y + dy, 0, b.height - 1))[channel];
                        low = std::min(low, value);
                        high = std::max(high, value);
                    }
                }
                const int value = a.pixel(x, y)[channel];
                inside = value >= low - 4 && value <= high + 4;
            }
            if (!inside) ++outside;
        }
    }
    const double pixels = static_cast<double>(a.width) * a.height;
    return pixels > 0 ? static_cast<double>(outside) / pixels : 0.0;
}

} // namespace

void writePng(const std::filesystem::path& path, const Image& image) {
    std::ofstream file(path, std::ios::binary);
    if (!file)
        throw Error(ErrorKind::Usage,
                    "cannot write picture {}: check that the folder exists and may be written",
                    path.string());
    auto write = [](void* context, void* data, int size) {
        static_cast<std::ofstream*>(context)->write(static_cast<const char*>(data), size);
    };
    stbi_write_png_to_func(write, &file, image.width, image.height, 4, image.rgba.data(), image.width * 4);
    file.flush();
    if (!file) throw Error(ErrorKind::Usage, "writing picture {} failed: is the disk full?", path.string());
}

Image readPng(const std::filesystem::path& path) {
    int width = 0, height = 0, channels = 0;
    stbi_uc* data = stbi_load(path.string().c_str(), &width, &height, &channels, 4);
    if (!data)
        throw Error(ErrorKind::Asset, "cannot read picture {}: {}", path.string(), stbi_failure_reason());
    Image image{width, height, {}};
    image.rgba.assign(data, data + static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    stbi_image_free(data);
    return image;
}

ImageDifference compareImages(const Image& actual, const Image& expected) {
    requireSameSize(actual, expected);
    ImageDifference result;
    double sum = 0;
    for (std::size_t i = 0; i < actual.rgba.size(); ++i) {
        const int difference = std::abs(int{actual.rgba[i]} - int{expected.rgba[i]});
        result.maximum = std::max(result.maximum, difference);
        sum += static_cast<double>(difference) * difference;
    }
    if (!actual.rgba.empty()) result.meanSquare = sum / static_cast<double>(actual.rgba.size());
    result.outsideShare = std::max(shareOutside(actual, expected), shareOutside(expected, actual));
    return result;
}

Image differenceHeatMap(const Image& actual, const Image& expected) {
    requireSameSize(actual, expected);
    Image map{actual.width, actual.height, std::vector<std::uint8_t>(actual.rgba.size(), 255)};
    for (int y = 0; y < actual.height; ++y) {
        for (int x = 0; x < actual.width; ++x) {
            int worst = 0;
            for (int channel = 0; channel < 3; ++channel) {
                worst = std::max(
                    worst, std::abs(int{actual.pixel(x, y)[channel]} - int{expected.pixel(x, y)[channel]}));
            }
            std::uint8_t* out = map.pixel(x, y);
            out[0] = static_cast<std::uint8_t>(std::min(255, worst * 8));
            out[1] = static_cast<std::uint8_t>(std::clamp(worst * 4 - 64, 0, 255));
            out[2] = static_cast<std::uint8_t>(std::clamp(worst * 2 - 128, 0, 255));
        }
    }
    return map;
}

} // namespace pump::core
