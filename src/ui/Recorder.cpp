#include "ui/Recorder.h"

#include <algorithm>

namespace pump::ui {
namespace {

constexpr std::size_t kQuantities = 3;
constexpr auto kFineCapacity = static_cast<std::size_t>(Recorder::kFineWindowS / Recorder::kFineSpacingS) + 1;
constexpr auto kCoarseCapacity =
    static_cast<std::size_t>(Recorder::kCoarseWindowS / Recorder::kCoarseSpacingS) + 1;

} // namespace

void Recorder::Ring::push(double timeS, const std::vector<float>& row, std::size_t capacity) {
    if (count < capacity) {
        times.push_back(timeS);
        values.insert(values.end(), row.begin(), row.end());
        ++count;
        return;
    }
    times[begin] = timeS;
    std::copy(row.begin(), row.end(), values.begin() + static_cast<std::ptrdiff_t>(begin * row.size()));
    begin = (begin + 1) % capacity;
}

double Recorder::Ring::last() const {
    return times[(begin + count - 1) % times.size()];
}

void Recorder::clear() {
    m_fine = m_coarse = Ring();
    m_sum.clear();
    m_summed = 0;
}

void Recorder::sample(const physiology::SimSnapshot& snapshot) {
    const double time = snapshot.timeS;
    if (snapshot.segments.size() != m_segments || (m_fine.count > 0 && time < m_fine.last())) clear();
    m_segments = snapshot.segments.size();
    if (m_fine.count > 0 && time - m_fine.last() < kFineSpacingS * 0.999) return;
    m_row.clear();
    for (const auto& segment : snapshot.segments) {
        m_row.push_back(static_cast<float>(segment.pressureMmHg));
        m_row.push_back(static_cast<float>(segment.flowOutMlS));
        m_row.push_back(static_cast<float>(segment.volumeMl));
    }
    m_fine.push(time, m_row, kFineCapacity);
    m_sum.resize(m_row.size(), 0);
    for (std::size_t i = 0; i < m_row.size(); ++i) m_sum[i] += static_cast<double>(m_row[i]);
    ++m_summed;
    if (m_coarse.count > 0 && time - m_coarse.last() < kCoarseSpacingS * 0.999) return;
    m_mean.resize(m_row.size());
    for (std::size_t i = 0; i < m_row.size(); ++i)
        m_mean[i] = static_cast<float>(m_sum[i] / static_cast<double>(m_summed));
    m_coarse.push(time, m_mean, kCoarseCapacity);
    std::fill(m_sum.begin(), m_sum.end(), 0.0);
    m_summed = 0;
}

Curve Recorder::course(std::size_t segment, PlotQuantity quantity, double spanS) const {
    Curve curve;
    const Ring& ring = spanS <= kFineWindowS ? m_fine : m_coarse;
    if (ring.count == 0 || segment >= m_segments) return curve;
    const double from = m_fine.last() - spanS - 1e-9;
    const std::size_t width = m_segments * kQuantities,
                      column = segment * kQuantities + static_cast<std::size_t>(quantity);
    for (std::size_t i = 0; i < ring.count; ++i) {
        const std::size_t at = (ring.begin + i) % ring.times.size();
        if (ring.times[at] < from) continue;
        curve.x.push_back(ring.times[at]);
        curve.y.push_back(static_cast<double>(ring.values[at * width + column]));
    }
    return curve;
}

} // namespace pump::ui
