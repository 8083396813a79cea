#include "builder/Aponeurosis.h"

#include <algorithm>
#include <cmath>

namespace pump::builder {
namespace {

constexpr float kGap = 0.25f;   ///< mm between the sheet and the flesh under it
constexpr float kBlend = 5.0f;  ///< mm: width of the valley between sheet and cord
constexpr float kLeast = -0.3f; ///< cosine between the surface's normal and the side that the sheet covers
constexpr float kReach = 25.0f; ///< mm: farther than this from the outline nothing changes

/// Signed distance to a polygon in the plane of x and z, negative inside.
float outlineDistance(const std::vector<glm::vec2>& outline, const glm::vec2& p) {
    float nearest = 1e9f;
    bool inside = false;
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const glm::vec2 a = outline[i], edge = outline[(i + 1) % outline.size()] - a;
        const float t = std::clamp(glm::dot(p - a, edge) / std::max(glm::dot(edge, edge), 1e-9f), 0.0f, 1.0f);
        nearest = std::min(nearest, glm::distance(p, a + t * edge));
        const glm::vec2 b = a + edge;
        if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + edge.x * (p.y - a.y) / edge.y) inside = !inside;
    }
    return inside ? -nearest : nearest;
}

} // namespace

float sheetDistance(const Aponeurosis& sheet, const Field& surface, const glm::vec3& p) {
    const float beside = outlineDistance(sheet.outline, {p.x, p.z});
    if (beside > kReach) return beside;
    const float d = surface.sample(p);
    const float shell = std::max(d, -d - sheet.thickness);
    if (shell > kBlend) return std::max(shell, beside);
    const float turned = (kLeast - glm::dot(surface.gradient(p), sheet.facing)) * 4.0f;
    return std::max({shell, beside, turned});
}

void spreadAponeuroses(std::vector<Solid>& solids) {
    for (Solid& tendon : solids) {
        if (!tendon.row->aponeurosis) continue;
        const Aponeurosis& sheet = *tendon.row->aponeurosis;
        const auto muscle = std::find_if(solids.begin(), solids.end(),
                                         [&](const Solid& solid) { return solid.row->id == sheet.of; });
        const Field cord = tendon.field;
        glm::vec3 low = cord.origin, high = cord.position(cord.size.x - 1, cord.size.y - 1, cord.size.z - 1);
        const Field& flesh = muscle->field;
        for (const glm::vec2& corner : sheet.outline) {
            const glm::vec2 reach(3 * cord.spacing);
            low.x = std::min(low.x, corner.x - reach.x), low.z = std::min(low.z, corner.y - reach.y);
            high.x = std::max(high.x, corner.x + reach.x), high.z = std::max(high.z, corner.y + reach.y);
        }
        low.y = std::min(low.y, flesh.origin.y);
        high.y = std::max(high.y, flesh.position(0, flesh.size.y - 1, 0).y);
        tendon.field = makeField(low, high, cord.spacing, [&](const glm::vec3& p) {
            return smoothUnion(cord.sample(p), sheetDistance(sheet, flesh, p), kBlend);
        });
        // Neighbours keep what is theirs: the valley is filled only where nothing else lies.
        for (const Solid& other : solids)
            if (&other != &tendon && &other != &*muscle)
                mapField(tendon.field, [&](const glm::vec3& p, float d) {
                    return d < 2.0f && other.field.contains(p) ? std::max(d, kGap - other.field.sample(p))
                                                               : d;
                });
        mapField(muscle->field,
                 [&](const glm::vec3& p, float d) { return std::max(d, kGap - tendon.field.sample(p)); });
    }
}

} // namespace pump::builder
