#include "builder/Solids.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace pump::builder {

void parallelFor(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next{0};
    std::exception_ptr error;
    std::mutex errorMutex;
    const auto run = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            try {
                work(i);
            } catch (...) {
                const std::lock_guard lock(errorMutex);
                if (!error) error = std::current_exception();
            }
        }
    };
    std::vector<std::jthread> pool;
    for (unsigned i = 1; i < threads; ++i) pool.emplace_back(run);
    run();
    pool.clear();
    if (error) std::rethrow_exception(error);
}

namespace {

bool isBone(const Solid& solid) {
    return solid.row->tissue == anatomy::Tissue::Bone;
}

void makeMeasuredField(Solid& solid) {
    glm::vec3 low(1e9f), high(-1e9f);
    if (solid.sections) {
        const Sections::Bounds box = solid.sections->bounds();
        for (const Sections::Station& station : solid.sections->stations()) {
            const glm::vec3 p = solid.sections->toLeg({}, station.t);
            if (const float radius = solid.sections->radius(p); radius > solid.largestRadius) {
                solid.largestRadius = radius;
                solid.bellyHeight = p.z;
            }
        }
        low = box.low;
        high = box.high;
        if (solid.row->sectionsFrom) low.z = std::max(low.z, *solid.row->sectionsFrom - 6.0f);
    }
    for (const StrandShape& strand : solid.strands) {
        low = glm::min(low, strand.low());
        high = glm::max(high, strand.high());
    }
    const float spacing = solid.row->spacing;
    // Muscles that grow need room in their grid.
    const glm::vec3 margin(3.0f * spacing +
                           (isBone(solid) ? 0.0f : 4.0f + 6.0f * std::max(solid.row->volumeRatio - 1, 0.0f)));
    high += margin;
    high.z = std::min(high.z, solid.top() + 2.0f * spacing);
    solid.field =
        makeField(low - margin, high, spacing, [&](const glm::vec3& p) { return solid.measuredDistance(p); });
    solid.measured = fieldVolume(solid.field);
}

} // namespace

float Solid::top() const {
    return row->tissue == anatomy::Tissue::Bone ? 1e6f : kLimbTop;
}

float Solid::measuredDistance(const glm::vec3& p) const {
    float d = 1e9f;
    if (sections) {
        d = sections->distance(p);
        if (row->sectionsFrom) d = std::max(d, *row->sectionsFrom - p.z);
        if (row->sectionsTo) { // thins out below the end, so that no ledge shows where strands go on
            const float end = std::clamp((p.z - *row->sectionsTo) / 24.0f + 1.0f, 0.0f, 1.0f);
            d = std::max(d + 3.5f * end * end, p.z - *row->sectionsTo);
        }
        // Cords thinner than the grid would break into pieces.
        if (row->tissue != anatomy::Tissue::Bone)
            d -= std::max(0.0f, 0.9f * row->spacing - sections->radius(p));
    }
    d -= row->thicken;
    for (const StrandShape& strand : strands) d = smoothUnion(d, strand.distance(p), 1.5f);
    return std::max(d, p.z - top());
}

float Solid::slabAt(const glm::vec3& p) const {
    return (sections->along(p) - sections->low()) / kSlab;
}

float Solid::growthFade(const glm::vec3& p) const {
    return row->sectionsFrom ? std::clamp((p.z - *row->sectionsFrom) / 25.0f, 0.0f, 1.0f) : 1.0f;
}

glm::vec3 Solid::leverAt(const glm::vec3& p, float radius) const {
    const float stout = std::clamp((radius / largestRadius - 0.33f) / 0.2f, 0.0f, 1.0f);
    const float at = std::clamp(slabAt(p), 0.0f, static_cast<float>(growth.size() - 1) - 1e-3f);
    const auto low = static_cast<std::size_t>(at);
    const std::size_t high = std::min(low + 1, growth.size() - 1);
    const glm::vec3 middle = glm::mix(growth[low].middle, growth[high].middle, at - static_cast<float>(low));
    return stout * (p - middle);
}

float Solid::grownBy(float slab, float radius, const glm::vec3& lever) const {
    const float at = std::clamp(slab, 0.0f, static_cast<float>(growth.size() - 1) - 1e-3f);
    const auto low = static_cast<std::size_t>(at);
    const float t = at - static_cast<float>(low);
    const Growth &a = growth[low], &b = growth[std::min(low + 1, growth.size() - 1)];
    return std::lerp(a.share, b.share, t) * radius + glm::dot(glm::mix(a.tilt, b.tilt, t), lever);
}

float Solid::growthAt(const glm::vec3& p) const {
    if (!sections || growth.empty() || (row->sectionsFrom && p.z < *row->sectionsFrom)) return 0;
    const float radius = growthFade(p) * sections->radius(p);
    return grownBy(slabAt(p), radius, leverAt(p, radius));
}

float Solid::hold(const glm::vec3& p) const {
    constexpr float kTendonHold = 2.5f;
    if (!sections) return kTendonHold; // a cord
    if (p.z > bellyHeight) return 0;
    const float t = std::clamp((sections->radius(p) / largestRadius - 0.25f) / 0.3f, 0.0f, 1.0f);
    const bool cord = row->sectionsFrom && p.z < *row->sectionsFrom;
    return cord ? kTendonHold : kTendonHold * (1.0f - t);
}

float Solid::grownDistance(const glm::vec3& p, float measuredValue) const {
    if (growth.empty()) return measuredValue;
    return std::max(withinReach(measuredValue, measuredValue - growthAt(p)), p.z - top());
}

bool isFixed(const Solid& solid) {
    return solid.row->fixed || isBone(solid);
}

std::vector<Solid> measureSolids(const LegTables& tables, unsigned threads) {
    std::vector<Solid> solids(tables.solids.size());
    for (std::size_t i = 0; i < solids.size(); ++i) {
        solids[i].row = &tables.solids[i];
        if (!tables.solids[i].sections.empty())
            solids[i].sections = &tables.sections.at(tables.solids[i].sections);
    }
    std::erase_if(solids, [](const Solid& solid) {
        return solid.sections && solid.sections->bounds().low.z >= kLimbTop; // wholly above the cut
    });
    parallelFor(solids.size(), threads, [&](std::size_t i) {
        if (isBone(solids[i])) makeMeasuredField(solids[i]);
    });
    std::vector<const Field*> bones;
    for (const Solid& solid : solids)
        if (isBone(solid)) bones.push_back(&solid.field);
    parallelFor(solids.size(), threads, [&](std::size_t i) {
        if (isBone(solids[i])) return;
        for (const Strand& strand : solids[i].row->strands) solids[i].strands.emplace_back(strand, bones);
        makeMeasuredField(solids[i]);
    });
    return solids;
}

std::vector<Solid> buildSolids(const LegTables& tables, unsigned threads) {
    std::vector<Solid> solids = measureSolids(tables, threads);
    packSolids(solids, {}, threads);
    return solids;
}

const Solid* findSolid(const std::vector<Solid>& solids, std::string_view id) {
    const auto found =
        std::find_if(solids.begin(), solids.end(), [&](const Solid& solid) { return solid.row->id == id; });
    return found == solids.end() ? nullptr : &*found;
}

} // namespace pump::builder
