#include "builder/Field.h"

#include <algorithm>
#include <cmath>

namespace pump::builder {

bool Field::contains(const glm::vec3& p) const {
    const glm::vec3 high = position(size.x - 1, size.y - 1, size.z - 1);
    return glm::all(glm::greaterThanEqual(p, origin)) && glm::all(glm::lessThanEqual(p, high));
}

float Field::sample(const glm::vec3& p) const {
    const glm::vec3 high = position(size.x - 1, size.y - 1, size.z - 1);
    const glm::vec3 inside = glm::clamp(p, origin, high);
    const glm::vec3 cell = (inside - origin) / spacing;
    const glm::ivec3 low = glm::clamp(glm::ivec3(cell), glm::ivec3(0), size - 2);
    const glm::vec3 f = cell - glm::vec3(low);
    const std::size_t base = index(low.x, low.y, low.z);
    const std::size_t dy = static_cast<std::size_t>(size.x);
    const std::size_t dz = dy * static_cast<std::size_t>(size.y);
    const auto row = [&](std::size_t at) { return values[at] + (values[at + 1] - values[at]) * f.x; };
    const float near = row(base) + (row(base + dy) - row(base)) * f.y;
    const float far = row(base + dz) + (row(base + dz + dy) - row(base + dz)) * f.y;
    const float value = near + (far - near) * f.z;
    return inside == p ? value : std::max(value, 0.0f) + glm::distance(inside, p);
}

glm::vec3 Field::gradient(const glm::vec3& p) const {
    const float e = 0.5f * spacing;
    const glm::vec3 slope(sample(p + glm::vec3(e, 0, 0)) - sample(p - glm::vec3(e, 0, 0)),
                          sample(p + glm::vec3(0, e, 0)) - sample(p - glm::vec3(0, e, 0)),
                          sample(p + glm::vec3(0, 0, e)) - sample(p - glm::vec3(0, 0, e)));
    const float length = glm::length(slope);
    return length > 1e-6f ? slope / length : glm::vec3(0, 0, 1);
}

Field makeField(const glm::vec3& low, const glm::vec3& high, float spacing,
                const std::function<float(const glm::vec3&)>& distance) {
    Field field;
    field.spacing = spacing;
    field.origin = glm::floor(low / spacing) * spacing;
    field.size = glm::ivec3(glm::ceil((high - field.origin) / spacing)) + 1;
    field.values.resize(static_cast<std::size_t>(field.size.x) * static_cast<std::size_t>(field.size.y) *
                        static_cast<std::size_t>(field.size.z));
    mapField(field, [&](const glm::vec3& p, float) { return distance(p); });
    return field;
}

void mapField(Field& field, const std::function<float(const glm::vec3&, float)>& change) {
    std::size_t at = 0;
    for (int z = 0; z < field.size.z; ++z)
        for (int y = 0; y < field.size.y; ++y)
            for (int x = 0; x < field.size.x; ++x, ++at)
                field.values[at] = change(field.position(x, y, z), field.values[at]);
}

void smoothField(Field& field, int passes) {
    const auto sweep = [&](std::size_t count, std::size_t stride, std::size_t start) {
        float before = field.values[start];
        for (std::size_t i = 1; i + 1 < count; ++i) {
            float& here = field.values[start + i * stride];
            const float now = here;
            here = 0.25f * (before + 2.0f * now + field.values[start + (i + 1) * stride]);
            before = now;
        }
    };
    const auto nx = static_cast<std::size_t>(field.size.x), ny = static_cast<std::size_t>(field.size.y),
               nz = static_cast<std::size_t>(field.size.z);
    for (int pass = 0; pass < passes; ++pass) {
        for (std::size_t i = 0; i < ny * nz; ++i) sweep(nx, 1, i * nx);
        for (std::size_t z = 0; z < nz; ++z)
            for (std::size_t x = 0; x < nx; ++x) sweep(ny, nx, z * nx * ny + x);
        for (std::size_t i = 0; i < nx * ny; ++i) sweep(nz, nx * ny, i);
    }
}

float smoothUnion(float a, float b, float width) {
    const float h = std::max(width - std::abs(a - b), 0.0f) / width;
    return std::min(a, b) - 0.25f * h * h * width;
}

double fieldVolume(const Field& field) {
    double cells = 0;
    for (const float value : field.values)
        cells += std::clamp(0.5 - static_cast<double>(value / field.spacing), 0.0, 1.0);
    const double h = static_cast<double>(field.spacing);
    return cells * h * h * h;
}

} // namespace pump::builder
