#include "builder/Aponeurosis.h"

#include <algorithm>
#include <cmath>

namespace pump::builder {
namespace {

constexpr float kGap = 0.25f;   ///< mm between the sheet and the flesh under it
constexpr float kBlend = 5.0f;  ///< mm: width of the valley between sheet and cord
constexpr float kLeast = -0.3f; ///< cosine between the surface's normal and the side that the sheet covers
constexpr float kReach = 25.0f; ///< mm: farther than this from the outline nothing changes
constexpr float kOver = 12.0f;  ///< mm over the cord where none of its muscle lies
constexpr float kRim = 1.4f, kRise = 0.22f; ///< of a muscle that joins it: mm thick at its end, and more a mm
constexpr float kRunOut = 24.0f;            ///< mm: length of that
constexpr float kFillet = 5.0f, kFilled = 10.0f; ///< mm: width of the valley below the end, less further up

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

/// Lowest and highest z of the outline.
glm::vec2 outlineSpan(const Aponeurosis& sheet) {
    glm::vec2 span(1e9f, -1e9f);
    for (const glm::vec2& corner : sheet.outline)
        span = {std::min(span.x, corner.y), std::max(span.y, corner.y)};
    return span;
}

float thicknessAt(const Aponeurosis& sheet, float z) {
    const glm::vec2 span = outlineSpan(sheet);
    const float share = std::clamp((z - span.x) / std::max(span.y - span.x, 1e-3f), 0.0f, 1.0f);
    return std::lerp(sheet.thickness.x, sheet.thickness.y, share);
}

float lowestInside(const Field& field) {
    const std::size_t slice = static_cast<std::size_t>(field.size.x) * static_cast<std::size_t>(field.size.y);
    for (int z = 0; z < field.size.z; ++z) {
        const auto first =
            field.values.begin() + static_cast<std::ptrdiff_t>(slice * static_cast<std::size_t>(z));
        if (std::any_of(first, first + static_cast<std::ptrdiff_t>(slice), [](float d) { return d < 0; }))
            return field.position(0, 0, z).z;
    }
    return field.position(0, 0, field.size.z - 1).z;
}

/// Thins the lower end of a muscle out toward the tendon, and fills the valley between the two.
void runOut(Field& muscle, Field& tendon) {
    const float end = lowestInside(muscle);
    mapField(muscle, [&](const glm::vec3& p, float d) {
        const float up = p.z - end;
        return d < 2 && up < kRunOut ? std::max(d, tendon.sample(p) - kRim - kRise * std::max(up, 0.0f)) : d;
    });
    Field even = muscle; // what is thin is ragged on its grid
    smoothField(even, 2);
    std::size_t at = 0;
    mapField(muscle, [&](const glm::vec3& p, float d) {
        const float share = std::clamp((end + kRunOut - p.z) / (0.5f * kRunOut), 0.0f, 1.0f);
        return std::lerp(d, even.values[at++], share);
    });
    mapField(tendon, [&](const glm::vec3& p, float d) {
        const float width = kFillet * std::clamp(1 - (p.z - end) / kFilled, 0.0f, 1.0f);
        if (d > width || width < 0.1f || !muscle.contains(p)) return d;
        const float theirs = muscle.sample(p);
        return std::max(smoothUnion(d, theirs, width), kGap - theirs);
    });
}

/// Fills hollows of the sheet as far as nothing else lies in them.
void fillHollows(Solid& tendon, const std::vector<Solid>& solids) {
    constexpr int kPasses = 24;
    Field even = tendon.field;
    smoothField(even, kPasses);
    const float low = outlineSpan(*tendon.row->aponeurosis).x;
    std::size_t at = 0;
    mapField(tendon.field, [&](const glm::vec3& p, float d) {
        float filled = even.values[at++];
        if (p.z < low || filled >= d || filled > 2.0f) return d;
        for (const Solid& other : solids)
            if (&other != &tendon && other.field.contains(p))
                filled = std::max(filled, kGap - other.field.sample(p));
        return std::min(d, filled);
    });
}

} // namespace

float sheetDistance(const Aponeurosis& sheet, const Field& surface, const glm::vec3& p) {
    const float beside = outlineDistance(sheet.outline, {p.x, p.z});
    if (beside > kReach) return beside;
    const float d = surface.sample(p);
    const float shell = std::max(d, -d - thicknessAt(sheet, p.z));
    if (shell > kBlend) return std::max(shell, beside);
    const float turned = (kLeast - glm::dot(surface.gradient(p), sheet.facing)) * 4.0f;
    return std::max({shell, beside, turned});
}

float coveredDistance(const Aponeurosis& sheet, const Field& cord, const glm::vec3& p) {
    float nearest = 1e9f;
    for (float over = 1; over <= kOver; over += 1) {
        const glm::vec3 under = p - over * sheet.facing;
        if (cord.contains(under)) nearest = std::min(nearest, cord.sample(under));
    }
    return nearest;
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
        for (Solid& other : solids)
            if (std::find(sheet.joinedBy.begin(), sheet.joinedBy.end(), other.row->id) !=
                sheet.joinedBy.end())
                runOut(other.field, tendon.field);
        fillHollows(tendon, solids);
    }
}

} // namespace pump::builder
