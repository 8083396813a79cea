#include "builder/Preview.h"

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

bool drawn(const PreviewDesc& desc, const anatomy::Structure& structure) {
    using anatomy::Layer;
    if (named(desc.hide, structure)) return false;
    if (!desc.only.empty()) return named(desc.only, structure);
    return structure.layer != Layer::Skin && structure.layer != Layer::Fat &&
           structure.layer != Layer::Fascia && structure.layer != Layer::Lymph;
}

glm::vec3 colourOf(const anatomy::Structure& structure, float tendon) {
    using anatomy::Tissue;
    const glm::vec3 pale(0.93f, 0.88f, 0.78f);
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
};

void fillTriangle(Canvas& canvas, const std::array<Corner, 3>& k, const View& view,
                  const anatomy::Structure& structure) {
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
            canvas.colour[at] = colourOf(structure, tendon) * (lit * rim);
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

core::Image previewLeg(const anatomy::LegModel& leg, const PreviewDesc& desc) {
    const View view = viewOf(desc.view);
    glm::vec2 low(1e9f), high(-1e9f);
    const bool upright = view.up.z > 0.5f;
    for (const anatomy::Structure& structure : leg.structures) {
        if (!drawn(desc, structure)) continue;
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
        if (!drawn(desc, structure)) continue;
        for (std::uint32_t i = 0; i < structure.indexCount; i += 3) {
            std::array<Corner, 3> corners;
            bool inside = true;
            for (std::uint32_t k = 0; k < 3; ++k) {
                const anatomy::Vertex& vertex = leg.vertices[leg.indices[structure.firstIndex + i + k]];
                const glm::vec3& p = vertex.position;
                inside = inside && p.z <= desc.high && p.z >= desc.low;
                corners[k] = {{(glm::dot(p, view.right) - low.x) * scale,
                               (high.y - glm::dot(p, view.up)) * scale, glm::dot(p, view.toward)},
                              vertex.normal,
                              structure.tissue == anatomy::Tissue::Muscle ? vertex.tissue[1] : 0.0f};
            }
            if (inside) fillTriangle(canvas, corners, view, structure);
        }
    }
    return reduce(canvas);
}

} // namespace pump::builder
