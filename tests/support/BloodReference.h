#pragma once

#include "core/HashRandom.h"
#include "render/BloodTables.h"

#include <algorithm>
#include <cmath>

namespace pump::test {

/// What shaders/blood_balance.comp and blood_advect.comp do, in plain C++, one cell after the other.
class BloodReference {
  public:
    BloodReference(const render::BloodTables& tables, std::uint32_t cells, std::uint32_t seed)
        : m_tables(tables),
          m_seed(seed),
          m_cells(tables.firstCells(cells, seed)),
          m_counts(tables.countCells(m_cells)),
          m_concentration(tables.concentration(cells)) {}

    const std::vector<shared::Cell>& cells() const { return m_cells; }
    const std::vector<std::uint32_t>& counts() const { return m_counts; }

    void step(float dt, float balanceTime) {
        balanceSites(dt, 1 - std::exp(-dt / balanceTime));
        for (m_id = 0; m_id < m_cells.size(); ++m_id) {
            m_draws = 0;
            m_atTent = false;
            shared::Cell& cell = m_cells[m_id];
            const std::size_t before = slot(cell);
            if (cell.vessel == shared::kNoIndex) {
                enter(cell);
            } else {
                move(cell, dt);
                if (cell.vessel != shared::kNoIndex) age(cell, dt);
            }
            const std::size_t after = slot(cell);
            if (before == after) continue;
            if (before != shared::kNoIndex) --m_newCounts[before];
            if (after != shared::kNoIndex) ++m_newCounts[after];
        }
        m_counts = m_newCounts;
        ++m_step;
    }

  private:
    using Cell = shared::Cell;
    using Vessel = shared::BloodVessel;

    float draw() { return core::hashUniform(m_seed, m_id, m_step * 256 + m_draws++); }
    float trait() const { return core::hashUniform(m_seed, m_id, 0xffffff00u); }
    std::size_t slot(const Cell& cell) const {
        if (cell.vessel == shared::kNoIndex) return m_tables.stretchCount();
        return cell.stretch == shared::kNoIndex ? shared::kNoIndex : cell.stretch;
    }

    void balanceSites(float dt, float share) {
        m_newCounts = m_counts;
        m_sites = m_tables.spawnSites(m_concentration, dt);
        m_chances.clear();
        m_goes.clear();
        float sum = 0;
        for (std::size_t i = 0; i < m_sites.size(); ++i) {
            float expected = m_sites[i].expect;
            if (i >= m_tables.ports()) {
                const auto count = static_cast<float>(m_counts[i - m_tables.ports()]);
                const float wanted = expected;
                const float supply = m_sites[i].supply;
                expected = std::max(supply, 0.0f) + std::max(0.0f, wanted * 0.92f - 1 - count) * share;
                const float excess = std::max(0.0f, count - wanted * 1.12f - 2) * share;
                m_goes.push_back((std::max(-supply, 0.0f) + excess) / std::max(count, 1.0f));
            }
            sum += expected;
            m_chances.push_back(sum);
        }
        const auto waiting = static_cast<float>(m_counts.back());
        m_expected = sum;
        m_spawnChance = waiting > 0 ? std::min(1.0f, sum / waiting) : 0;
    }

    static float profile(float radius) {
        return shared::kWallSpeed + 2 * (1 - shared::kWallSpeed) * (1 - radius * radius);
    }
    static float radiusInStream(float u) {
        const float a = 2 - shared::kWallSpeed, b = 1 - shared::kWallSpeed;
        const float root = std::sqrt(std::max(a * a - 4 * b * u, 0.0f));
        return std::sqrt(std::clamp((a - root) / (2 * b), 0.0f, 1.0f));
    }
    static std::uint32_t intervalOf(const Vessel& vessel, float arc) {
        return std::min(static_cast<std::uint32_t>(std::max(arc, 0.0f) / vessel.spacing),
                        vessel.pointCount - 2);
    }
    static void leave(Cell& cell) { cell.vessel = cell.stretch = shared::kNoIndex, cell.fade = 0; }

    void enter(Cell& cell) {
        if (!(draw() < m_spawnChance)) return;
        const float wanted = draw() * m_expected;
        const auto found = std::upper_bound(m_chances.begin(), m_chances.end() - 1, wanted);
        const auto index = static_cast<std::size_t>(found - m_chances.begin());
        const shared::SpawnSite& site = m_sites[index];
        const Vessel& vessel = m_tables.vessels()[site.vessel];
        const bool atStub = index < m_tables.ports();
        cell.vessel = site.vessel;
        for (int attempt = 0; attempt < 6; ++attempt) {
            const float place = draw();
            cell.arc = std::clamp(site.from * (1 - place) + site.to * place, shared::kNudgeMm,
                                  vessel.arcLength - shared::kNudgeMm);
            if (atStub) break;
            const std::uint32_t interval = vessel.firstPoint + intervalOf(vessel, cell.arc);
            const float share = m_tables.flows()[interval].radius / site.widest;
            if (draw() < share * share) break;
        }
        const float u = draw();
        cell.radius = atStub ? radiusInStream(u) : std::sqrt(u);
        cell.angle = draw() * 6.2831853f;
        const float along = cell.arc / vessel.arcLength;
        cell.oxygen = vessel.oxygenFrom * (1 - along) + vessel.oxygenTo * along + 0.06f * (draw() - 0.5f);
        cell.age = 0;
        cell.fade = atStub ? 1.0f : 0.0f;
        cell.stretch = m_tables.intervals()[vessel.firstPoint + intervalOf(vessel, cell.arc)].stretch;
    }

  public:
    static float tentAt(const shared::BloodValve& valve, const Cell& cell) {
        const float line = std::sin(cell.angle) * valve.cosAngle - std::cos(cell.angle) * valve.sinAngle;
        return valve.arc + valve.height * (1 - cell.radius * std::abs(line));
    }

  private:
    bool goOn(Cell& cell, const Vessel& vessel, bool atEnd) {
        const std::uint32_t first = atEnd ? vessel.endFirst : vessel.startFirst;
        const std::uint32_t count = atEnd ? vessel.endCount : vessel.startCount;
        if (count == 0) {
            leave(cell);
            return false;
        }
        const float u = draw();
        for (std::uint32_t k = first; k < first + count; ++k)
            if (u < m_tables.passages()[k].chance) {
                cell.vessel = m_tables.passages()[k].vessel;
                cell.arc = m_tables.passages()[k].arc;
                cell.angle = draw() * 6.2831853f;
                return true;
            }
        cell.arc = atEnd ? vessel.arcLength - shared::kNudgeMm : shared::kNudgeMm;
        return false;
    }

    /// A side branch between the cell and `to`, if the cell takes one: then time and place are set.
    bool branch(Cell& cell, const shared::IntervalInfo& info, float to, float used, float& time) {
        const bool rising = to > cell.arc;
        for (std::uint32_t k = 0; k < info.passageCount; ++k) {
            const std::uint32_t p = info.passageFirst + (rising ? k : info.passageCount - 1 - k);
            const shared::Passage& side = m_tables.passages()[p];
            const bool passed =
                rising ? side.at > cell.arc && side.at <= to : side.at < cell.arc && side.at >= to;
            if (!passed || !(draw() < side.chance)) continue;
            time -= used * (side.at - cell.arc) / (to - cell.arc);
            cell.vessel = side.vessel;
            cell.arc = side.arc;
            cell.angle = draw() * 6.2831853f;
            return true;
        }
        return false;
    }

    void move(Cell& cell, float time) {
        const float factor = profile(cell.radius);
        const float queue = 2 * shared::kNudgeMm + shared::kQueueMm * trait();
        for (int hop = 0; hop < shared::kMaxHops && time > 0; ++hop) {
            const Vessel vessel = m_tables.vessels()[cell.vessel];
            const std::uint32_t i = intervalOf(vessel, cell.arc);
            const shared::IntervalFlow& flow = m_tables.flows()[vessel.firstPoint + i];
            const float low = static_cast<float>(i) * vessel.spacing, high = low + vessel.spacing;
            auto velocity = [&](float arc) {
                const float t = (arc - low) / vessel.spacing;
                return (flow.velocityLow * (1 - t) + flow.velocityHigh * t) * factor;
            };
            const float v = velocity(std::clamp(cell.arc + 0.5f * velocity(cell.arc) * time, low, high));
            if (std::abs(v) * time < 1e-5f) return;
            const bool rising = v > 0;
            float to = cell.arc + v * time;
            const float border = rising ? high : low;
            const bool crosses = rising ? to > border : to < border;
            const float used = crosses ? std::clamp((border - cell.arc) / v, 0.0f, time) : time;
            if (crosses) to = rising ? border + shared::kNudgeMm : border - shared::kNudgeMm;
            bool held = false;
            m_atTent = flow.barrier != shared::kNoIndex;
            if (m_atTent) {
                const float barrier = tentAt(m_tables.valves()[flow.barrier], cell);
                const float stop = rising ? barrier - queue : barrier + queue;
                held = rising == (cell.arc < barrier) && (rising ? to > stop : to < stop);
                if (held) to = rising ? std::max(cell.arc, stop) : std::min(cell.arc, stop);
            }
            if (branch(cell, m_tables.intervals()[vessel.firstPoint + i], to, used, time)) continue;
            cell.arc = to;
            if (held || !crosses) return;
            time -= used;
            if (rising ? i + 2 == vessel.pointCount : i == 0)
                if (!goOn(cell, vessel, rising)) return;
        }
    }

    void age(Cell& cell, float dt) {
        const Vessel& vessel = m_tables.vessels()[cell.vessel];
        cell.age += dt;
        if (!m_atTent) cell.angle += dt * 1.2f * (trait() - 0.5f);
        if (vessel.kind == shared::kKindArtery || vessel.kind == shared::kKindBed) {
            const float share = std::clamp(cell.arc / vessel.arcLength, 0.0f, 1.0f);
            cell.oxygen =
                vessel.oxygenFrom * (1 - share) + vessel.oxygenTo * share + 0.06f * (trait() - 0.5f);
        }
        const float change = dt / shared::kCellFadeS;
        if (cell.fade < 0) {
            cell.fade += change;
            if (cell.fade >= 0) leave(cell);
            return;
        }
        cell.fade = std::min(1.0f, cell.fade + change);
        cell.stretch = m_tables.intervals()[vessel.firstPoint + intervalOf(vessel, cell.arc)].stretch;
        const float goes = m_goes[cell.stretch];
        if (goes > 0 && draw() < goes) {
            cell.fade = -std::max(cell.fade, 0.01f);
            cell.stretch = shared::kNoIndex;
        }
    }

    const render::BloodTables& m_tables;
    bool m_atTent = false;
    std::uint32_t m_seed, m_step = 0, m_id = 0, m_draws = 0;
    std::vector<Cell> m_cells;
    std::vector<std::uint32_t> m_counts, m_newCounts;
    std::vector<shared::SpawnSite> m_sites;
    std::vector<float> m_chances, m_goes;
    float m_concentration, m_expected = 0, m_spawnChance = 0;
};

} // namespace pump::test
