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

std::vector<Solid> buildSolids(const LegTables& tables, unsigned threads) {
    std::vector<Solid> solids(tables.solids.size());
    parallelFor(solids.size(), threads, [&](std::size_t i) {
        const SolidRow& row = tables.solids[i];
        const Sections& sections = tables.sections.at(row.sections);
        const Sections::Bounds box = sections.bounds();
        const glm::vec3 margin(3.0f * row.spacing + std::max(row.grow, 0.0f));
        glm::vec3 high = box.high + margin;
        high.z = std::min(high.z, kLimbTop + 2.0f * row.spacing);
        if (box.low.z >= kLimbTop) return; // wholly above the cut
        solids[i].row = &row;
        solids[i].sections = &sections;
        solids[i].field = makeField(box.low - margin, high, row.spacing, [&](const glm::vec3& p) {
            return std::max(sections.distance(p) - row.grow, p.z - kLimbTop);
        });
    });
    std::erase_if(solids, [](const Solid& solid) { return solid.row == nullptr; });
    return solids;
}

const Solid* findSolid(const std::vector<Solid>& solids, std::string_view id) {
    const auto found =
        std::find_if(solids.begin(), solids.end(), [&](const Solid& solid) { return solid.row->id == id; });
    return found == solids.end() ? nullptr : &*found;
}

} // namespace pump::builder
