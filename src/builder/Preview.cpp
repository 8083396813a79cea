#include "builder/Preview.h"

#include "builder/Slices.h"
#include "core/Error.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pump::builder {
namespace {

constexpr int kSamples = 2; ///< along each side of a pixel

struct View {
    glm::vec3 right, up, toward; ///< toward the viewer
};

View viewOf(const std::string& name) {
    if (name == "anterior") return {{-1, 0, 0}, {0, 0, 1}, {0, 1, 0}};
    if (name == "posterior") return {{1, 0, 0}, {0, 0, 1}, {0, -1, 0}};
    if (name == "lateral") return {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}};
    if (name == "medial") return {{0, -1, 0}, {0, 0, 1}, {-1, 0, 0}};
    if (name == "above") return {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    if (name == "below") return {{-1, 0, 0}, {0, 1, 0}, {0, 0, -1}};
    throw core::Error(core::ErrorKind::Usage,
                      "view '{}' is unknown; use anterior, posterior, medial, lateral, above or below", name);
}

bool named(const std::vector<std::string>& list, const anatomy::Structure& structure) {
    return std::any_of(list.begin(), list.end(), [&](const std::string& entry) {
        return entry == structure.id || entry == anatomy::layerId(structure.layer) ||
               entry == anatomy::tissueId(structure.tissue) || structure.id.rfind(entry + "-", 0) == 0;
    });
}

glm::vec3 colourOf(const anatomy::Structure& structure, float tendon,
                   const std::map<std::string, glm::vec3>& colours) {
    using anatomy::Tissue;
    const glm::vec3 pale(0.93f, 0.88f, 0.78f);
    if (const auto own = colours.find(structure.id); own != colours.end())
        return glm::mix(own->second, pale, tendon);
    switch (structure.tissue) {
    case Tissue::Bone:
        return {0.90f, 0.86f, 0.74f};
    case Tissue::Cartilage:
        return {0.75f, 0.85f, 0.90f};
    case Tissue::Tendon:
        return pale;
    case Tissue::Vein:
        return {0.22f, 0.33f, 0.72f};
    case Tissue::Artery:
        return {0.80f, 0.13f, 0.12f};
    case Tissue::Nerve:
        return {0.93f, 0.82f, 0.30f};
    case Tissue::Fascia:
        return {0.85f, 0.85f, 0.82f};
    case Tissue::Fat:
        return {0.95f, 0.82f, 0.45f};
    case Tissue::Skin:
        return {0.85f, 0.64f, 0.53f};
    case Tissue::Lymph:
        return {0.45f, 0.70f, 0.45f};
    case Tissue::Valve:
        return {0.95f, 0.75f, 0.90f};
    case Tissue::Muscle:
        break;
    }
    std::uint32_t hash = 2166136261u; // a tint of its own for each muscle
    for (const char c : structure.id) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619u;
    const float tint = static_cast<float>(hash >> 8 & 0xff) / 255.0f - 0.5f;
    const glm::vec3 belly(0.74f + 0.12f * tint, 0.30f + 0.10f * tint, 0.27f - 0.12f * tint);
    return glm::mix(belly, pale, tendon);
}

struct Canvas {
    int width, height;
    std::vector<float> depth;
    std::vector<glm::vec3> colour;
};

struct Corner {
    glm::vec3 screen; ///< x, y in samples, z toward the viewer
    glm::vec3 normal;
    float tendon;
    float height; ///< z in the leg, mm
};

void fillTriangle(Canvas& canvas, const std::array<Corner, 3>& k, const View& view,
                  const anatomy::Structure& structure, const PreviewDesc& desc) {
    const glm::vec2 a(k[0].screen), b(k[1].screen), c(k[2].screen);
    const float area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    if (std::abs(area) < 1e-9f) return;
    const int x0 = std::max(0, static_cast<int>(std::floor(std::min({a.x, b.x, c.x}))));
    const int x1 = std::min(canvas.width - 1, static_cast<int>(std::ceil(std::max({a.x, b.x, c.x}))));
    const int y0 = std::max(0, static_cast<int>(std::floor(std::min({a.y, b.y, c.y}))));
    const int y1 = std::min(canvas.height - 1, static_cast<int>(std::ceil(std::max({a.y, b.y, c.y}))));
    const glm::vec3 light = glm::normalize(view.toward + 0.5f * view.up - 0.4f * view.right);
    for (int y = y0; y <= y1; ++y)
        for (int x = x0; x <= x1; ++x) {
            const glm::vec2 p(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f);
            const float wb = ((p.x - a.x) * (c.y - a.y) - (p.y - a.y) * (c.x - a.x)) / area;
            const float wc = ((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)) / area;
            const float wa = 1.0f - wb - wc;
            if (wa < 0 || wb < 0 || wc < 0) continue;
            const float height = wa * k[0].height + wb * k[1].height + wc * k[2].height;
            if (height < desc.low || height > desc.high) continue;
            const float z = wa * k[0].screen.z + wb * k[1].screen.z + wc * k[2].screen.z;
            const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(canvas.width) +
                            static_cast<std::size_t>(x);
            if (z <= canvas.depth[at]) continue;
            canvas.depth[at] = z;
            glm::vec3 n = wa * k[0].normal + wb * k[1].normal + wc * k[2].normal;
            n = glm::length(n) > 1e-6f ? glm::normalize(n) : view.toward;
            const float tendon = wa * k[0].tendon + wb * k[1].tendon + wc * k[2].tendon;
            const float lit = 0.35f + 0.65f * std::max(glm::dot(n, light), 0.0f);
            const float rim = 0.75f + 0.25f * std::abs(glm::dot(n, view.toward));
            canvas.colour[at] = colourOf(structure, tendon, desc.colours) * (lit * rim);
        }
}

core::Image reduce(const Canvas& canvas) {
    core::Image image;
    image.width = canvas.width / kSamples;
    image.height = canvas.height / kSamples;
    image.rgba.resize(static_cast<std::size_t>(image.width * image.height) * 4);
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x) {
            glm::vec3 sum(0);
            for (int s = 0; s < kSamples * kSamples; ++s)
                sum += canvas.colour[static_cast<std::size_t>(y * kSamples + s / kSamples) *
                                         static_cast<std::size_t>(canvas.width) +
                                     static_cast<std::size_t>(x * kSamples + s % kSamples)];
            const glm::vec3 mean = glm::clamp(sum / static_cast<float>(kSamples * kSamples), 0.0f, 1.0f);
            std::uint8_t* pixel = image.pixel(x, y);
            for (int c = 0; c < 3; ++c) pixel[c] = static_cast<std::uint8_t>(std::lround(mean[c] * 255.0f));
            pixel[3] = 255;
        }
    return image;
}

} // namespace

bool isShown(const PreviewDesc& desc, const anatomy::Structure& structure) {
    using anatomy::Layer;
    if (named(desc.hide, structure)) return false;
    if (!desc.only.empty()) return named(desc.only, structure);
    return structure.layer != Layer::Skin && structure.layer != Layer::Fat &&
           structure.layer != Layer::Fascia && structure.layer != Layer::Lymph;
}

core::Image previewLeg(const anatomy::LegModel& leg, const PreviewDesc& desc) {
    const View view = viewOf(desc.view);
    glm::vec2 low(1e9f), high(-1e9f);
    const bool upright = view.up.z > 0.5f;
    for (const anatomy::Structure& structure : leg.structures) {
        if (!isShown(desc, structure)) continue;
        for (std::uint32_t v = 0; v < structure.vertexCount; ++v) {
            const glm::vec3& p = leg.vertices[structure.firstVertex + v].position;
            if (p.z < desc.low || p.z > desc.high) continue;
            const glm::vec2 at(glm::dot(p, view.right), glm::dot(p, view.up));
            low = glm::min(low, at);
            high = glm::max(high, at);
        }
    }
    if (low.x > high.x) low = glm::vec2(-50), high = glm::vec2(50);
    low -= 6.0f;
    high += 6.0f;
    if (upright) low.y = std::max(low.y, desc.low), high.y = std::min(high.y, desc.high + 6.0f);
    const float scale = desc.pixelsPerMm * kSamples;
    Canvas canvas;
    canvas.width = std::clamp(static_cast<int>((high.x - low.x) * desc.pixelsPerMm), 16, 4000) * kSamples;
    canvas.height = std::clamp(static_cast<int>((high.y - low.y) * desc.pixelsPerMm), 16, 4000) * kSamples;
    const auto count = static_cast<std::size_t>(canvas.width) * static_cast<std::size_t>(canvas.height);
    canvas.depth.assign(count, -std::numeric_limits<float>::max());
    canvas.colour.assign(count, glm::vec3(0.96f));
    for (const anatomy::Structure& structure : leg.structures) {
        if (!isShown(desc, structure)) continue;
        for (std::uint32_t i = 0; i < structure.indexCount; i += 3) {
            std::array<Corner, 3> corners;
            for (std::uint32_t k = 0; k < 3; ++k) {
                const anatomy::Vertex& vertex = leg.vertices[leg.indices[structure.firstIndex + i + k]];
                const glm::vec3& p = vertex.position;
                corners[k] = {{(glm::dot(p, view.right) - low.x) * scale,
                               (high.y - glm::dot(p, view.up)) * scale, glm::dot(p, view.toward)},
                              vertex.normal,
                              structure.tissue == anatomy::Tissue::Muscle ? vertex.tissue[1] : 0.0f,
                              p.z};
            }
            fillTriangle(canvas, corners, view, structure, desc);
        }
    }
    return reduce(canvas);
}

core::Image previewSection(const anatomy::LegModel& leg, const PreviewDesc& desc, float z) {
    struct Filled {
        const anatomy::Structure* structure;
        std::vector<Segment> outline;
    };
    const auto depth = [](const anatomy::Structure& structure) { // what is drawn first lies underneath
        switch (structure.tissue) {
        case anatomy::Tissue::Skin:
            return 0;
        case anatomy::Tissue::Fat:
            return 1;
        case anatomy::Tissue::Fascia:
            return 2;
        case anatomy::Tissue::Muscle:
            return 3;
        case anatomy::Tissue::Bone:
        case anatomy::Tissue::Tendon:
            return 4;
        default:
            return 5;
        }
    };
    std::vector<Filled> filled;
    glm::vec2 low(1e9f), high(-1e9f);
    for (const anatomy::Structure& structure : leg.structures) {
        if (structure.boundsLow.z > z || structure.boundsHigh.z < z) continue;
        if (desc.only.empty() ? named(desc.hide, structure) : !isShown(desc, structure)) continue;
        filled.push_back({&structure, slice(leg, structure, z)});
        for (const Segment& segment : filled.back().outline) {
            low = glm::min(low, segment.from);
            high = glm::max(high, segment.from);
        }
    }
    if (low.x > high.x) low = glm::vec2(-50), high = glm::vec2(50);
    low -= 4.0f;
    high += 4.0f;
    std::stable_sort(filled.begin(), filled.end(), [&](const Filled& a, const Filled& b) {
        return depth(*a.structure) < depth(*b.structure);
    });
    const float scale = desc.pixelsPerMm * kSamples;
    Canvas canvas;
    canvas.width = std::clamp(static_cast<int>((high.x - low.x) * desc.pixelsPerMm), 16, 4000) * kSamples;
    canvas.height = std::clamp(static_cast<int>((high.y - low.y) * desc.pixelsPerMm), 16, 4000) * kSamples;
    canvas.colour.assign(static_cast<std::size_t>(canvas.width) * static_cast<std::size_t>(canvas.height),
                         glm::vec3(0.96f));
    for (const Filled& part : filled) {
        const glm::vec3 colour = colourOf(*part.structure, 0, desc.colours);
        for (int row = 0; row < canvas.height; ++row) {
            const float y = high.y - (static_cast<float>(row) + 0.5f) / scale;
            const std::vector<float> x = crossings(part.outline, y);
            for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
                const int from = std::max(0, static_cast<int>(std::lround((x[i] - low.x) * scale)));
                const int to =
                    std::min(canvas.width, static_cast<int>(std::lround((x[i + 1] - low.x) * scale)));
                for (int column = from; column < to; ++column) // a darker rim parts equal neighbours
                    canvas.colour[static_cast<std::size_t>(row) * static_cast<std::size_t>(canvas.width) +
                                  static_cast<std::size_t>(column)] =
                        colour * (column - from < 2 || to - column <= 2 ? 0.6f : 1.0f);
            }
        }
    }
    return reduce(canvas);
}

} // namespace pump::builder
